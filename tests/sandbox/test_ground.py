"""Given ground in a real worker: stand-ins stand where they should, for as long as they should, and leave no trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, ProbeCall, Submission
from autograder.sandbox.worker.ground import given_ground
from tests.home.support import loaded_from
from tests.sandbox.conftest import job_for

WORK = """
import torch
def softmax(x):
    return x
def attention(x):
    x = x.clone().requires_grad_()
    softmax(x).square().sum().backward()
    return softmax(x.detach()) * 2
"""
PROBES = """
def attended(student, world):
    import torch
    return student.attention(torch.arange(3.0))
"""
STAND_IN = """
def _given(x):
    import torch
    return torch.softmax(x, -1)
attended.given = {"softmax": _given}
"""


def answers(
    sandbox: Sandbox, text: str, *grounds: bool, forbidden: tuple[str, ...] = (), **limits: float
) -> list[Answer]:
    job = job_for(PROBES, forbidden=forbidden, **limits)
    job = replace(job, source=PROBES + STAND_IN, calls=tuple(ProbeCall("attended", 1, stand_ins=g) for g in grounds))
    with sandbox.session(Submission.of_text("hw", "hw", text)) as session:
        return session.run(job)


def test_the_stand_in_is_used_on_given_ground_alone(sandbox: Sandbox) -> None:
    own, given, again = answers(sandbox, WORK, False, True, False)
    assert own.value.tolist() == [0, 2, 4] == again.value.tolist()
    assert abs(given.value.sum() - 2) < 1e-6


def test_what_a_stand_in_runs_is_not_recorded_against_the_student(sandbox: Sandbox) -> None:
    own, given = answers(sandbox, WORK, False, True, forbidden=("torch.softmax",))
    assert (own.evidence, given.evidence) == ((), ())
    alias = WORK.replace(
        "    return softmax(x.detach()) * 2",
        "    f = getattr(torch, 'soft' + 'max'[len(str(x)) * 0:])\n    return f(x.detach(), -1)",
    )
    seen = answers(sandbox, alias, False, True, forbidden=("torch.softmax",))
    assert all(any("aten._softmax ran" in line for line in answer.evidence) for answer in seen)


def test_a_loop_on_own_ground_leaves_given_ground_to_a_fresh_worker(sandbox: Sandbox) -> None:
    loop = WORK.replace("def softmax(x):\n    return x", "def softmax(x):\n    while True: pass")
    own, given = answers(sandbox, loop, False, True, seconds=1)
    assert (own.status, given.status) == ("timeout", "returned")


def test_a_name_that_the_student_never_wrote_is_there_on_given_ground(sandbox: Sandbox) -> None:
    missing = WORK.replace("def softmax(x):\n    return x\n", "")
    own, given = answers(sandbox, missing, False, True)
    assert (own.status, given.status) == ("error", "returned")


def test_a_notebooks_functions_find_the_stand_in_among_its_names() -> None:
    names: dict[str, Any] = {}
    exec("import math\ndef half(x):\n    return x\ndef quarter(x):\n    return half(half(x))\n", names)
    loaded = loaded_from(names)
    with given_ground(loaded.module, {"half": lambda x: x / 2}):
        assert loaded.module.quarter(8) == 2
    assert loaded.module.quarter(8) == names["quarter"](8) == 8


def test_a_notebook_that_lacks_the_function_is_left_as_it_was() -> None:
    names: dict[str, Any] = {}
    exec("def quarter(x):\n    return half(half(x))\n", names)
    loaded = loaded_from(names)
    with given_ground(loaded.module, {"half": lambda x: x / 2}):
        assert loaded.module.quarter(8) == 2
    assert "half" not in names


def test_a_library_keeps_its_own_functions() -> None:
    names: dict[str, Any] = {}
    exec("from torch.nn.functional import softmax, relu, gelu\nfrom torch.nn.functional import normalize\n", names)
    loaded = loaded_from(names)
    before = torch.nn.functional.softmax
    with given_ground(loaded.module, {"softmax": lambda x: 0}):
        assert torch.nn.functional.softmax is before
        assert loaded.module.softmax(1) == 0
