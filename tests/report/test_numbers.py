"""Questions have the numbers of the handout in every report, where one that a person reads stands between them."""

from __future__ import annotations

import re

from autograder.report.gradescope import results
from autograder.report.html import class_page, staff_page, student_page
from autograder.spec.models import Assignment
from tests.report.samples import SPEC, make_grade

WRITTEN = [q.id for q in SPEC.questions if q.kind == "written"]
FIRST = SPEC.model_copy(
    update={"questions": (*(SPEC.question(q) for q in WRITTEN), *(q for q in SPEC.questions if q.id not in WRITTEN))}
)
"""The questions that a person reads come first: all others have other numbers than their places in the grade."""


def shown(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<h2><span class="n">(\d+)</span><span class="t">([^<]*)</span>', page)


def numbered(spec: Assignment, of: str) -> list[tuple[str, str]]:
    wanted = [q for q in spec.questions if (q.kind == "written") == (of == "written")]
    return [(str(spec.questions.index(q) + 1), q.title) for q in wanted]


def test_a_students_and_the_staffs_page_count_as_the_handout_does() -> None:
    assert WRITTEN
    assert shown(student_page(make_grade(), FIRST)) == numbered(FIRST, "machine") + numbered(FIRST, "written")
    assert shown(staff_page(make_grade(), FIRST)) == numbered(FIRST, "machine")


def test_the_class_page_does() -> None:
    page = class_page([make_grade("ada", 0), make_grade("bela", 1)], FIRST)
    assert re.findall(r'<tr><td class="quiet">(\d+)</td>', page) == [n for n, _ in numbered(FIRST, "machine")]


def test_gradescope_does() -> None:
    tests = results(make_grade(), FIRST)["tests"]
    numbers = {t["number"].split(".")[0] for t in tests if "number" in t}
    assert numbers >= {n for n, _ in numbered(FIRST, "machine")}
    assert "1" not in numbers
