"""What is forbidden is said in the question's own text, and is found in every function that uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest

from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.uses import Text, index_of
from autograder.verify.report import Report
from autograder.verify.spellings import AS_A_METHOD, WAYS, using
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
    assert "names forbidden in 1 questions, 2 uses of them found" in row.figures


def test_what_a_text_does_not_say_is_found_with_the_sentence_to_write(course: Make, exam: Exam) -> None:
    text = said(exam(course(**(SPOKEN | {"handout": GOOD_HANDOUT}))), "shortcuts")
    assert "assignments/small/handout.md: the section of `mean` does not say what may not be used" in text
    assert f"write there: {SAYS}" in text
    assert "small.py" not in text
    other = GOOD_HANDOUT.replace("Write `double`.", f"Write `double`. {SAYS}")
    assert "handout.md: the section of `mean`" in said(exam(course(**(SPOKEN | {"handout": other}))), "shortcuts")


def with_shortcut(source: AssignmentSource, text: str) -> AssignmentSource:
    folder = source.private_folder / "shortcuts"
    folder.mkdir(exist_ok=True)
    (folder / "by_a_loop.py").write_text(text)
    return source


LOOP = "def mean(x):\n    return sum(map(float, x.ravel())) / x.size\n"


def test_a_shortcut_that_is_paid_is_found(course: Make, exam: Exam) -> None:
    text = said(exam(with_shortcut(course(), LOOP)), "shortcuts")
    assert "function `mean`: by the shortcut `by_a_loop` it gets 6 of 6 points of `mean`" in text


def test_a_shortcut_that_loses_is_fine(course: Make, exam: Exam) -> None:
    rough = "def mean(x):\n    return round(float(x.mean()), 2)\n"
    row = exam(with_shortcut(course(), rough)).gate("shortcuts")
    assert (row.status, row.figures) == (
        "pass",
        "0 names forbidden in 0 questions, 0 uses of them found, "
        "1 shortcuts and 0 functions by central differences earn little",
    )


def test_a_shortcut_that_replaces_nothing_is_told(course: Make, exam: Exam) -> None:
    text = said(exam(with_shortcut(course(), "def men(x):\n    return 1\n")), "shortcuts")
    assert "solutions/small/shortcuts/by_a_loop.py: defines no function that a student writes" in text


def test_a_name_that_is_never_found_is_told(course: Make, exam: Exam) -> None:
    text = said(exam(course(spec=forbidding('["numpy.avrage", "torch.nn.functional.softmax"]'))), "shortcuts")
    assert "question `mean`: forbids `numpy.avrage`, which `numpy` does not have" in text
    assert "softmax`, which" not in text


@pytest.mark.parametrize("way", [*WAYS, AS_A_METHOD])
def test_a_use_is_found_in_every_spelling_and_the_reference_uses_nothing(way: str) -> None:
    names = ("torch.nn.functional.softmax", "torch.Tensor.backward")

    def found(text: str) -> list[str]:
        return find_forbidden(index_of([Text("small.py", text)]), {"mean"}, names)

    used = names[1] if way == AS_A_METHOD else names[0]
    assert found(REFERENCE) == []
    assert f"`{used}` may not be used" in found(using(REFERENCE, "mean", used, way))[0]


def test_a_use_that_the_grader_cannot_see_is_told(course: Make, exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of texts without getattr: what it overlooks is named by function, spelling and case."""

    def half_blind(index: Index, roots: Iterable[str], forbidden: Sequence[str]) -> list[str]:
        return [f for f in find_forbidden(index, roots, forbidden) if "getattr" not in f]

    monkeypatch.setattr("autograder.verify.gates.shortcuts.find_forbidden", half_blind)
    text = said(exam(course(**SPOKEN)), "shortcuts")
    assert text.startswith("fail")
    assert "function `mean`: its use of `numpy.average` looked up by a text is not found in `mean_of_three`" in text
