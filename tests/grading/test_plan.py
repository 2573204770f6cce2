"""The plan of a submission: public cases of all questions, then the hidden ones; answers in a reader's order."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.plan import in_order, planned
from autograder.grading.run import run_submission
from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.wire.messages import Submission
from tests.fakes import FakeSandbox
from tests.small_course import write_course


@pytest.fixture
def source(tmp_path: Path) -> AssignmentSource:
    return load_source(write_course(tmp_path), "small")


def every(source: AssignmentSource) -> dict[str, tuple[int, ...]]:
    return {c.name: (1, 2) for c in source.cases.cases}


def test_public_cases_of_all_questions_come_first_and_questions_keep_their_workers(source: AssignmentSource) -> None:
    plan = planned(source.spec, source.cases, every(source))
    seen = [(visit.worker, visit.job.public) for phase in plan.phases for visit in phase.visits]
    assert seen == [("double", True), ("mean", True), ("double", False), ("mean", False)]
    for visit in plan.visits():
        names = {c.name for c in source.cases.of(visit.worker, visit.job.public)}
        assert {call.case for call in visit.job.calls} == names
        assert len(visit.job.calls) == 2 * len(names)  # one for each seed


def test_a_job_carries_no_probe_of_a_case_that_it_does_not_run(source: AssignmentSource) -> None:
    plan = planned(source.spec, source.cases, every(source))
    hidden = {c.name for c in source.cases.cases if not c.public}
    assert hidden
    for visit in plan.phases[0].visits:
        assert not [name for name in hidden if name in visit.job.source]


def test_cases_that_are_not_named_are_left_out(source: AssignmentSource) -> None:
    one = source.cases.cases[-1]
    (phase,) = planned(source.spec, source.cases, {one.name: (1,)}).phases
    (visit,) = phase.visits
    assert [call.case for call in visit.job.calls] == [one.name]


def test_answers_are_told_question_by_question_whatever_the_plan_was(source: AssignmentSource) -> None:
    submission = Submission.of_text("reference", source.spec.submission.module, source.reference)
    found = run_submission(
        FakeSandbox(),
        source.spec,
        source.cases,
        submission,
        every(source),
        source.support,  # type: ignore[arg-type]
    )
    assert list(found) == in_order(source.spec, source.cases)
    assert [source.cases.get(name).question for name in found] == sorted(source.cases.get(n).question for n in found)
