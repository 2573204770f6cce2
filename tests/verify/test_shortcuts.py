"""What is forbidden is said in the question's own text, and is found in every function that uses it."""

from __future__ import annotations

from collections.abc import Callable

from autograder.grading.source import AssignmentSource
from autograder.verify.report import Report
from tests.small_course import REFERENCE, SPEC
from tests.verify.conftest import GOOD_HANDOUT, said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
SAYS = "Not to be used in this question: attention of any library; `numpy.average`."


def forbidding(names: str) -> str:
    return SPEC.replace('id = "mean"\n', f'id = "mean"\nforbidden = {names}\n')


SPOKEN = {
    "spec": forbidding('["group:attention", "numpy.average"]'),
    "handout": GOOD_HANDOUT.replace("Write `mean`.", f"Write `mean`. {SAYS}"),
    "reference": REFERENCE.replace(
        "(`mean`)\n", "(`mean`)\n#\n# " + SAYS.replace("question: ", "question:\n# ") + "\n"
    ),
}


def test_where_nothing_is_forbidden_there_is_no_such_row(course: Make, exam: Exam) -> None:
    assert "shortcuts" not in {row.gate for row in exam(course()).rows}


def test_what_is_said_in_both_texts_passes(course: Make, exam: Exam) -> None:
    row = exam(course(**SPOKEN)).gate("shortcuts")
    assert (row.status, row.problems) == ("pass", ())
    assert row.figures.endswith("names forbidden in 1 questions")


def test_what_a_text_does_not_say_is_found_with_the_sentence_to_write(course: Make, exam: Exam) -> None:
    text = said(exam(course(**(SPOKEN | {"handout": GOOD_HANDOUT}))), "shortcuts")
    assert "handout.md: the section of `mean` does not say what may not be used" in text
    assert f"write there: {SAYS}" in text
    assert "small.py" not in text
    other = GOOD_HANDOUT.replace("Write `double`.", f"Write `double`. {SAYS}")
    assert "handout.md: the section of `mean`" in said(exam(course(**(SPOKEN | {"handout": other}))), "shortcuts")


def test_a_name_that_is_never_found_is_told(course: Make, exam: Exam) -> None:
    text = said(exam(course(spec=forbidding('["numpy.avrage", "torch.nn.functional.softmax"]'))), "shortcuts")
    assert "question `mean`: forbids `numpy.avrage`, which `numpy` does not have" in text
    assert "softmax`, which" not in text
