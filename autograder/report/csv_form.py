"""Grades as CSV: Otter's final_grades.csv.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@` or `|` as a formula, blanks before it or not, and takes
their wide forms for the same; a file name is a student's to choose. Such cells get a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction

from autograder.grading.totals import Grade, added
from autograder.report.text import harmless, wait_text

POSSIBLE_ROW = "points-per-question"
_RUNS = "=+-@|"
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufffd\u200b\u2060\u00ad"


def final_grades_csv(grades: Sequence[Grade], files: Mapping[str, str] | None = None) -> str:
    """Otter's `final_grades.csv`: columns and their order, first row and numbers as `otter grade` 7 writes them.

    Rows are sorted by file (Otter's come in order of completion). A submission that is not graded has empty cells and
    says so in `grading_status`, where Otter writes zeros: a fault of the grader is no student's zero. Where cases wait
    for a later run the points are those so far, `grading_status` says how many wait, and there is no share; a question
    of which nothing is judged yet has an empty cell. What is unreadable by its own fault has zeros, and the reason.

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
        if grade.pending:
            open_ones = {q.question for q in grade.questions if q.waiting and q.waiting == q.max_points}
            cells = ["" if head in open_ones else number for head, number in zip(heads, cells, strict=True)]
            rows.append([name, *cells, _number(grade.points), "", f"so far: {wait_text(grade.waiting)}"])
            continue
        rows.append([name, *cells, _number(grade.points), _number(share), cell(_unread(grade)) or "Completed"])
    return csv_text(rows)


def _unread(grade: Grade) -> str:
    return f"could not be read: {harmless(grade.unread, 300)}" if grade.unread else ""


def _why_not(grade: Grade) -> str:
    if grade.unread:
        return f"not graded: {_unread(grade)}"
    broken = [v for v in grade.verdicts if v.status.grader_fault]
    first = harmless(broken[0].message.split("\n")[0], 160)
    return f"not graded: {broken[0].case}: {first}" if first else f"not graded: {broken[0].case}"


def _number(value: Fraction) -> str:
    return repr(float(value))


def cell(text: str) -> str:
    """A text cell that no spreadsheet runs."""
    clean = harmless(text, 400).replace("\n", " ").replace("\t", " ")
    first = unicodedata.normalize("NFKC", clean.lstrip(_BLANKS))[:1]
    return "'" + clean if first and first in _RUNS else clean


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV, lines ended by `\\n`."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
