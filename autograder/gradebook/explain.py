"""Explaining: one number derived line by line, from the events to what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from autograder.gradebook.book import Book, Line, Row, State
from autograder.gradebook.clock import Clock
from autograder.gradebook.totals import letter, shown
from autograder.gradebook.versions import Version
from autograder.spec.course import Part, shown_number


def explained(book: Book, row: Row) -> list[str]:
    """How a person's total comes about, part by part, as lines of text."""
    return list(_explained(book, row))


def _explained(book: Book, row: Row) -> Iterator[str]:
    course, clock = book.policy.course, book.policy.clock()
    name = row.person.name if row.person and row.person.name else ""
    yield f"{row.who}{f' ({name})' if name else ''}, {course.title}, as of {clock.shown(book.now)}"
    for part in book.policy.parts:
        yield ""
        yield from _part(book, row, part, clock)
    yield ""
    for pool, size in course.late.pools.items():
        yield f"late days of {pool}: {row.days_used[pool]} of {size} used, {row.days_left[pool]} left"
    yield from _total(book, row)


def _part(book: Book, row: Row, part: Part, clock: Clock) -> Iterator[str]:
    line = row.lines[part.id]
    due = line.due
    yield f"{book.policy.title(part)} ({part.id}): {_outcome(line)}"
    why = " (extended)" if due.extended else ""
    grace = f" and {book.policy.course.grace_minutes} minutes" if book.policy.course.grace_minutes else ""
    yield f"  due       {due.wall:%a %d %b %Y %H:%M}{why}; counts as on time to the end of that minute{grace}"
    if due.waived:
        yield f"  waived    {_days(due.waived)}"
    if line.state is State.EXCUSED:
        return
    for version in line.versions:
        mark = "→" if version is line.version else " "
        yield f"  {mark} {_version(version, clock)}"
    if not line.versions and line.state is State.OPEN:
        yield f"  can be handed in until {clock.shown(line.due.closes)}"
    if line.state in (State.LATE, State.NO_DAYS, State.WAITING) and line.note:
        yield f"  {line.state.value}: {line.note}"
    if line.version is not None and line.points is not None:
        yield from _points(book, line)


def _version(version: Version, clock: Clock) -> str:
    if version.submitted is None:
        points = "no points yet" if version.points is None else _worth(version.points)
        return f"entered by staff, {points}"
    when = clock.shown(version.submitted.at)
    late = f"{_days(version.late)} late" if version.late else "on time"
    if version.broken:
        points = f"not graded: {version.broken}"
    elif version.points is None:
        points = f"no points yet for {', '.join(version.missing)}"
    else:
        points = _worth(version.points)
    barred = f"; cannot count: {version.barred}" if version.barred else ""
    by = f", handed in by {version.submitted.who}"
    return f"{version.id[:12]}  {when}{by}  {late}, {points}{barred}"


def _points(book: Book, line: Line) -> Iterator[str]:
    assert line.version is not None
    assert line.points is not None
    paid = f", for {_days(line.days)}" if line.days else ""
    yield f"  counts    version {line.version.id[:12] or 'entered by staff'}{paid}"
    penalty = book.policy.course.late.after
    if line.over and penalty is not None and line.version.points is not None:
        rate = line.over * penalty.percent_per_day
        yield f"  penalty   {_days(line.over)} not paid: {shown_number(rate)} % of {shown_number(line.version.points)}"
    if line.adjusted:
        yield f"  adjusted  by {_signed(line.adjusted)} points (staff)"
    share = 100 * line.points / line.possible
    yield f"  points    {shown_number(line.points)} of {shown_number(line.possible)} = {shown(share, 4)} %"


def _outcome(line: Line) -> str:
    if line.points is None:
        return line.state.value
    state = "" if line.state is State.COUNTS else f", {line.state.value}"
    return f"{shown_number(line.points)} of {shown_number(line.possible)}{state}"


def _total(book: Book, row: Row) -> Iterator[str]:
    course = book.policy.course
    kept = [
        p for p in book.policy.parts if row.lines[p.id].state.settled and row.lines[p.id].state is not State.DROPPED
    ]
    if row.so_far is None:
        yield "total: nothing counts yet"
        return
    for part in kept:
        share = row.lines[part.id].share or Fraction(0)
        weight = row.shares.of[part.id]
        product = f"{shown(weight * share, 4):>9}"
        yield f"  {part.id:<20} {shown(weight, 4):>9} % × {shown(100 * share, 4):>9} % = {product}"
    what = "total" if row.total is not None else "so far, of the parts that count already"
    exact = shown_number(row.so_far)
    grade = letter(row.so_far, course) if row.total is not None else ""
    yield f"{what}: {exact} = {shown(row.so_far, course.decimals)} %{f', {grade}' if grade else ''}"
    if row.total is None and row.unchanged is not None:
        yield f"if nothing more is handed in: {shown(row.unchanged, course.decimals)} %"
    if course.late.counts == "best_total" and any(row.days_used.values()):
        yield "days go where they help most; they may move when a later part is graded"


def _signed(points: Fraction) -> str:
    return f"{'+' if points > 0 else '−'}{shown_number(abs(points))}"


def _worth(points: Fraction) -> str:
    return "1 point" if points == 1 else f"{shown_number(points)} points"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
