"""Cases that wait for a later run: no zero and no fault, said in every report, counted in no total."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from rich.console import Console

from autograder.grading.explanation import explanation
from autograder.grading.grade_form import grade_from_table, grade_json
from autograder.grading.status import Status
from autograder.grading.totals import Grade
from autograder.otter_bridge.gradescope import results_table, staff_log
from autograder.otter_bridge.outcome import outcome_of
from autograder.report.audience import flags, student_questions
from autograder.report.canvas import canvas_csv
from autograder.report.csv_form import final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import class_page, staff_page, student_page
from autograder.report.statistics import class_statistics
from autograder.report.terminal import cohort_view, grade_view
from tests.report.samples import SPEC, make_grade

WHY = "a replay of the training is to come"


def waiting(name: str, *cases: str, seed: int = 0) -> Grade:
    """A grade in which these cases (those of a question, where one is named) wait."""
    verdicts = [
        v.but(status=Status.WAITING, credit=Fraction(0), points=Fraction(0), message=WHY)
        if v.case in cases or v.question in cases
        else v
        for v in make_grade(name, seed).verdicts
    ]
    return make_grade(name, verdicts=verdicts)


ONE = waiting("ada", "mean_over_batch")  # 10/3 of 10 points; 24 in all
WHOLE = waiting("bob", "losses")
MACHINE = SPEC.model_copy(update={"questions": tuple(q for q in SPEC.questions if q.kind != "written")})
HIDDEN = waiting("eve", "secret_underflow")


def shown(view: object) -> str:
    console = Console(file=io.StringIO(), width=100, record=True, color_system=None)
    console.print(view)
    return console.export_text()


def test_it_is_neither_earned_nor_lost_nor_broken() -> None:
    assert (ONE.points, ONE.waiting, ONE.max_points) == (Fraction(62, 3), Fraction(10, 3), 24)
    assert (ONE.graded, ONE.complete, len(ONE.pending)) == (True, False, 1)
    assert flags(ONE) == ()
    assert grade_from_table(json.loads(grade_json(ONE))).waiting == Fraction(10, 3)


def test_a_terminal_says_so_far() -> None:
    text = shown(grade_view(ONE))
    assert "20.67 of 24 points so far: 3.33 points wait for a later run" in text
    assert "86 %" not in text
    assert "… not yet" in text
    assert WHY in text
    assert "so far, 3.33 points wait" in shown(cohort_view([ONE, make_grade("zoe")]))


def test_a_students_page_says_that_nothing_is_lost() -> None:
    page = student_page(ONE, SPEC)
    assert "<b>20.67</b> of 24 points so far" in page
    assert "3.33 points wait: these cases are not judged yet." in page
    assert "This case is not judged yet. A later run will" in page
    assert "Look at this first" not in page


def test_a_hidden_case_that_waits_is_told_by_number_only_and_only_when_hidden_ones_are() -> None:
    out = student_page(HIDDEN, SPEC, published=True)
    assert "0 of 1 hidden cases passed (1 not yet)" in out
    assert WHY not in out
    assert student_questions(HIDDEN, SPEC, published=False)[2].waiting == 0
    assert "points so far in the cases shown here; 4 points are read" in student_page(HIDDEN, SPEC, published=False)
    assert "so far" not in student_page(HIDDEN, MACHINE, published=False)
    assert WHY in staff_page(HIDDEN, SPEC)
    assert "3.33 points wait for a later run." in staff_page(HIDDEN, SPEC)


def test_the_class_page_counts_what_is_known() -> None:
    stats = class_statistics([ONE, WHOLE, make_grade("zoe")])
    assert stats.waiting == ("ada", "bob")
    assert stats.not_graded == ()
    losses = stats.questions[2]
    assert (losses.judged, losses.difficulty) == (1, 1.0)  # zoe's; what waits is no zero
    cases = {c.id: c for c in stats.cases["losses"]}
    assert cases["mean_over_batch"].statuses == (("waiting", 2), ("passed", 1))
    page = class_page([ONE, WHOLE, make_grade("zoe")], SPEC)
    assert "So far: what is not judged yet" in page
    assert "not yet" in class_page([WHOLE], SPEC)


def test_a_csv_has_the_points_so_far_and_no_share() -> None:
    rows = {r["file"]: r for r in csv.DictReader(io.StringIO(final_grades_csv([ONE, WHOLE, make_grade("zoe")])))}
    assert float(rows["ada"]["total_points_earned"]) == pytest.approx(62 / 3)
    assert (rows["ada"]["percent_correct"], rows["ada"]["grading_status"]) == ("", "so far: 3.33 points wait")
    assert (rows["bob"]["losses"], rows["bob"]["perceptron"]) == ("", "6.0")
    assert rows["zoe"]["grading_status"] == "Completed"


def test_canvas_gets_nothing_that_would_look_like_a_final_score() -> None:
    roster = "Student,ID,SIS User ID,SIS Login ID,Section\nAda,1,,ada,A\nZoe,2,,zoe,A\n"
    rows = list(csv.reader(io.StringIO(canvas_csv([ONE, make_grade("zoe")], roster, "Backprop").text)))
    assert [row[-1] for row in rows[2:]] == ["", "24"]


@pytest.mark.parametrize("table_of", [results, lambda g, s: results_table(g, s, {}, 1.0)])
def test_gradescope_has_no_score_for_it_and_the_total_of_what_is_known(table_of) -> None:
    table = table_of(WHOLE, SPEC)
    assert table["score"] == 14.0
    assert "**So far**: 10 points wait for a later run, and are no zero." in table["output"]
    losses = [t for t in table["tests"] if t["name"].startswith("Losses")]
    assert losses
    assert all("score" not in t and "status" not in t for t in losses)
    assert any("not yet" in t["output"] for t in losses)
    assert all("score" in t for t in table["tests"] if t not in losses and t["name"] != "For staff")
    assert "For staff" not in table["output"]


def test_gradescope_counts_the_judged_part_of_an_entry() -> None:
    entry = next(t for t in results(ONE, SPEC)["tests"] if t["name"].endswith("logits (public cases)"))
    assert (entry["score"], entry["max_score"], entry["status"]) == (
        float(Fraction(10, 3)),
        float(Fraction(10, 3)),
        "passed",
    )


def test_otter_is_told_in_words() -> None:
    table = outcome_of(ONE)
    assert (table["graded"], table["questions"]["losses"]) == (True, float(Fraction(20, 3)))
    assert table["cases"]["mean_over_batch"]["message"].startswith("not graded yet: ")
    assert explanation(ONE.pending[0]) in table["cases"]["mean_over_batch"]["message"]
    assert "so far: 3.33 points wait for a later run" in table["summary"]
    assert "so far: 3.33 points wait for a later run" in staff_log(ONE)
    assert "so far" not in outcome_of(make_grade("zoe"))["summary"]


def test_a_case_for_practice_that_waits_is_no_green_one_on_gradescope() -> None:
    practice = [v.but(max_points=Fraction(0)) if v.case == "mean_over_batch" else v for v in ONE.verdicts]
    grade = make_grade("ada", verdicts=practice)
    (entry,) = (t for t in results_table(grade, SPEC, {}, 1.0)["tests"] if t["name"].endswith("mean over batch"))
    assert not {"score", "max_score", "status"} & entry.keys()
    assert "**not yet**:" in entry["output"]
    assert "0 points" not in entry["output"]
