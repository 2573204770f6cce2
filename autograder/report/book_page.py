"""A person's page of the book: parts, late days and total, and how they come about; nothing of anybody else."""

from __future__ import annotations

from fractions import Fraction

from autograder.gradebook.book import Book, Row
from autograder.gradebook.explain import explained
from autograder.gradebook.totals import letter, shown
from autograder.report.html import environment


def book_page(book: Book, row: Row) -> str:
    """The page that a person may have. In a part of a team it says who of the team handed in."""
    course, clock = book.policy.course, book.policy.clock()

    def number(percent: Fraction) -> str:
        return shown(percent, course.decimals)

    return environment().get_template("book.html.j2").render(
        course=course,
        row=row,
        name=row.person.name if row.person and row.person.name else row.who,
        letter=letter(row.total, course) if row.total is not None else "",
        when=clock.shown(book.now),
        pools=[(pool, row.days_left[pool], size) for pool, size in course.late.pools.items()],
        lines=[(part, row.lines[part.id]) for part in book.policy.parts],
        moves=course.late.counts == "best_total" and any(row.days_used.values()),
        explained=explained(book, row),
        title=book.policy.title,
        number=number,
        short=clock.short,
    )  # fmt: skip
