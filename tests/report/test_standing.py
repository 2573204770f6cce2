"""Where somebody stands in the book: for staff always, for a student where the page is theirs alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from autograder.gradebook.people import Names
from autograder.report.html import staff_page, student_page
from autograder.report.standing import Standing, standings
from tests.gradebook.support import book_of, hand_in
from tests.report.samples import SPEC, make_grade

BOOK = book_of(hand_in("a1", "2026-09-20T12:00", "4/5"))


def page(name: str, **how: bool) -> str:
    grade = make_grade(name, 3)
    return student_page(grade, SPEC, standing=standings(BOOK, Names({}, {}), "a1").of(name), **how)


def test_a_shared_page_has_nobodys_total_though_only_one_of_the_team_is_in_the_book() -> None:
    found = standings(BOOK, Names({}, {}), "a1")
    alone, team = found.of("ann"), found.of("ann + bob")
    assert alone is not None
    assert team is not None
    assert (alone.people, team.people) == (1, 2)
    assert (found.of("bob"), found.of("bob + carl")) == (None, None)
    assert f"The course: {alone.total}" in page("ann")
    for text in (alone.total, "late days left", "The course"):
        assert text not in page("ann + bob")
    assert f"In the book: {alone.total}" in staff_page(make_grade("ann + bob", 3), SPEC, standing=team)


@pytest.mark.parametrize("state", ["after_due_date", "after_published", "hidden", "visible"])
def test_no_total_stands_beside_hidden_results_that_it_would_give_away(state: str) -> None:
    spec = SPEC.model_copy(update={"hidden_visibility": state})
    one = Standing("2", {"homework": "3"}, "83.21 %")
    grade = make_grade("ada", 3)
    assert grade.points > Fraction(0)
    early = student_page(grade, spec, published=False, standing=one)
    assert "Late days of this part: 2. 3 late days left (homework)." in early
    assert ("83.21" in early) == (state == "visible")
    assert "The course: 83.21 %" in student_page(grade, spec, published=True, standing=one)
