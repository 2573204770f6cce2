"""The book beside Gradescope's export of grades: what differs, a sentence each; nothing of it is mended here.

Gradescope shows the version that is active there, before late days; so a number is compared with the points of the
version that counts in the book, penalties and adjustments left out. Where it is that of another version this is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from autograder.errors import UsageError
from autograder.gradebook.book import Book, Line, State
from autograder.gradebook.clock import Clock, instant
from autograder.gradebook.log import number
from autograder.gradebook.people import Told, told_rows
from autograder.gradebook.versions import Version
from autograder.spec.course import Part, shown_number

SAME = timedelta(seconds=60)
_ALONE = ("Total Score", "Max Points", "Submission Time", "Lateness (H:M:S)")
_WHOLE = ("{}", "{} - Max Points", "{} - Submission Time", "{} - Lateness (H:M:S)")


def differences(book: Book, text: str, where: str, part: str = "") -> list[str]:
    """What differs from an export of Gradescope: people, points, most points, times and lateness.

    Args:
        text: the export of one assignment, or of the whole course.
        part: whose export it is, where it is of one assignment.

    Raises:
        UsageError: it is no such export, or has no column of any part.
    """
    rows = told_rows(text, {who: row.person for who, row in book.rows.items()}, where)
    heads = set(rows[0].cells) if rows else set()
    columns = _columns(book, heads, where, part)
    found = [f"{where}, line {row.line}: nobody in the book is {row.name or 'this'}" for row in rows if not row.who]
    seen = {row.who for row in rows}
    found += [f"{who} is in the book and not in this export" for who in book.rows if who not in seen]
    if not part:
        missing = [p for p in book.policy.parts if p.id not in columns and p.handed_in]
        found += [f"{p.id}: there is no column `{book.policy.title(p)}`" for p in missing]
    for one in book.policy.parts:
        if one.id in columns:
            found += _most(book, one, columns[one.id], rows)
            found += [text for row in rows if row.who for text in _of_one(book, one, columns[one.id], row)]
    return found


def _columns(book: Book, heads: set[str], where: str, part: str) -> dict[str, tuple[str, ...]]:
    """Part → its columns for points, most points, time and lateness."""
    alone = set(_ALONE[:1]) <= heads
    if alone and not part:
        raise UsageError("is the export of one assignment", where=where, fix="say whose: --part PART")
    if alone:
        if part not in {p.id for p in book.policy.parts}:
            parts = ", ".join(p.id for p in book.policy.parts)
            raise UsageError("there is no such part", where="--part", found=part, expected=f"one of {parts}")
        return {part: _ALONE}
    found = {}
    for one in book.policy.parts:
        names = (book.policy.title(one), one.id, one.assignment or one.id)
        name = next((n for n in names if n in heads), "")
        if name and part in ("", one.id):
            found[one.id] = tuple(column.format(name) for column in _WHOLE)
    if not found:
        titles = ", ".join(f"`{book.policy.title(p)}`" for p in book.policy.parts)
        raise UsageError("has no column of a part of this course", where=where,
                         found=", ".join(sorted(heads))[:200] or "nothing", expected=f"a column of {titles}",
                         fix="export the grades of the course, or of one assignment with --part PART")  # fmt: skip
    return found


def _most(book: Book, part: Part, columns: tuple[str, ...], rows: list[Told]) -> Iterator[str]:
    told = {row.cells.get(columns[1], "") for row in rows} - {""}
    own = book.policy.possible(part.id)
    for text in sorted(told):
        most = _number(text)
        if most is not None and most != own:
            yield f"{part.id}: {shown_number(own)} points in course.toml, and {text} in Gradescope"


def _of_one(book: Book, part: Part, columns: tuple[str, ...], row: Told) -> Iterator[str]:
    line, clock = book.rows[row.who].lines[part.id], book.policy.clock()
    points, _, time, late = (row.cells.get(column, "") for column in columns)
    yield from _points(part, row.who, line, points, clock)
    at = _time(time)
    if time and at is None:
        yield f"{part.id}: {row.who}: `{time}` is no time"
    if at is None:
        return
    same = _at(line, at)
    if same is None and line.state is not State.EXCUSED:
        yield f"{part.id}: {row.who}: the book has no hand-in of {clock.shown(at)}"
    elif same is not None:
        yield from _lateness(part, row.who, line, same, late)


def _points(part: Part, who: str, line: Line, text: str, clock: Clock) -> Iterator[str]:
    theirs = _number(text)
    if text and theirs is None:
        yield f"{part.id}: {who}: `{text}` is no number"
        return
    own = line.version.points if line.version else None
    if own == theirs or line.state is State.EXCUSED or (own is None and theirs == line.points == 0):
        return
    state = "" if own is not None else f" ({line.state})"
    ours = "nothing" if own is None else shown_number(own)
    there = "nothing" if theirs is None else shown_number(theirs)
    yield f"{part.id}: {who}: {ours} in the book{state}, and {there} in Gradescope{_other(line, theirs, clock)}"


def _other(line: Line, points: Fraction | None, clock: Clock) -> str:
    """Which other version of the book has these points."""
    for version in line.versions:
        if points is not None and version.points == points and version.submitted and version is not line.version:
            why = version.barred or "another one counts"
            return f", as the version of {clock.shown(version.submitted.at)} has ({why})"
    return ""


def _at(line: Line, at: datetime) -> Version | None:
    versions = [*line.versions, *([line.version] if line.version else [])]
    return next((v for v in versions if v.submitted and abs(v.submitted.at - at) < SAME), None)


def _lateness(part: Part, who: str, line: Line, version: Version, text: str) -> Iterator[str]:
    hours = re.fullmatch(r"(\d+):(\d\d):(\d\d)", text.strip())
    if text.strip() and hours is None:
        yield f"{part.id}: {who}: `{text}` is no lateness (H:M:S)"
    late = hours is not None and any(int(group) for group in hours.groups())
    if late == bool(version.late):
        return
    days = "1 day" if version.late == 1 else f"{version.late} days"
    due = f"{line.due.wall:%Y-%m-%d %H:%M}{', extended' if line.due.extended else ''}"
    ours = f"late by {days}" if version.late else f"on time (due {due}, and the grace)"
    theirs = f"late by {text.strip()}" if late else "on time"
    yield f"{part.id}: {who}: {ours} in the book, and {theirs} in Gradescope"


def _number(text: str) -> Fraction | None:
    try:
        return number(text) if text.strip() else None
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    """`2026-09-21 23:59:12 -0400`, as Gradescope writes it, or ISO."""
    plain = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", text.strip())
    plain = re.sub(r"\s+UTC$", "Z", plain)
    try:
        return instant(plain) if plain else None
    except ValueError:
        return None
