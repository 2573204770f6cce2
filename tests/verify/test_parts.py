"""What a case asks for, it looks at."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify.gates.parts import wrong_in_one_part
from autograder.verify.report import Report
from tests.small_course import CASES
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
LOOKS = """
from autograder.checks import Measured, satisfies


def _mean_is_right(outputs, world):
    mean = float(outputs["mean"]) if isinstance(outputs, dict) else 9.0
    return Measured(abs(mean - world.normal((3, 5)).mean()), "no")
"""


def with_steps(check: str) -> str:
    cases = CASES.replace("import close\n", "import close\n" + LOOKS)
    cases = cases.replace(
        "    return student.mean(world.normal((3, 5)))",
        "    x = world.normal((3, 5))\n    return {'mean': student.mean(x), 'steps': [float(v) for v in x[0]]}",
    )
    head, _, tail = cases.rpartition("check=close()")
    return f"{head}check={check}{tail}"


def test_a_part_that_nothing_looks_at_is_found_by_its_place(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=with_steps("satisfies(_mean_is_right, 1e-6)"))), "every part")
    assert "case `mean_of_a_matrix`: wrong values in the part ['steps'] of what it returns pass" in text
    assert "['mean']" not in text


def test_a_check_that_looks_at_all_of_it_passes(course: Make, exam: Exam) -> None:
    row = exam(course(cases=with_steps("close()"))).gate("every part")
    assert (row.status, row.figures) == ("pass", "2 parts of 4 cases")


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"a": 1, "b": {"c": 0.5, "d": True}}, ["['a']", "['b']['c']", "['b']['d']"]),
        ([np.ones(2), "text", Fraction(1, 2)], ["[0]", "[1]", "[2]"]),
        ([None, 1], ["[1]"]),
        (3.0, []),
    ],
)
def test_each_part_is_changed_alone(value: Any, places: list[str]) -> None:
    found = dict(wrong_in_one_part(value))
    assert list(found) == places
    for outputs in found.values():
        assert repr(outputs) != repr(value)
