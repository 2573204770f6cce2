"""What the text does not show goes to a person, beside the first case of its question; nobody loses points for it."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Job, ProbeCall, Submission

PROBES = "def a(student, world):\n    return student.f(1.0)\ndef b(student, world):\n    return student.f(2.0)\n"
HONEST = "import numpy as np\ndef f(x):\n    return float(np.exp(x))\n"


@pytest.fixture(scope="module")
def sandbox():  # type: ignore[no-untyped-def]
    with Sandbox.start() as running:
        yield running


def answers(sandbox: Sandbox, text: str, forbidden: tuple[str, ...]):  # type: ignore[no-untyped-def]
    job = Job("q", True, "hw", PROBES, (ProbeCall("a", 1), ProbeCall("b", 1)), forbidden=forbidden)
    with sandbox.session(Submission.of_text("x", "hw", text), {}, torch=False) as session:
        return session.run(job)


def test_a_name_that_is_made_at_run_time_is_told_once(sandbox: Sandbox) -> None:
    text = HONEST.replace("np.exp(x)", "getattr(np, str(x)[:0] + 'exp')(x)")
    first, second = answers(sandbox, text, ("numpy.tanh",))
    assert (first.status, second.status) == ("returned", "returned")
    assert "hw.py, line 3" in first.evidence[0]
    assert second.evidence == ()


@pytest.mark.parametrize("forbidden", [(), ("numpy.tanh",)])
def test_honest_work_has_nothing_to_look_at(sandbox: Sandbox, forbidden: tuple[str, ...]) -> None:
    assert [a.evidence for a in answers(sandbox, HONEST, forbidden)] == [(), ()]


def test_nothing_is_told_where_nothing_is_forbidden(sandbox: Sandbox) -> None:
    text = HONEST.replace("np.exp(x)", "getattr(np, str(x)[:0] + 'exp')(x)")
    assert [a.evidence for a in answers(sandbox, text, ())] == [(), ()]
