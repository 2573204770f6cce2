"""results.json: an entry per public case, hidden cases as counts, the conditions, lateness and group."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from autograder.errors import BundleError, MachineError, UnreachableError, at_fault
from autograder.grading.bundle import Bundle
from autograder.grading.totals import Grade, grade_of
from autograder.grading.verdict import Verdict
from autograder.otter_bridge.gradescope import not_graded, results_table, staff_log
from autograder.otter_bridge.outcome import outcome_of

SECRET = "what only staff may read"
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-09-12T01:30:00.000000-04:00",
    "assignment": {"due_date": "2026-09-10T23:59:00.000000-04:00", "group_submission": True, "total_points": "10.0"},
    "submission_method": "upload",
    "users": [{"email": "b@u.edu", "id": 2, "name": "Bo <b>"}, {"email": "a@u.edu", "id": 1, "name": "Ada"}],
    "previous_submissions": [],
}


def verdict(question: str, case: str, public: bool, points: Fraction, most: Fraction, **more: Any) -> Verdict:
    status = "passed" if points == most else "failed"
    return Verdict.flat(
        question=question, case=case, public=public, doc=f"{case} doc", status=status,
        credit=points / most, points=points, max_points=most, **more,
    )  # fmt: skip


def graded(bundle: Bundle, *verdicts: Verdict) -> Grade:
    return grade_of(bundle, "ada", "d1", verdicts, layers=("seccomp",), mode="standard", tool="1", seconds=0.5)


@pytest.fixture
def grade(bundle: Bundle) -> Grade:
    return graded(
        bundle,
        verdict("neuron", "three_inputs", True, Fraction(1), Fraction(3), message="off by <b>2</b>", got="1"),
        verdict("neuron", "seven_inputs", False, Fraction(0), Fraction(3), message=SECRET, stdout=SECRET, got=SECRET),
        verdict("line", "zero_of_a_line", True, Fraction(2), Fraction(2)),
        verdict("line", "zeros_of_two_lines", False, Fraction(2), Fraction(2)),
    )


def test_there_is_an_entry_per_public_case_and_one_per_question_for_its_hidden_ones(
    bundle: Bundle, grade: Grade
) -> None:
    table = results_table(grade, bundle.spec, {}, 1.234)
    assert [(t["number"], t["score"], t["max_score"], t["visibility"]) for t in table["tests"]] == [
        ("1.1", 1.0, 3.0, "visible"),
        ("1.2", 0.0, 3.0, "after_published"),
        ("2.1", 2.0, 2.0, "visible"),
        ("2.2", 2.0, 2.0, "after_published"),
    ]
    assert table["score"] == 5.0 == sum(t["score"] for t in table["tests"])
    assert all(t["output_format"] == "md" for t in table["tests"])
    assert table["execution_time"] == 1.23
    assert table["extra_data"]["layers"] == ["seccomp"]


def test_no_text_of_a_hidden_case_is_in_it_but_the_log_has_it(bundle: Bundle, grade: Grade) -> None:
    text = json.dumps(results_table(grade, bundle.spec, METADATA, 1.0))
    for word in (SECRET, "seven_inputs", "seven inputs", "zeros_of_two_lines"):
        assert word not in text
    assert SECRET in staff_log(grade)
    assert "seven_inputs (hidden)" in staff_log(grade)


@pytest.mark.parametrize("state", ["visible", "hidden", "after_due_date", "after_published"])
def test_the_assignment_says_when_hidden_cases_are_shown(bundle: Bundle, grade: Grade, state: Any) -> None:
    spec = bundle.spec.model_copy(update={"hidden_visibility": state})
    assert results_table(grade, spec, {}, 1.0)["tests"][1]["visibility"] == state


def test_lateness_and_group_come_from_the_metadata(bundle: Bundle, grade: Grade) -> None:
    output = results_table(grade, bundle.spec, METADATA, 1.0)["output"]
    assert "Handed in 1 d 1 h 31 min after the due date." in output
    assert "Group: Ada, Bo &lt;b>." in output
    early = {**METADATA, "created_at": "2026-09-10T01:30:00.000000-04:00", "users": METADATA["users"][:1]}
    output = results_table(grade, bundle.spec, early, 1.0)["output"]
    assert "Handed in" not in output
    assert "Group" not in output


@pytest.mark.parametrize("metadata", [{}, {"created_at": 3, "users": "x", "assignment": None}, {"assignment": []}])
def test_odd_metadata_is_no_reason_to_fail(bundle: Bundle, grade: Grade, metadata: dict[str, Any]) -> None:
    assert results_table(grade, bundle.spec, metadata, 1.0)["score"] == 5.0


def test_what_was_not_graded_has_no_score(bundle: Bundle, grade: Grade) -> None:
    broken = replace(grade, verdicts=(grade.verdicts[0].but(status="broken"), *grade.verdicts[1:]))
    table = results_table(broken, bundle.spec, {}, 1.0)
    assert "score" not in table
    assert "not been graded" in table["output"]
    assert table["extra_data"]["graded"] is False
    assert "score" not in not_graded("it was stopped")


def test_it_is_said_whose_fault_it_is_and_never_that_it_is_the_students(bundle: Bundle, grade: Grade) -> None:
    broken = replace(grade, verdicts=(grade.verdicts[0].but(status="broken", message="the check raised"),))
    unread = replace(broken, notes=("x: the file cannot be read: Permission denied",), digest="")
    for one, words in (
        (broken, "the grader failed, or the computer that it runs on"),
        (unread, "the computer that grades could not read what was handed in"),
    ):
        text = str(results_table(one, bundle.spec, {}, 1.0))
        assert f"**not been graded**: {words}. That says nothing about your work." in text
        assert outcome_of(one)["failure"] == words
    assert outcome_of(broken)["why"] == "the check raised"
    assert (outcome_of(grade)["failure"], outcome_of(grade)["why"]) == ("", "")
    assert at_fault(BundleError("damaged")) == "the assignment's own files have a fault"
    assert at_fault(UnreachableError("closed")) == "the computer that grades could not read what was handed in"
    assert at_fault(MachineError("no sandbox")) == at_fault(OSError(28, "disk full"))
    assert at_fault(ValueError("ours")) == "the grader itself failed"


def test_a_leaderboard_is_written_where_the_assignment_has_one(bundle: Bundle) -> None:
    spec = bundle.spec.model_copy(update={"leaderboard": "pieces"})
    own = graded(bundle, verdict("neuron", "three_inputs", True, Fraction(3), Fraction(3), board=42.0))
    assert results_table(own, spec, {}, 1.0)["leaderboard"] == [{"name": "pieces", "value": 42.0}]
    assert "leaderboard" not in results_table(own, bundle.spec, {}, 1.0)
