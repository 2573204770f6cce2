"""Grades in a terminal: one student's, and a cohort's, in 100 columns, with or without colour."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.grading.explanation import asked, rows
from autograder.grading.status import Status
from autograder.grading.totals import Grade, QuestionGrade, added
from autograder.grading.verdict import Verdict
from autograder.report.audience import flags
from autograder.report.text import (
    STATUS_WORDS,
    harmless,
    located_text,
    percent_text,
    points_text,
    seconds_text,
    wait_text,
)

WIDTH = 100
MOST_ROWS = 300
_STYLES = {Status.PASSED: "green", Status.BROKEN: "bold magenta", Status.SKIPPED: "dim", Status.WAITING: "cyan"}
_MARKS = {Status.PASSED: "✓", Status.BROKEN: "?", Status.SKIPPED: "–", Status.WAITING: "…"}
_NOTED = tuple(s for s in Status if s not in (Status.PASSED, Status.FAILED, Status.WAITING, Status.BROKEN))


def console_for(stream: TextIO | None = None) -> Console:
    """A console 100 columns wide, or as narrow as the terminal is; no colour when piped."""
    stream = stream or sys.stdout
    console = Console(file=stream, highlight=False, soft_wrap=False)
    if not console.is_terminal or console.width > WIDTH:
        console.width = WIDTH
    return console


def print_grade(grade: Grade, console: Console | None = None, *, hidden_text: bool = True) -> None:
    """Print one student's grade.

    Args:
        hidden_text: whether messages of hidden cases are shown (staff) or left out.
    """
    (console or console_for()).print(grade_view(grade, hidden_text=hidden_text))


def print_cohort(grades: Sequence[Grade], console: Console | None = None) -> None:
    """Print a table of all grades, sorted by name, with the mean of every question."""
    (console or console_for()).print(cohort_view(grades))


def grade_view(grade: Grade, *, hidden_text: bool = True) -> RenderableType:
    """One student's grade: a line per case, and below each that did not pass what is wrong and why."""
    parts: list[RenderableType] = [_headline(grade)]
    parts += [Padding(Text(f"! {harmless(note, 900)}", style="yellow"), (0, 0, 0, 2)) for note in grade.notes]
    parts.append(Text())
    for question in grade.questions:
        parts.append(_question_line(question))
        for verdict in grade.verdicts:
            if verdict.question == question.question:
                parts += _verdict_lines(verdict, hidden_text)
        parts.append(Text())
    parts.append(Text(_conditions(grade), style="dim"))
    return Group(*parts)


def _headline(grade: Grade) -> Text:
    line = Text(harmless(grade.submission, 60), style="bold")
    line.append("  ")
    if not grade.graded:
        line.append("not graded", style=_STYLES[Status.BROKEN])
        line.append(f": {grade.failure} (cases marked ?); this says nothing about the student")
        return line
    line.append(f"{points_text(grade.points)} of {points_text(grade.max_points)} points", style="bold")
    if grade.pending:
        line.append(" so far", style="bold")
        line.append(f": {wait_text(grade.waiting)} for a later run (cases marked …)", style=_STYLES[Status.WAITING])
        return line
    line.append(f"  {percent_text(grade.points, grade.max_points)}")
    return line


def _question_line(question: QuestionGrade) -> Text:
    line = Text()
    full = question.points == question.max_points
    line.append(f"{points_text(question.points):>6} / {points_text(question.max_points):<5}", style="bold")
    line.append(bar(question.points, question.max_points), style="green" if full else "yellow")
    line.append(f"  {harmless(question.title, 50)}", style="bold")
    line.append(f"  {question.question}", style="dim")
    if question.waiting:
        line.append(f"  so far, {wait_text(question.waiting)}", style=_STYLES[Status.WAITING])
    return line


def bar(part: Fraction, whole: Fraction, width: int = 10) -> str:
    """A bar of blocks; full only when everything was earned, empty only when nothing was."""
    share = float(part / whole) if whole else 0.0
    filled = round(share * width)
    if 0 < share < 1:
        filled = min(max(filled, 1), width - 1)
    return "█" * filled + "░" * (width - filled)


def _verdict_lines(verdict: Verdict, hidden_text: bool) -> list[RenderableType]:
    style = _STYLES.get(verdict.status, "red")
    line = Text("  ")
    line.append(f"{_MARKS.get(verdict.status, '✗')} {STATUS_WORDS[verdict.status]:<18}", style=style)
    told = verdict.public or hidden_text
    line.append(harmless(verdict.case, 60) if told else "hidden case")
    if not verdict.public and told:
        line.append("  hidden", style="dim")
    if verdict.for_practice:
        line.append("  for practice", style="dim")
    elif 0 < verdict.credit < 1:
        line.append(f"  {points_text(verdict.points)} of {points_text(verdict.max_points)}", style="yellow")
    lines: list[RenderableType] = [line]
    if told and (verdict.message or not verdict.status.passed):
        lines += [Padding(t, (0, 0, 0, 6), expand=False) for t in _explanation(verdict)]
    return lines


def _explanation(verdict: Verdict) -> list[Text]:
    texts = []
    doc = harmless(asked(verdict), 300)
    if doc:
        texts.append(Text(doc, style="dim"))
    if verdict.message:
        texts.append(Text(harmless(verdict.message, 600)))
    texts += [Text(f"{label + ':':<10}{harmless(value, 300)}") for label, value in rows(verdict)]
    if located := located_text(verdict):
        texts.append(Text(f"→ {located}", style="cyan"))
    if verdict.feedback:
        texts.append(Text(f"→ {harmless(verdict.feedback, 600)}", style="cyan"))
    elif verdict.diagnosis:
        texts.append(Text(f"→ {harmless(verdict.diagnosis, 300)}", style="cyan"))
    return texts


def _conditions(grade: Grade) -> str:
    parts = [f"autograder {grade.tool}", f"bundle {grade.bundle[:12]}", f"sandbox {grade.mode}"]
    if grade.seconds:
        parts.append(seconds_text(grade.seconds))
    return " · ".join(parts)


def cohort_view(grades: Sequence[Grade]) -> RenderableType:
    """A row per submission (the first 300) and a column per question, then the means of all.

    Questions are numbered when they are many.
    """
    ordered = sorted(grades, key=lambda g: g.submission)
    if not ordered:
        return Text("no submissions")
    questions = ordered[0].questions
    named = sum(max(len(q.question), 5) + 2 for q in questions) <= WIDTH - 48
    heads = [q.question if named else str(i) for i, q in enumerate(questions, 1)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True, padding=0)
    table.add_column("submission", no_wrap=True, min_width=12, max_width=24, overflow="ellipsis")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True, min_width=max(5 if named else 4, len(head)))
    table.add_column("points", justify="right", no_wrap=True, style="bold", min_width=6)
    table.add_column("%", justify="right", no_wrap=True, min_width=3)
    table.add_column("note", overflow="ellipsis", no_wrap=True, ratio=1, min_width=8)
    cell = points_text if named else brief_points
    for grade in ordered[:MOST_ROWS]:
        table.add_row(*_cohort_row(grade, cell))
    if len(ordered) > MOST_ROWS:
        table.add_row(Text(f"and {len(ordered) - MOST_ROWS} more", style="dim"))
    table.add_section()
    table.add_row(*_means(ordered, questions, cell))
    parts: list[RenderableType] = [table]
    if not named:
        legend = "   ".join(f"{i} {harmless(q.question, 40)}" for i, q in enumerate(questions, 1))
        parts.append(Text(legend, style="dim"))
    return Group(*parts)


def brief_points(points: Fraction) -> str:
    """Points with one decimal at most, for tables with many columns."""
    return f"{float(points):.1f}".removesuffix(".0")


def _cohort_row(grade: Grade, cell: Callable[[Fraction], str]) -> list[Text]:
    name = Text(_short(harmless(grade.submission, 200), 28))
    if not grade.graded:
        cells = [Text("?", style=_STYLES[Status.BROKEN])] * len(grade.questions)
        return [name, *cells, Text("–"), Text("–"), Text("not graded", style=_STYLES[Status.BROKEN])]
    cells = [Text(cell(q.points), style=_share_style(q)) for q in grade.questions]
    share = percent_text(grade.points, grade.max_points).removesuffix(" %")
    return [name, *cells, Text(points_text(grade.points)), Text(share), Text(note_of(grade))]


def _share_style(question: QuestionGrade) -> str:
    if question.points == question.max_points:
        return "green"
    return "yellow" if question.points else "red"


def note_of(grade: Grade) -> str:
    """Half a line about a grade: what went wrong most, then whether a person should look."""
    statuses = [v.status for v in grade.verdicts if not v.left_out]
    words = [f"so far, {wait_text(grade.waiting)}"] if grade.pending else []
    words += [f"{statuses.count(s)} {STATUS_WORDS[s]}" for s in _NOTED if s in statuses]
    odd = sorted({v.misconception for v in grade.verdicts if v.misconception})
    if odd:
        words.append(odd[0] + (f" +{len(odd) - 1}" if len(odd) > 1 else ""))
    if any(v.evidence for v in grade.verdicts) and flags(grade):
        words.append("look")
    if grade.notes:
        words.append(harmless(grade.notes[0], 120))
    return ", ".join(words)


def _means(grades: Sequence[Grade], questions: Sequence[QuestionGrade], cell: Callable[[Fraction], str]) -> list[str]:
    graded = [g for g in grades if g.graded]
    if not graded:
        return ["mean", *["–"] * len(questions), "–", "–", f"0 of {len(grades)} graded"]
    n = len(graded)
    columns = [added(g.questions[i].points for g in graded) / n for i in range(len(questions))]
    total = added(columns)
    share = percent_text(total, graded[0].max_points).removesuffix(" %")
    cells = [cell(c) for c in columns]
    return [f"mean of {n}", *cells, points_text(total), share, f"of {points_text(graded[0].max_points)}"]


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
