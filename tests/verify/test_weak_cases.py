"""Weak cases, as published graders have them: each is caught, with a message that says what is weak about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify.gates import budgets
from autograder.verify.report import Report
from tests.small_course import CASES, MISCONCEPTIONS
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]


def weak(probe: str, check: str = "close()", imports: str = "") -> str:
    """The cases with one more hidden case of `double`."""
    body = probe.replace("\n", "\n    ")
    more = f'\n\n@case("double", check={check})\ndef weak_case(student, world):\n    """Weak."""\n    {body}\n'
    first = "from autograder.checks import close"
    return CASES.replace(first, f"{imports}\n{first}") + more


def test_an_exponent_that_is_always_0_lets_ones_pass(course: Make, exam: Exam) -> None:
    cases = weak("return student.double(world.normal((4,)) ** world.integers(1)) / 2")
    text = said(exam(course(cases=cases)), "trivial outputs")
    assert "case `weak_case`: passes with ones in the right shape" in text
    assert "an exponent or a count that is always 0" in text


def test_ones_as_cotangent_let_zeros_pass(course: Make, exam: Exam) -> None:
    vjp = (
        "p = np.exp(world.normal((5,)))\np = p / p.sum()\nones = np.ones(5)\n"
        "return student.double(p * (ones - (p * ones).sum())) / 2"
    )
    text = said(exam(course(cases=weak(vjp, imports="import numpy as np"))), "trivial outputs")
    assert "case `weak_case`: passes with zeros in the right shape" in text
    assert "a cotangent of ones cancels" in text


def test_a_tolerance_of_a_hundredth_is_far_too_loose(course: Make, exam: Exam) -> None:
    cases = weak("return student.double(world.normal((4,)))", "close(tolerance=1e-2)")
    text = said(exam(course(cases=cases)), "margins")
    assert "case `weak_case`: tolerance 0.01 is far too loose: right solutions agree exactly" in text
    assert "leave the tolerance out" in text


def test_a_mistake_close_to_right_solutions_leaves_no_room_for_a_tolerance(course: Make, exam: Exam) -> None:
    near = MISCONCEPTIONS.replace("return x**2", "return 2 * x * (1 + 1e-5)")
    rough = {"rough": "def double(x):\n    return 2 * x * (1 + 2e-6)\n"}
    report = exam(course(rough, misconceptions=near), write=True, flaky=0)
    text = said(report, "margins")
    assert "has no factor 10 on both sides: right solutions differ by 2e-06 (rough)" in text
    assert "the mistake `square` by 1e-05" in text


def test_a_bare_comparison_lets_true_pass(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=weak("right = student.double(3) == 6\nreturn bool(right)"))), "trivial outputs")
    assert "case `weak_case`: passes with True (world 0)" in text


def test_outputs_that_do_not_depend_on_the_world_are_caught(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=weak("return student.double(3.7)"))), "trivial outputs")
    assert "passes with another world's outputs" in text
    assert "declare worlds=1" in text


def test_a_case_that_copies_of_the_input_pass_is_caught(course: Make, exam: Exam) -> None:
    cases = weak("x = world.normal((4,))\nreturn student.double(x) * 0 + x")
    text = said(exam(course(cases=cases)), "trivial outputs")
    assert "passes with functions that return 0 (world 0), 1 (world 0)" in text
    assert "its first argument (world 0)" in text


def test_a_check_that_raises_on_odd_values_is_caught(course: Make, exam: Exam) -> None:
    check = "satisfies(lambda got, world: Measured(abs(got[0] - 2)))"
    cases = weak("return [student.double(1.0)]", check).replace("import close", "import Measured, close, satisfies")
    report = exam(course(cases=cases))
    text = "\n".join(p.text() for p in report.problems())
    assert "the check raises TypeError" in text
    assert "Measured(math.inf, why)" in text


def test_right_solutions_that_fail_in_some_worlds_are_caught(course: Make, exam: Exam) -> None:
    other = {"kink": "def double(x):\n    return 2 * x * (1 + 1e-3 * (np.max(x) > 2.2))\n"}
    report = exam(course(other), write=True, flaky=120)
    assert "kink fails in" in said(report, "re-seeded")
    assert "of 120 re-seeded worlds" in said(report, "re-seeded")


def test_a_right_answer_near_a_budget_is_told(course: Make, exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = weak("return [float(x) for x in student.double(world.normal((40,)))]")
    (row,) = (r for r in exam(course(cases=cases)).rows if r.gate == "budgets")
    assert row.status == "pass"
    monkeypatch.setitem(budgets.BUDGETS, "items", 399)
    text = said(exam(course(cases=cases)), "budgets")
    assert "takes 40 items of the 399 that one answer may take" in text
    assert "case `weak_case`" in text
    assert "a smaller formula, an array in place of a list" in text
