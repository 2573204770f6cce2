"""The book as files: CSV with exact and shown numbers, days with their reasons, Canvas' import, Gradescope's columns.

An empty cell is one that says nothing yet; nobody has a zero because something is not graded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.gradebook.book import Book, Line, Row, State
from autograder.gradebook.events import Event, line_of_event, ordered
from autograder.gradebook.people import rows_with_people
from autograder.gradebook.totals import letter, shown
from autograder.report.canvas import CANVAS_IDENTITY, canvas_number, found_again, students_of
from autograder.report.csv_form import cell, csv_text


def grades_csv(book: Book) -> str:
    """A row for each person: points of every part, days left, and the total, exact and as it is shown."""
    course, parts = book.policy.course, book.policy.parts
    pools = list(course.late.pools)
    rows = [["who", "name", "email", "sis_id", "section", *(p.id for p in parts), *(f"{p}_days_left" for p in pools),
             "total_exact", "total", "letter", "so_far", "if_nothing_changes"]]  # fmt: skip
    for row in book.rows.values():
        total = "" if row.total is None else shown(row.total, course.decimals)
        rows.append([
            *_identity(row), *(_points(row.lines[p.id]) for p in parts), *(str(row.days_left[p]) for p in pools),
            "" if row.total is None else str(row.total), total,
            "" if row.total is None else letter(row.total, course),
            "" if row.so_far is None else shown(row.so_far, course.decimals),
            "" if row.unchanged is None else shown(row.unchanged, course.decimals),
        ])  # fmt: skip
    return csv_text(rows)


def _identity(row: Row) -> list[str]:
    person = row.person
    if person is None:
        return [cell(row.who), "", "", "", ""]
    return [cell(t) for t in (row.who, person.name, person.email, person.sis_id, person.section)]


def _points(line: Line) -> str:
    if line.state is State.EXCUSED:
        return "excused"
    return "" if line.points is None else canvas_number(line.points)


def days_csv(book: Book) -> str:
    """A row for each person and part: the due time after extensions, the version that counts, days, and why."""
    clock = book.policy.clock()
    rows = [["who", "part", "due", "extended", "waived", "version", "handed_in", "late", "days_paid", "days_not_paid",
             "points", "possible", "adjusted", "state", "note"]]  # fmt: skip
    for row in book.rows.values():
        for line in row.lines.values():
            version = line.version
            when = clock.shown(version.submitted.at) if version and version.submitted else ""
            rows.append([
                cell(row.who), line.part, f"{line.due.wall:%Y-%m-%dT%H:%M}", "yes" if line.due.extended else "",
                str(line.due.waived or ""), version.id[:12] if version else "", when,
                str(version.late) if version else "", str(line.days), str(line.over), _points(line),
                canvas_number(line.possible), str(line.adjusted or ""), line.state.value, cell(line.note),
            ])  # fmt: skip
    return csv_text(rows)


def audit(book: Book, events: Sequence[Event]) -> str:
    """All events in order, and the digest of what followed from them: JSON lines."""
    digest = hashlib.sha256((grades_csv(book) + days_csv(book)).encode("utf-8", "backslashreplace")).hexdigest()
    last = json.dumps({"book": digest, "as_of": book.now.isoformat(), "events": len(events)})
    return "".join(f"{line_of_event(e)}\n" for e in ordered(list(events))) + last + "\n"


@dataclass(frozen=True)
class BookFile:
    """A file for a course system, and who is on one side only."""

    text: str
    not_in_roster: tuple[str, ...]
    not_in_book: tuple[str, ...]
    columns: tuple[str, ...] = ()


def canvas_book(book: Book, export: str, *, groups: bool = False) -> BookFile:
    """Canvas' import file with a column for each part: the export's own where it has one of that title.

    Args:
        export: text of a gradebook export of Canvas; its rows and their order are kept.
        groups: also a column of each group and of the total, of 100.

    Raises:
        UsageError: it is no export of Canvas, or has two columns of a title.
    """
    header, students = students_of(export)
    people = {who: row.person for who, row in book.rows.items()}
    whos = [who for _, who in rows_with_people(csv_text([list(CANVAS_IDENTITY), *students]), people)]
    by_id = {tuple(student): who for student, who in zip(_told(students), whos, strict=True)}
    parts = book.policy.parts
    columns = [found_again(book.policy.title(p), header) for p in parts]
    names = [*book.policy.course.groups, "Total"] if groups else []
    possible = [canvas_number(book.policy.possible(p.id)) for p in parts]
    out = [
        [*CANVAS_IDENTITY, *columns, *names],
        ["    Points Possible", "", "", "", "", *possible, *("100" for _ in names)],
    ]
    for student in students:
        row = book.rows.get(by_id.get(tuple(student), ""))
        cells = [_canvas_cell(row.lines[p.id]) for p in parts] if row else [""] * len(parts)
        sums = _sums(book, row) if row and groups else [""] * len(names)
        out.append([cell(student[0]), *student[1:], *cells, *sums])
    found = {*by_id.values()}
    return BookFile(
        csv_text(out),
        tuple(who for who in book.rows if who not in found),
        tuple(s[0] for s in students if not by_id.get(tuple(s))),
        tuple(columns),
    )


def _told(students: Sequence[list[str]]) -> list[list[str]]:
    """Those of whom a roster tells something: Canvas' own test student is none."""
    return [s for s in students if s[0].casefold() != "student, test"]


def _canvas_cell(line: Line) -> str:
    if line.state is State.EXCUSED:
        return "EX"
    return "" if line.points is None else canvas_number(line.points)


def _sums(book: Book, row: Row) -> list[str]:
    """Percent of every group, and of all; empty while something is missing."""
    found = []
    for group in book.policy.course.groups:
        lines = [row.lines[p.id] for p in book.policy.parts if p.group == group]
        kept = [line for line in lines if line.state.settled and line.state is not State.DROPPED]
        settled = all(line.state.settled or line.state is State.EXCUSED for line in lines)
        weight = sum((row.shares.of[line.part] for line in kept), Fraction(0))
        value = sum((row.shares.of[line.part] * (line.share or 0) for line in kept), Fraction(0))
        found.append(shown(100 * value / weight, book.policy.course.decimals) if settled and weight else "")
    return [*found, "" if row.total is None else shown(row.total, book.policy.course.decimals)]


def gradescope_book(book: Book) -> str:
    """Points in the columns of Gradescope's own export of grades.

    Its late policy must be off, or days are counted twice; lateness is therefore told as what was paid, in hours.
    """
    clock, parts = book.policy.clock(), book.policy.parts
    titles = [book.policy.title(p) for p in parts]
    heads = [f"{title}{column}" for title in titles
             for column in ("", " - Max Points", " - Submission Time", " - Lateness (H:M:S)")]  # fmt: skip
    rows = [["First Name", "Last Name", "SID", "Email", "Sections", *heads]]
    for row in book.rows.values():
        person = row.person
        first, last = _names(person.name if person else row.who)
        cells = [cell(first), cell(last), *(cell(t) for t in (
            (person.sis_id, person.email or person.login, person.section) if person else ("", "", "")))]  # fmt: skip
        for part in parts:
            line = row.lines[part.id]
            one = line.version.submitted if line.version else None
            when = f"{one.at.astimezone(clock.tz):%Y-%m-%d %H:%M:%S %z}" if one else ""
            points = "" if line.points is None else canvas_number(line.points)
            cells += [points, canvas_number(line.possible), when, f"{24 * line.days:02d}:00:00"]
        rows.append(cells)
    return csv_text(rows)


def _names(name: str) -> tuple[str, str]:
    """First and last name, of `Last, First` and of `First Last`."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return first, last
