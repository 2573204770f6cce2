"""A file that Canvas' gradebook imports: identity columns of its own export, and one column of points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.errors import UsageError
from autograder.grading.totals import Grade
from autograder.intake.matching import Finder
from autograder.intake.rosters import rows_of
from autograder.report.csv_form import cell, csv_text

CANVAS_IDENTITY = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POSSIBLE = "points possible"


@dataclass(frozen=True)
class CanvasFile:
    """A file for Canvas' gradebook import, with the names that could not be matched, on both sides.

    `column` is its last column: the one of the export that was found again, or a new one, which `new` says.
    `contested` says, a sentence each, which rows were left empty because more than one submission may be theirs.
    """

    text: str
    unknown_submissions: tuple[str, ...]
    students_without: tuple[str, ...]
    column: str = ""
    new: bool = False
    contested: tuple[str, ...] = ()


def canvas_csv(grades: Sequence[Grade], export: str, column: str, possible: Fraction | None = None) -> CanvasFile:
    """The import file.

    A submission's name is matched, without regard to case, with SIS Login ID, SIS User ID, ID, the part of the login
    before an @, or the student's name, the whole of it first, then the numbers and words in it (`hw_12345_final`,
    `Ada Lovelace (4711)`, `lovelaceada (12345)`). A team's `A + B` stands for both. Submissions that are not graded, or
    not wholly yet, are left empty, so that Canvas changes nothing; so is a row that two submissions may belong to.

    Args:
        export: text of a gradebook export of Canvas (it has the identity columns and a Points Possible row).
        column: the assignment's column as Canvas writes it, `Title (1234)`, or the title alone, which is looked for;
            one that is not there makes a new assignment.
        possible: points of the whole assignment, written questions included; those of the machine by default.

    Raises:
        UsageError: the export lacks an identity column, or has two of this title.
    """
    header, students = students_of(export)
    column = found_again(column, header)
    claims, vague = _claims(grades, students)
    by_row = {row: found[0] for row, found in claims.items() if len(found) == 1}
    most = possible if possible is not None else next((g.max_points for g in grades), Fraction(0))
    out: list[list[str]] = [
        [*CANVAS_IDENTITY, column],
        ["    Points Possible", "", "", "", "", canvas_number(most)],
    ]
    for index, student in enumerate(students):
        grade = by_row.get(index)
        out.append([cell(student[0]), *student[1:], canvas_number(grade.points) if grade and grade.complete else ""])
    known = {grade.submission for found in claims.values() for grade in found}
    return CanvasFile(
        csv_text(out),
        tuple(sorted(g.submission for g in grades if g.submission not in known)),
        tuple(s[0] for i, s in enumerate(students) if i not in claims),
        column,
        column not in header,
        (*(_contested(students[row][0], found) for row, found in sorted(claims.items()) if len(found) > 1), *vague),
    )


def students_of(export: str) -> tuple[list[str], list[list[str]]]:
    """The header of Canvas' export, and the identity cells of every student.

    Raises:
        UsageError: an identity column is missing.
    """
    header, *rows = rows_of(export) or [[]]
    missing = [c for c in CANVAS_IDENTITY if c not in header]
    if missing:
        raise UsageError(
            "is not a gradebook export of Canvas", where="roster", found=f"no column {missing[0]!r}",
            expected=", ".join(CANVAS_IDENTITY), fix="in Canvas: Grades → Export → Export Entire Gradebook",
        )  # fmt: skip
    places = [header.index(c) for c in CANVAS_IDENTITY]
    students = [[row[p] if p < len(row) else "" for p in places] for row in rows]
    return header, [s for s in students if any(s[:4]) and s[0].casefold() != _POSSIBLE]


def _contested(student: str, found: Sequence[Grade]) -> str:
    names = " and ".join(f"`{grade.submission}`" for grade in found)
    return f"{student}: {names} may both be theirs; left empty, name submissions by SIS Login ID"


def canvas_number(points: Fraction) -> str:
    """Points as Canvas reads them."""
    return f"{float(points):.4f}".rstrip("0").rstrip(".")


def found_again(column: str, header: Sequence[str]) -> str:
    """The export's own column of this title.

    Raises:
        UsageError: there are two.
    """
    if column in header:
        return column
    same = [h for h in header if re.fullmatch(rf"{re.escape(column)} \(\d+\)", h, re.IGNORECASE)]
    if len(same) > 1:
        raise UsageError("has two columns of this title", where="roster", found=", ".join(same),
                         fix=f'say which: --column "{same[0]}"')  # fmt: skip
    return same[0] if same else column


def _claims(grades: Sequence[Grade], students: Sequence[Sequence[str]]) -> tuple[dict[int, list[Grade]], list[str]]:
    """Row → the grades that may belong to it, a team's to several rows; and a sentence for each name that fits many."""
    finder = Finder(students)
    found: dict[int, list[Grade]] = {}
    vague = []
    for grade in sorted(grades, key=lambda g: g.submission):
        for part in grade.submission.split(" + "):
            rows = finder.rows(part)
            if len(rows) > 1:
                first = ", ".join(students[row][0] for row in rows[:3])
                vague.append(f"`{part}` fits {len(rows)} students ({first}); name submissions by SIS Login ID")
            elif rows:
                found.setdefault(rows[0], []).append(grade)
    return found, vague
