"""What a grading took stands with the times, not in the grade, and is read back from the spool."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.cohort.spool import keep, left_over, write_result
from autograder.cohort.store import Store
from autograder.sandbox.wire.messages import Attempt, Effort
from tests.cohort.support import run

EFFORTS = {
    "processor": {"three_numbers": 0.25},
    "brakes": {"three_numbers": {"seconds": 10.0, "load": 0.6}},
    "attempts": {"three_numbers": [{"status": "timeout", "seconds": 10.0, "load": 0.6}]},
}


@pytest.fixture
def graded(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        yield store


def with_efforts(store):
    """A grading that took what EFFORTS says, as a worker hands it over."""
    event = store.current()[0]
    grade, evidence = store.grade(event), store.evidence(event)
    attempt = Attempt("timeout", 10.0, 0.6)
    answers = dict(evidence.answers)
    answers["three_numbers"] = replace(
        answers["three_numbers"], effort=Effort(0.25, 0.6, 10.0, busy=True), attempts=(attempt,)
    )
    evidence = replace(evidence, answers=answers, attempts={"three_numbers": (attempt,)})
    return event, keep(store.blobs, event.key, event.handed, grade, evidence)


def test_they_are_read_back_from_the_spool(graded):
    _, result = with_efforts(graded)
    write_result(graded.spool, result)
    found = left_over(graded.spool, graded.blobs)
    assert found.damaged == ()
    assert {name: found.results[0].times[name] for name in EFFORTS} == EFFORTS


def test_the_blobs_do_not_change_with_them(graded):
    event, result = with_efforts(graded)
    assert (result.grade, result.evidence) == (event.grade, event.evidence)


def test_forged_ones_are_damage(graded):
    _, result = with_efforts(graded)
    write_result(graded.spool, replace(result, times=result.times | {"brakes": {"x": {"seconds": None, "load": 0}}}))
    assert len(left_over(graded.spool, graded.blobs).damaged) == 1
