"""A use of a forbidden name costs the cases whose calls reach it, and no other of the question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from tests.sandbox.conftest import job_for

WORK = """
import numpy as np
def helper(x):
    return np.tanh(x)
def f(x):
    return helper(x)
def g(x):
    return 2 * x
"""
OF_F = "def of_f(student, world):\n    return student.f(1.0)\n"
OF_G = "def of_g(student, world):\n    return student.g(1.0)\n"
OF_BOTH = "def of_both(student, world):\n    return student.g(1.0) + student.f(1.0)\n"


def answers(sandbox: Sandbox, text: str, *probes: str) -> dict[str, Answer]:
    job = job_for("\n".join(probes), forbidden=("numpy.tanh",))
    own = {call.case: probe for call, probe in zip(job.calls, probes, strict=True)}
    with sandbox.session(Submission.of_text("hw", "hw", text), torch=False) as session:
        return {answer.case: answer for answer in session.run(replace(job, own=own))}


@pytest.mark.parametrize("order", [(OF_F, OF_G, OF_BOTH), (OF_G, OF_F, OF_BOTH), (OF_BOTH, OF_F, OF_G)])
def test_the_cases_that_reach_it_lose_and_the_others_run(sandbox: Sandbox, order: tuple[str, ...]) -> None:
    found = answers(sandbox, WORK, *order)
    assert {case: a.status for case, a in found.items()} == {
        "of_f": "forbidden", "of_g": "returned", "of_both": "forbidden",
    }  # fmt: skip
    assert found["of_g"].value == 2
    assert "`numpy.tanh` may not be used in this question (hw.py, line 4" in found["of_f"].message
    assert [answer.case for answer in found.values()] == [p.split("(")[0].removeprefix("def ") for p in order]


def test_where_every_case_reaches_it_nothing_runs(sandbox: Sandbox) -> None:
    text = WORK + "print('it ran')\n"
    found = answers(sandbox, text, OF_F, OF_BOTH)
    assert {a.status for a in found.values()} == {"forbidden"}
    assert {a.stdout for a in found.values()} == {""}


def test_who_uses_nothing_forbidden_loses_nothing(sandbox: Sandbox) -> None:
    found = answers(sandbox, WORK.replace("np.tanh(x)", "np.exp(x)"), OF_F, OF_G, OF_BOTH)
    assert {a.status for a in found.values()} == {"returned"}
