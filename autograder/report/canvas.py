"""A file that Canvas' gradebook imports: identity columns of its own export, and one column of points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.errors import UsageError
from autograder.grading.totals import Grade
from autograder.intake.rosters import rows_of
from autograder.report.csv_form import cell, csv_text

CANVAS_IDENTITY = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POSSIBLE = "points possible"
_TOKEN = re.compile(r"[\w.@+-]+")
_SHORTEST = 3


@dataclass(frozen=True)
class CanvasFile:
    """A file for Canvas' gradebook import, with the names that could not be matched, on both sides.

    `column` is its last column: the one of the export that was found again, or a new one.
    """

    text: str
    unknown_submissions: tuple[str, ...]
    students_without: tuple[str, ...]
    column: str = ""


def canvas_csv(grades: Sequence[Grade], export: str, column: str, possible: Fraction | None = None) -> CanvasFile:
    """The import file.

    A submission's name is matched, without regard to case, with SIS Login ID, SIS User ID, ID, the part of the login
    before an @, or the student's name, the whole of it first, then the numbers and words in it (`hw_12345_final`,
    `Ada Lovelace (4711)`, `lovelaceada (12345)`). A team's `A + B` stands for both. Submissions that are not graded, or
    not wholly yet, are left empty, so that Canvas changes nothing.

    Args:
        export: text of a gradebook export of Canvas (it has the identity columns and a Points Possible row).
        column: the assignment's column as Canvas writes it, `Title (1234)`, or the title alone, which is looked for;
            one that is not there makes a new assignment.
        possible: points of the whole assignment, written questions included; those of the machine by default.

    Raises:
        UsageError: the export lacks an identity column, has two of this title, or two submissions are of one student.
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
    students = [s for s in students if any(s[:4]) and s[0].casefold() != _POSSIBLE]
    column = _found_again(column, header)
    found = _matched(grades, students)
    by_row = {row: grade for grade, row in found}
    most = possible if possible is not None else next((g.max_points for g in grades), Fraction(0))
    out: list[list[str]] = [
        [*CANVAS_IDENTITY, column],
        ["    Points Possible", "", "", "", "", _number(most)],
    ]
    for index, student in enumerate(students):
        grade = by_row.get(index)
        out.append([cell(student[0]), *student[1:], _number(grade.points) if grade and grade.complete else ""])
    known = {grade.submission for grade, _ in found}
    return CanvasFile(
        csv_text(out),
        tuple(sorted(g.submission for g in grades if g.submission not in known)),
        tuple(s[0] for i, s in enumerate(students) if i not in by_row),
        column,
    )


def _number(points: Fraction) -> str:
    return f"{float(points):.4f}".rstrip("0").rstrip(".")


def _found_again(column: str, header: Sequence[str]) -> str:
    """The export's own column of this title."""
    if column in header:
        return column
    same = [h for h in header if re.fullmatch(rf"{re.escape(column)} \(\d+\)", h, re.IGNORECASE)]
    if len(same) > 1:
        raise UsageError("has two columns of this title", where="roster", found=", ".join(same),
                         fix=f'say which: --column "{same[0]}"')  # fmt: skip
    return same[0] if same else column


def _matched(grades: Sequence[Grade], students: Sequence[Sequence[str]]) -> list[tuple[Grade, int]]:
    """Pairs of grade and row; a row is given to one grade only, a team's grade to several rows."""
    whole, words = _keys(students)
    found: list[tuple[Grade, int]] = []
    taken: dict[int, str] = {}
    for grade in sorted(grades, key=lambda g: g.submission):
        for part in grade.submission.split(" + "):
            rows = _rows(part, whole, words)
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


Table = dict[str, list[int]]


def _keys(students: Sequence[Sequence[str]]) -> tuple[list[Table], list[Table]]:
    """Tables by which a whole name is looked for, and a word of one, best first."""
    whole: list[Table] = [{} for _ in range(5)]
    words: list[Table] = [{} for _ in range(5)]
    for index, (name, number, sis, login, _) in enumerate(students):
        for table, key in zip(whole, (login, sis, number, login.split("@")[0], name), strict=True):
            _put(table, key.casefold(), index)
        for table, key in zip(words, (login, sis, number, login.split("@")[0]), strict=False):
            _put(table, key.casefold() if len(key) >= _SHORTEST else "", index)
        for key in {_run_together(name), _run_together(" ".join(reversed(name.split(","))))}:
            _put(words[4], key, index)
    return whole, words


def _put(table: Table, key: str, index: int) -> None:
    if key.strip():
        table.setdefault(key.strip(), []).append(index)


def _rows(name: str, whole: Sequence[Table], words: Sequence[Table]) -> list[int]:
    folded = name.casefold().strip()
    rows = next((t[folded] for t in whole if folded in t), [])
    if rows:
        return rows
    bare = re.sub(r"\([^)]*\)", " ", name)
    tokens = [*_tokens(folded), _run_together(bare), *(_run_together(t) for t in _tokens(folded))]
    for table in words:
        hits = {row for token in tokens for row in table.get(token, ())}
        if hits:
            return sorted(hits)
    return []


def _tokens(text: str) -> Iterable[str]:
    """Words and numbers in a name, `_` and `-` apart too."""
    for token in _TOKEN.findall(text):
        yield token
        yield from re.split(r"[_-]+", token)


def _run_together(text: str) -> str:
    """Letters of a name without accents, blanks and commas, as Canvas writes it in front of files."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalpha())
