"""Grades as CSV: Otter's final_grades.csv, and a file that Canvas imports.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, and a file name is a student's to choose;
such cells get a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.errors import UsageError
from autograder.grading.totals import Grade, added
from autograder.report.text import harmless

POSSIBLE_ROW = "points-per-question"
CANVAS_IDENTITY = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_POSSIBLE = "Points Possible"


def final_grades_csv(grades: Sequence[Grade], files: Mapping[str, str] | None = None) -> str:
    """Otter's `final_grades.csv`: columns and their order, first row and numbers as `otter grade` 7 writes them.

    Rows are sorted by file (Otter's come in order of completion). A submission that is not graded has empty cells and
    says so in `grading_status`, where Otter writes zeros: a fault of the grader is no student's zero.

    Args:
        files: submission name → name of its file; the submission's name where there is none.
    """
    files = files or {}
    heads = sorted({q.question for g in grades for q in g.questions})
    rows: list[list[str]] = [["file", *heads, "total_points_earned", "percent_correct", "grading_status"]]
    if grades:
        full = {q.question: q.max_points for g in grades for q in g.questions}
        possible = added(full.values())
        rows.append([POSSIBLE_ROW, *(_number(full[h]) for h in heads), _number(possible), "1.0", "--"])
    for grade in sorted(grades, key=lambda g: (files.get(g.submission, g.submission), g.submission)):
        name = cell(files.get(grade.submission, grade.submission))
        own = {q.question: q.points for q in grade.questions}
        if not grade.graded:
            rows.append([name, *("" for _ in heads), "", "", cell(_why_not(grade))])
            continue
        share = grade.points / grade.max_points if grade.max_points else Fraction(0)
        cells = [_number(own.get(h, Fraction(0))) for h in heads]
        rows.append([name, *cells, _number(grade.points), _number(share), "Completed"])
    return _csv(rows)


def _why_not(grade: Grade) -> str:
    broken = [v for v in grade.verdicts if v.status.grader_fault]
    first = harmless(broken[0].message.split("\n")[0], 160)
    return f"not graded: {broken[0].case}: {first}" if first else f"not graded: {broken[0].case}"


def _number(value: Fraction) -> str:
    return repr(float(value))


def cell(text: str) -> str:
    """A text cell that no spreadsheet runs."""
    clean = harmless(text, 400).replace("\n", " ").replace("\t", " ")
    return "'" + clean if clean[:1] in ("=", "+", "-", "@") else clean


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


@dataclass(frozen=True)
class CanvasFile:
    """A file for Canvas' gradebook import, with the names that could not be matched, on both sides."""

    text: str
    unknown_submissions: tuple[str, ...]
    students_without: tuple[str, ...]


def canvas_csv(grades: Sequence[Grade], export: str, column: str) -> CanvasFile:
    """The import file: identity columns from a Canvas export, and one column of points.

    A submission's name is matched, without regard to case, with SIS Login ID, SIS User ID, ID, the part of the login
    before an @, or the student's name. Submissions that are not graded are left empty, so that Canvas changes nothing.

    Args:
        export: text of a gradebook export of Canvas (it has the identity columns and a Points Possible row).
        column: the assignment's column as Canvas writes it, `Title (1234)`; any other makes a new assignment.

    Raises:
        UsageError: the export lacks an identity column, or names one student twice for a submission.
    """
    rows = list(csv.reader(io.StringIO(export.removeprefix("\ufeff"))))
    header = [h.strip() for h in rows[0]] if rows else []
    missing = [c for c in CANVAS_IDENTITY if c not in header]
    if missing:
        raise UsageError(
            "is not a gradebook export of Canvas", where="roster", found=f"no column {missing[0]!r}",
            expected=", ".join(CANVAS_IDENTITY), fix="in Canvas: Grades → Export → Export Entire Gradebook",
        )  # fmt: skip
    places = [header.index(c) for c in CANVAS_IDENTITY]
    students = [[row[p] if p < len(row) else "" for p in places] for row in rows[1:] if any(x.strip() for x in row)]
    students = [s for s in students if s[0].strip() != _CANVAS_POSSIBLE]
    found = _matched(grades, students)
    by_row = {row: grade for grade, row in found}
    possible = next((g.max_points for g in grades), Fraction(0))
    out: list[list[str]] = [
        [*CANVAS_IDENTITY, column],
        [f"    {_CANVAS_POSSIBLE}", "", "", "", "", _canvas_number(possible)],
    ]
    for index, student in enumerate(students):
        grade = by_row.get(index)
        out.append([*student, _canvas_number(grade.points) if grade and grade.graded else ""])
    known = {grade.submission for grade, _ in found}
    return CanvasFile(
        _csv(out),
        tuple(sorted(g.submission for g in grades if g.submission not in known)),
        tuple(s[0] for i, s in enumerate(students) if i not in by_row),
    )


def _canvas_number(points: Fraction) -> str:
    return f"{float(points):.4f}".rstrip("0").rstrip(".")


def _matched(grades: Sequence[Grade], students: Sequence[Sequence[str]]) -> list[tuple[Grade, int]]:
    """Pairs of grade and row; a row is given to one grade only."""
    keys: list[dict[str, list[int]]] = [{} for _ in range(5)]
    for index, (name, number, sis, login, _) in enumerate(students):
        for table, key in zip(keys, (login, sis, number, login.split("@")[0], name), strict=True):
            if key.strip():
                table.setdefault(key.strip().casefold(), []).append(index)
    found: list[tuple[Grade, int]] = []
    taken: dict[int, str] = {}
    for grade in sorted(grades, key=lambda g: g.submission):
        rows = next((t[grade.submission.casefold()] for t in keys if grade.submission.casefold() in t), [])
        if not rows:
            continue
        if len(rows) > 1 or rows[0] in taken:
            other = taken.get(rows[0], f"{len(rows)} rows of the roster")
            raise UsageError(
                f"submission `{grade.submission}` cannot be matched with one student", where="roster",
                found=f"also {other}", fix="name submissions by SIS Login ID",
            )  # fmt: skip
        taken[rows[0]] = f"submission `{grade.submission}`"
        found.append((grade, rows[0]))
    return found
