"""Mutants: which are made, which survive, and who may say that one is no mistake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify.operators import mutants
from autograder.verify.report import Report
from tests.small_course import CASES, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
TEMPLATE = '''def f(x, w, b):
    """Minus 1 + 2 in a docstring is no code."""
    given = x + 1
    # BEGIN SOLUTION
    {body}
    # END SOLUTION
'''


@pytest.mark.parametrize(
    ("body", "operator", "after"),
    [
        ("return x + w", "sign", "return (x - w)"),
        ("return x + w", "dropped term", "return x"),
        ("return x + w", "dropped term", "return w"),
        ("return -x", "sign", "return x"),
        ("return x @ w", "operator", "return (x * w)"),
        ("return x[0]", "constant", "return x[1]"),
        ("return x[0]", "constant", "return x[(-1)]"),
        ("return x.sum(axis=0)", "axis", "return x.sum(axis=1)"),
        ("return x.sum(axis=0)", "axis", "return x.sum()"),
        ("return x.sum(axis=-1, keepdims=True)", "dropped keepdims", "return x.sum(axis=-1)"),
        ("return x.T", "dropped transpose", "return x"),
        ("return np.transpose(x, (1, 0))", "dropped transpose", "return x"),
        ("return x < w", "comparison", "return (x <= w)"),
        ("return x >= w", "comparison", "return (x > w)"),
        ("return np.dot(x, w)", "swapped arguments", "return np.dot(w, x)"),
        ("return x.mean()", "wrong reduction", "return x.sum()"),
        ("return max(x)", "wrong reduction", "return min(x)"),
        ("return np.maximum(x, w)", "wrong function", "return np.minimum(x, w)"),
        ("x += b", "removed statement", "pass"),
        ("x[0] = b", "removed statement", "pass"),
        ("return w if x else b", "condition", "return w if (not x) else b"),
    ],
)
def test_every_operator_makes_its_mistake(body: str, operator: str, after: str) -> None:
    made = mutants(TEMPLATE.format(body=body), "f.py")
    assert (operator, after) in {(m.operator, m.after) for m in made}
    assert all(m.line == 5 and m.function == "f" for m in made)
    for mutant in made:
        compile(mutant.text, "mutant.py", "exec")


def test_code_outside_of_solution_regions_is_left_alone() -> None:
    made = mutants(TEMPLATE.format(body="return given"), "f.py")
    assert {m.after for m in made} == {"return (-(given))"}


def test_survivors_are_listed_with_line_and_diff(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.double(world.normal((3, 5)))", "abs(student.double(world.normal((3, 5))))")
    report = exam(course(cases=cases), mutate=True)
    line = REFERENCE.splitlines().index("    return 2 * x") + 1
    text = said(report, "mutation")
    assert f"small.py:{line}: sign survives all hidden cases (the public case `three_numbers` sees it)" in text
    assert "- return 2 * x\n      + return (-(2 * x))" in text
    assert report.mutation is not None
    assert report.mutation["hidden_score"] < report.mutation["public_score"] == 1


def test_without_survivors_the_gate_passes_with_both_scores(course: Make, exam: Exam) -> None:
    row = exam(course(), mutate=True).gate("mutation")
    assert row.status == "pass"
    assert "hidden cases kill 100.0%, public ones alone 100.0%" in row.figures


ENTRY = '[[equivalent]]\nfunction = "double"\nline = "return 2 * x"\nmutant = "{mutant}"\nreason = "absolute value"\n'


def blind(course: Make, entry: str, reference: str = REFERENCE) -> AssignmentSource:
    cases = CASES.replace("student.double(world.normal((3, 5)))", "abs(student.double(world.normal((3, 5))))")
    source = course(cases=cases, reference=reference)
    (source.private_folder / "equivalent.toml").write_text(entry)
    return source


@pytest.mark.parametrize("mutant", ["return (-(2 * x))", "*"])
def test_a_recorded_equivalent_is_no_survivor(course: Make, exam: Exam, mutant: str) -> None:
    report = exam(blind(course, ENTRY.format(mutant=mutant)), mutate=True)
    assert report.gate("mutation").status == "pass"
    assert report.gate("equivalents").status == "pass"
    assert report.mutation is not None
    assert report.mutation["equivalent"] == 1


def test_a_recorded_equivalent_goes_stale_with_its_line(course: Make, exam: Exam) -> None:
    reference = REFERENCE.replace("return 2 * x", "y = x\n    return 2 * y  # return 2 * x")
    text = said(exam(blind(course, ENTRY.format(mutant="return (-(2 * x))"), reference)), "equivalents")
    assert text.startswith("fail")
    assert "its line has changed" in text


def test_a_recorded_equivalent_that_a_case_kills_is_a_fault(course: Make, exam: Exam) -> None:
    source = blind(course, ENTRY.format(mutant="return (2 / x)"))
    assert "recorded as equivalent, but `a_matrix` tells it apart" in said(exam(source, mutate=True), "mutation")
