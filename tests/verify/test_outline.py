"""A case that looks at the form alone: of use at home, worth nothing, and never the answer."""

from __future__ import annotations

from collections.abc import Callable

from autograder.grading.source import AssignmentSource
from autograder.verify.report import Report
from tests.small_course import CASES
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
FORM = """

@case("mean", public=True, check=outline({example}), worlds={worlds})
def a_number(student, world):
    \"\"\"The mean is a number.\"\"\"
    return student.mean(np.array([1.0, 2.0, 6.0]))
"""


def with_form(example: str, worlds: int = 1) -> str:
    head = CASES.replace(
        "from autograder.checks import close", "import numpy as np\nfrom autograder.checks import close, outline"
    )
    return head + FORM.format(example=example, worlds=worlds)


def test_a_practice_case_of_form_alone_passes_every_gate(course: Make, exam: Exam) -> None:
    report = exam(course(cases=with_form("0.5")))
    gates = ("stub 0", "trivial outputs", "cases with a mistake", "margins", "leak scan", "unwritten", "forms")
    assert {g: report.gate(g).status for g in gates} == dict.fromkeys(gates, "pass")


def test_an_example_that_is_the_answer_is_refused(course: Make, exam: Exam) -> None:
    text = said(exam(course(cases=with_form("3.0"))), "leak scan")
    assert "case `a_number`: the example of its form is the right answer" in text


def test_a_form_that_earns_points_is_refused(course: Make, exam: Exam) -> None:
    assert "case `a_number`: passes with" in said(exam(course(cases=with_form("0.5", worlds=2))), "trivial outputs")
