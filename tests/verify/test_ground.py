"""The gate of given ground: a wrong stand-in, one that is the solution, and one that imports at will are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify.report import Report
from tests.small_course import CASES, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
BUILT = REFERENCE.replace(
    "    return float(np.mean(x))", "    twice = double(x)\n    return float(np.mean(x) + 0 * twice.sum())"
)


def with_stand_in(body: str) -> str:
    head, _, rest = CASES.partition('@case("mean", public=True')
    rest = ('@case("mean", public=True' + rest).replace(
        "check=close())", 'check=close(), given={"double": given_double})'
    )
    return f"{head}def given_double(x):\n    {body}\n\n\n{rest}"


def test_a_right_stand_in_passes(course: Make, exam: Exam) -> None:
    report = exam(course(cases=with_stand_in("import numpy\n    return numpy.multiply(x, 2)"), reference=BUILT))
    row = report.gate("given ground")
    assert (row.status, row.figures) == ("pass", "2 cases, 1 functions")


def test_an_assignment_without_given_ground_has_no_such_row(course: Make, exam: Exam) -> None:
    assert "given ground" not in {row.gate for row in exam(course()).rows}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return [x]", "the reference fails on given ground in world 0: AttributeError"),
        ("import os\n    return x + x", "uses os; a stand-in is made of library calls"),
        ("twice = double(x)\n    return x + x", "holds a line of the solution: 'twice = double(x)'"),
    ],
)
def test_a_bad_stand_in_is_found(course: Make, exam: Exam, body: str, words: str) -> None:
    text = said(exam(course(cases=with_stand_in(body), reference=BUILT)), "given ground")
    assert text.startswith("fail")
    assert words in text
