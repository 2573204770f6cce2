"""PyTorch is there where it is named, comes where it is wanted, and changes no answer."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.libraries import needs_torch
from autograder.sandbox.wire.messages import Submission
from autograder.sandbox.worker.operators import LATE
from tests.sandbox.conftest import job_for

PROBE = "def case(student, world):\n    return student.f(world.normal((3,)))\n"
LOADED = "import sys\ndef f(x):\n    return 'torch' in sys.modules\n"


def answer(sandbox: Sandbox, text: str, torch: bool, **options: object):  # type: ignore[no-untyped-def]
    with sandbox.session(Submission.of_text("hw.py", "hw", text), torch=torch) as session:
        (found,) = session.run(job_for(PROBE, **options))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("text", "support", "probes", "needed"),
    [
        ("import numpy", {}, PROBE, False),
        ("import torch", {}, PROBE, True),
        ("# no torch", {}, PROBE, True),
        (None, {}, PROBE, False),
        (None, {"course.py": b"import torch"}, PROBE, True),
        ("import numpy", {"course.py": b"from torch import nn"}, PROBE, True),
        ("import numpy", {}, "import torch\n" + PROBE, True),
    ],
)
def test_whoever_names_torch_needs_it(text: str | None, support: dict[str, bytes], probes: str, needed: bool) -> None:
    submission = None if text is None else Submission.of_text("hw.py", "hw", text)
    assert needs_torch(submission, support, probes) is needed


def test_it_is_loaded_only_where_it_was_asked_for(sandbox: Sandbox) -> None:
    assert [answer(sandbox, LOADED, torch).value for torch in (False, True)] == [False, True]
    assert len(sandbox.zygotes()) == 2


def test_the_same_work_gives_the_same_answer_with_and_without(sandbox: Sandbox) -> None:
    text = (
        "import random\nimport numpy as np\n"
        "def f(x):\n    return [np.linalg.norm(x), np.random.rand(), random.random(), list({'a', 'b'})]\n"
    )
    assert answer(sandbox, text, torch=False).payload == answer(sandbox, text, torch=True).payload


def test_a_name_put_together_at_run_time_still_works_and_leaves_evidence(sandbox: Sandbox) -> None:
    """Every layer is on; the import takes seconds, which is its author's own affair."""
    softmax = "getattr(t, 'soft' + 'max'[len('') :])"  # no reading of the text calls `len`
    get = "importlib.import_module('tor' + 'ch'[len('') :])"
    late = f"import importlib\ndef f(x):\n    t = {get}\n    return {softmax}(t.tensor(x), 0)\n"
    found = answer(sandbox, late, torch=False, forbidden=("torch.softmax",), seconds=60)
    assert (found.status, found.evidence[0]) == ("returned", LATE)
    early = f"import importlib\nt = {get}\ndef f(x):\n    return {softmax}(t.tensor(x), 0)\n"
    found = answer(sandbox, early, torch=False, forbidden=("torch.softmax",), load_seconds=60, seconds=60)
    assert (found.status, found.evidence[0]) == ("returned", "aten._softmax ran (torch.softmax is forbidden)")
    assert "hw.py, line 2" in found.evidence[1]
