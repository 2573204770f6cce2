"""Each gate of the exam has an assignment that it stops, and one that it lets pass."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from autograder.errors import AuthorError
from autograder.grading.certificate import certificate_state, require_certificate
from autograder.grading.source import AssignmentSource, load_source
from autograder.verify.certify import write_certificate
from autograder.verify.report import Report
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
LOOPS = {"loops": "def mean(x):\n    return sum(float(v) for v in x.ravel()) / x.size\n"}


def test_a_good_assignment_passes_every_gate_but_the_missing_certificate(course: Make, exam: Exam) -> None:
    report = exam(course(LOOPS))
    faults = {r.gate: r.status for r in report.rows if r.status != "pass"}
    assert faults == {"coverage": "warn", "certificate": "fail"}
    assert "autograder verify small --write" in said(report, "certificate")
    assert json.loads(json.dumps(report.to_json()))["ok"] is False


def test_a_passed_exam_is_certified_and_a_changed_file_makes_the_certificate_stale(course: Make, exam: Exam) -> None:
    source = course(LOOPS)
    with pytest.raises(AuthorError, match="has no certificate"):
        require_certificate(source)
    report = exam(source, write=True, flaky=20)
    assert report.ok
    path = write_certificate(source, report)
    row = json.loads(path.read_text())["cases"]["mean_of_a_matrix"]
    assert row["kills"] == ["sum_for_mean"]
    assert row["reseeded_worlds"] == 20
    assert row["false_fails"] == 0
    assert 0 < row["d_ok"] < row["tolerance"] < row["d_bad"]
    assert exam(load_source(source.root, "small")).ok
    require_certificate(load_source(source.root, "small"))
    changed = course(LOOPS, cases=CASES.replace("(3, 5)", "(4, 5)"))
    assert certificate_state(changed) == "stale"
    assert "has changed since" in said(exam(changed), "certificate")


def test_no_certificate_for_an_exam_that_was_not_passed(course: Make, exam: Exam) -> None:
    source = course(stub=False)
    with pytest.raises(AuthorError, match="not passed"):
        write_certificate(source, exam(source, write=True, flaky=0))


def test_an_alternate_that_loses_is_named_with_its_case_and_values(course: Make, exam: Exam) -> None:
    report = exam(course({"wrong": "def double(x):\n    return x + x + 1e-3\n"}))
    text = said(report, "alternates 100")
    assert text.startswith("fail")
    assert "wrong, case `three_numbers`: failed in world 0, 1, 2" in text


def test_a_reference_that_differs_from_run_to_run_fails(course: Make, exam: Exam) -> None:
    report = exam(
        course(reference=REFERENCE.replace("return 2 * x", "return 2 * x + np.random.default_rng().normal()"))
    )
    assert "run again, case `three_numbers`" in said(report, "reference 100")


def test_a_stub_that_earns_points_is_caught(course: Make, exam: Exam) -> None:
    uncalled = "student  # not called\n    return world.normal((3, 5))"
    cases = CASES.replace("return student.double(world.normal((3, 5)))", uncalled)
    text = said(exam(course(cases=cases)), "stub 0")
    assert "case `a_matrix`: gives the stub 1 of its points" in text


def test_a_stale_or_missing_stub_file_is_caught(course: Make, exam: Exam) -> None:
    assert "there is no stub" in said(exam(course(stub=False)), "stub file")
    source = course()
    (source.public_folder / "small.py").write_text("# old\n")
    assert "stale" in said(exam(source), "stub file")


def test_headings_that_do_not_agree_are_caught(course: Make, exam: Exam) -> None:
    text = said(exam(course(handout="# Small\n\n## 1. Doubling (`double`, 5 points)\n\n## 2. Means\n")), "ids agree")
    assert "says 5 points, assignment.toml 4" in text
    assert "no heading carries `mean`" in text
    text = said(exam(course(reference=REFERENCE.replace("## 2. The mean (`mean`)", "## 2. Averages"))), "ids agree")
    assert "no heading names the question `mean`" in text


def test_a_misconception_that_passes_its_case_is_caught(course: Make, exam: Exam) -> None:
    weak = MISCONCEPTIONS.replace('"return x**2"', '"return x + x"')
    assert "misconception `square`: loses nothing" in said(exam(course(misconceptions=weak)), "misconceptions")


def test_a_misconception_that_fails_more_or_less_than_it_says_is_caught(course: Make, exam: Exam) -> None:
    fewer = MISCONCEPTIONS.replace('["three_numbers", "a_matrix"]', '["three_numbers"]')
    text = said(exam(course(misconceptions=fewer)), "misconceptions")
    assert "fails `a_matrix` too" in text
    assert "fails public cases only" in text
    more = MISCONCEPTIONS.replace('["three_numbers", "a_matrix"]', '["three_numbers", "a_matrix", "mean_of_three"]')
    assert "passes `mean_of_three`, which it should fail" in said(exam(course(misconceptions=more)), "misconceptions")


def test_a_misconception_that_shows_in_some_worlds_only_is_caught(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((1 + world.integers(2),)))")
    text = said(exam(course(cases=cases)), "misconceptions")
    assert "passes `mean_of_a_matrix` in world" in text


def test_two_misconceptions_with_the_same_outputs_are_caught(course: Make, exam: Exam) -> None:
    twin = MISCONCEPTIONS.split("[[misconceptions]]")[1].replace('"square"', '"product"').replace("x**2", "x * x")
    text = said(exam(course(misconceptions=f"{MISCONCEPTIONS}\n[[misconceptions]]{twin}")), "named feedback")
    assert "misconception `square`: cannot be told from `product`" in text


def test_two_mistakes_of_another_question_may_be_one_in_the_exam_of_one(course: Make, exam: Exam) -> None:
    twin = MISCONCEPTIONS.split("[[misconceptions]]")[1].replace('"square"', '"product"').replace("x**2", "x * x")
    both = f"{MISCONCEPTIONS}\n[[misconceptions]]{twin}".replace('question = "double"', 'question = "mean"')
    source = course(misconceptions=both)
    assert exam(source, only="double").gate("named feedback").status == "pass"
    assert "cannot be told from" in said(exam(source), "named feedback")


def test_a_mistake_that_shows_in_fewer_cases_than_one_below_it_is_recognised(course: Make, exam: Exam) -> None:
    """As a submission would be, by the cases that pass: also by those that the exam need not run for it."""
    above = MISCONCEPTIONS.replace("np.mean(x)", "np.mean(double(x))").replace("np.sum(x)", "np.mean(x**2)")
    above = above.replace(
        '["three_numbers", "a_matrix"]', '["three_numbers", "a_matrix", "mean_of_three", "mean_of_a_matrix"]'
    )
    source = course(reference=REFERENCE.replace("np.mean(x)", "np.mean(double(x))"), misconceptions=above)
    row = exam(source).gate("named feedback")
    assert (row.status, row.figures) == ("pass", "2 of 2")


def test_a_case_that_needs_a_later_question_is_caught(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.double(world.normal((3, 5)))", "student.double(student.mean(world.normal((3, 5))))")
    text = said(exam(course(cases=cases)), "no later question")
    assert "case `a_matrix` of `double`: uses what comes later: mean" in text


def test_a_solution_outside_its_region_leaks(course: Make, exam: Exam) -> None:
    handout = "# Small\n## Doubling (`double`, 4 points)\n## The mean (`mean`, 6 points)\n\n"
    text = said(exam(course(handout=f"{handout}    return float(np.mean(x))\n")), "leak scan")
    assert "handout.md: solution line" in text


def test_one_question_alone_fails_where_its_answer_stands_in_the_stub(course: Make, exam: Exam) -> None:
    open_answer = REFERENCE.replace(
        "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n", "    return 2 * x\n"
    )
    assert open_answer != REFERENCE
    report = exam(course(reference=open_answer), only="double")
    assert not report.ok
    assert "question `double` has nothing to write" in said(report, "something to write")
    assert exam(course(reference=open_answer), only="mean").ok
