"""A broken function costs its own question, and what the handout tells is worth nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.grading.source import AssignmentSource
from autograder.verify.broken import broken
from autograder.verify.report import Report
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
BUILT = {
    "reference": REFERENCE.replace("np.mean(x)", "np.mean(double(x)) / 2"),
    "misconceptions": MISCONCEPTIONS.replace("np.mean(x)", "np.mean(double(x)) / 2").replace("np.sum(x)", "np.sum(x)"),
}
GIVEN = CASES.replace('@case("mean", check=close())', '@case("mean", check=close(), given={"double": twice})').replace(
    '@case("mean", public=True, check=close())',
    'def twice(x):\n    return x + x\n\n\n@case("mean", public=True, check=close(), given={"double": twice})',
)


def test_a_function_that_costs_another_question_is_found_with_the_points(course: Make, exam: Exam) -> None:
    text = said(exam(course(**BUILT)), "follow-on")
    words = (
        "function `double`: broken alone (noise) it loses 6 points in other questions (mean 6); at most 1, a quarter"
    )
    assert words in text
    assert "name a stand-in in those cases" in text
    assert "`mean`: broken" not in text


def test_given_ground_keeps_the_cost_where_it_belongs(course: Make, exam: Exam) -> None:
    row = exam(course(**BUILT, cases=GIVEN)).gate("follow-on")
    assert (row.status, row.figures) == ("pass", "2 functions, at most 0 points elsewhere (`double`)")


def test_a_question_that_stands_alone_costs_no_other(course: Make, exam: Exam) -> None:
    assert exam(course()).gate("follow-on").status == "pass"


@pytest.mark.parametrize("value", [1.5, 2, True, "text", np.ones(3), np.arange(3), [1.5, {"a": 2.0}], (1, 2.0)])
def test_noise_leaves_nothing_as_it_was_and_keeps_its_form(value: Any) -> None:
    space: dict[str, Any] = {"VALUE": value}
    exec(broken("def f():\n    return VALUE\n", "f", "noise"), space)
    found = space["f"]()
    assert type(found) is type(value)
    assert not np.array_equal(np.asarray(found, dtype=object), np.asarray(value, dtype=object))


def test_a_case_with_the_inputs_of_a_public_one_is_found(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.mean(world.normal((3,)))", "student.mean(np.array([1.0, 2.0, 6.0]))")
    cases = cases.replace("student.mean(world.normal((3, 5)))", "student.mean(np.array([1.0, 2.0, 6.0]))")
    cases = cases.replace("from autograder.auth", "import numpy as np\nfrom autograder.auth", 1)
    text = said(exam(course(cases=cases)), "replay")
    assert text.startswith("fail")
    assert "case `mean_of_a_matrix`: the outputs of the public case `mean_of_three`, which the handout ships" in text
    assert "case `mean_of_a_matrix`: functions that return what the handout tells get 1 of its points in 3 of 3" in text
    assert "a_matrix`: functions" not in text.replace("mean_of_a_matrix", "")


def test_a_function_without_arguments_is_known_once_it_was_shown(course: Make, exam: Exam) -> None:
    cases = CASES.replace("student.mean(world.normal((3, 5)))", "[student.mean(np.array([4.0])), world.normal()][:1]")
    cases = cases.replace("student.mean(world.normal((3,)))", "[student.mean(np.array([4.0])), world.normal()]")
    cases = cases.replace("from autograder.auth", "import numpy as np\nfrom autograder.auth", 1)
    text = said(exam(course(cases=cases)), "replay")
    assert "case `mean_of_a_matrix`: functions that return what the handout tells get 1 of its points" in text


def test_worlds_of_their_own_are_worth_nothing_to_who_replays(course: Make, exam: Exam) -> None:
    row = exam(course()).gate("replay")
    assert (row.status, row.figures) == ("pass", "the values of 2 public cases earn nothing")
