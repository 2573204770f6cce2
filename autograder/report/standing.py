"""Where somebody stands in the book: late days and total, as pages about one assignment show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from autograder.gradebook.book import Book, Row, State
from autograder.gradebook.people import Names
from autograder.gradebook.totals import shown


@dataclass(frozen=True)
class Standing:
    """One person's; of a team, `total` and `left` are everybody's, for staff alone.

    Attributes:
        late: late days that count for this assignment, with a word where they are not paid; "" for none.
        left: pool → late days that are left.
        total: percent of the course with its sign, "so far" where parts are missing.
        people: how many there are in the team, in the book or not.
    """

    late: str
    left: Mapping[str, str]
    total: str
    people: int = 1


@dataclass(frozen=True)
class Standings:
    """Everybody's, by the name of a hand-in."""

    pools: tuple[str, ...]
    of: Callable[[str], Standing | None] = field(compare=False)


def standings(book: Book, names: Names, assignment: str) -> Standings:
    """The book as pages of an assignment show it."""
    parts = [p.id for p in book.policy.parts if assignment in (p.assignment or p.id, p.id)]
    pools = tuple(book.policy.course.late.pools)

    def of(name: str) -> Standing | None:
        people, _ = names.team(name)
        rows = [book.rows[who] for who in people if who in book.rows]
        if not rows:
            return None
        late = dict.fromkeys(text for row in rows for part in parts if (text := _late(row, part)))
        left = {pool: " · ".join(str(row.days_left[pool]) for row in rows) for pool in pools}
        return Standing(", ".join(late), left, " · ".join(_total(book, row) for row in rows), len(people))

    return Standings(pools, of)


def _late(row: Row, part: str) -> str:
    line = row.lines[part]
    if line.state in (State.LATE, State.NO_DAYS):
        return "too late"
    text = f"{line.days}" if line.days else ""
    return f"{text}{' ' if text else ''}+{line.over} not paid" if line.over else text


def _total(book: Book, row: Row) -> str:
    if row.total is not None:
        return f"{shown(row.total, book.policy.course.decimals)} %"
    return f"{shown(row.so_far, book.policy.course.decimals)} % so far" if row.so_far is not None else "–"
