"""Gradescope's results.json of one student: visibility states from assignment.toml, texts as Markdown.

A question has a visible entry for its public cases and an entry for its hidden ones, which appears when the assignment
says so and then holds counts only. Texts of hidden cases are in no entry that can ever become visible. They stand in
an entry of visibility `hidden` where the assignment has such a question anyway; otherwise not at all, since Gradescope
shows no total to a student as long as one entry is hidden (`staff_text` is for the log that only staff see).
A submission that is not graded has no score, so that Gradescope reports a failed autograder and not a zero. Cases that
wait for a later run count in no score: an entry with nothing else has none, and the total is what is known so far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograder import __version__
from autograder.grading.totals import Grade, added
from autograder.grading.verdict import Verdict
from autograder.report.audience import HiddenPart, hidden_part, waiting_points
from autograder.report.text import STATUS_WORDS, harmless, located_text, numbers_of, points_text, wait_text
from autograder.spec.models import Assignment, Question


def not_graded(why: str) -> str:
    """What a student reads whose hand-in was not graded.

    Args:
        why: what failed, a clause.
    """
    return (
        f"This submission has **not been graded**: {why}. That says nothing about your work. The course staff can see "
        "the reason and will grade it again."
    )


def results(grade: Grade, spec: Assignment) -> dict[str, Any]:
    """The table that goes into `results.json`."""
    if not grade.graded:
        return {
            "output": not_graded(grade.failure),
            "output_format": "md",
            "tests": [_staff_entry(grade)],
            "extra_data": _made_by(),
        }
    tests: list[dict[str, Any]] = []
    read = {v.question for v in grade.verdicts}
    for question in (q for q in spec.questions if q.kind != "written" or q.id in read):
        tests += _entries(grade, spec, question, numbers_of(spec)[question.id])
    if any(t["visibility"] == "hidden" for t in tests):
        tests.append(_staff_entry(grade))
    table: dict[str, Any] = {
        "score": float(grade.points),
        "output": _overview(grade, spec),
        "output_format": "md",
        "test_output_format": "md",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": _made_by(),
    }
    boards = [v.board for v in grade.verdicts if v.board is not None]
    if spec.leaderboard and boards:
        table["leaderboard"] = [{"name": spec.leaderboard, "value": boards[-1]}]
    return table


def _made_by() -> dict[str, str]:
    """Which version wrote the file; the one that graded stands in the texts."""
    return {"autograder": __version__}


def _overview(grade: Grade, spec: Assignment) -> str:
    public = [v for v in grade.verdicts if v.public]
    points, most = sum(v.points for v in public), sum(v.max_points for v in public)
    text = f"**{spec.title}** — public cases: {points_text(points + 0 * grade.points)} of "
    text += f"{points_text(most + 0 * grade.points)} points."
    if grade.pending:
        text += f" **So far**: {wait_text(grade.waiting)} for a later run, and are no zero."
    if len(public) < len(grade.verdicts):
        states = {spec.visibility_of(q.id) for q in spec.graded()} - {"visible"}
        when = {
            "after_due_date": "are shown after the due date",
            "after_published": "are shown when the grades are published",
            "hidden": "are not shown",
        }
        text += " Hidden cases count as well; their results " + (
            "; ".join(when[s] for s in sorted(states)) + "." if states else "are below."
        )
    return "\n\n".join([*notes_text(grade), text])


def notes_text(grade: Grade) -> list[str]:
    """What stands on top of a report, as Markdown."""
    return [f"❗ {_one_line(note)}" for note in grade.notes]


def _entries(grade: Grade, spec: Assignment, question: Question, number: int) -> list[dict[str, Any]]:
    own = [v for v in grade.verdicts if v.question == question.id]
    public = [v for v in own if v.public]
    entries = []
    if public:
        name, marks = f"{question.title} (public cases)", marks_of(public)
        entries.append(_entry(f"{number}.1", name, marks, "visible", public_text(public)))
    hidden = hidden_part(own)
    if hidden:
        entries.append(_hidden_entry(hidden, question, number, spec.visibility_of(question.id)))
    return entries


def _hidden_entry(hidden: HiddenPart, question: Question, number: int, visibility: str) -> dict[str, Any]:
    name = f"{question.title} (hidden cases)"
    marks = marks_from(hidden.points, hidden.max_points, hidden.waiting)
    return _entry(f"{number}.2", name, marks, visibility, hidden.summary + ".")


def marks_of(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Score, maximum and status of an entry for these cases; nothing where none of them is judged yet, or all are left
    out."""
    if verdicts and all(v.status.pending or v.left_out for v in verdicts):
        return {}
    marks = marks_from(
        added(v.points for v in verdicts), added(v.max_points for v in verdicts), waiting_points(verdicts)
    )
    if marks and any(not v.status.passed and v.status.scores and not v.left_out for v in verdicts):
        marks["status"] = "failed"  # that of a case for practice does not follow from its points
    return marks


def marks_from(points: Fraction, most: Fraction, waiting: Fraction) -> dict[str, Any]:
    """The same from sums: of what is judged so far, or nothing at all while all of it waits."""
    if waiting and waiting == most:
        return {}
    judged = most - waiting
    return {"score": float(points), "max_score": float(judged), "status": "passed" if points == judged else "failed"}


def _entry(number: str, name: str, marks: dict[str, Any], visibility: str, output: str) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        **marks,
        "visibility": visibility,
        "output": output,
        "output_format": "md",
    }


def _staff_entry(grade: Grade) -> dict[str, Any]:
    return {
        "name": "For staff",
        "status": "passed" if grade.graded else "failed",
        "visibility": "hidden",
        "output": staff_text(grade),
        "output_format": "md",
    }


def public_text(verdicts: Sequence[Verdict]) -> str:
    """Public cases as Markdown, with all that helps a student."""
    return "\n\n".join(_case_text(v) for v in verdicts)


def staff_text(grade: Grade) -> str:
    """Hidden and broken cases as Markdown, whole: for staff only."""
    own = [v for v in grade.verdicts if not v.public or v.status.grader_fault]
    head = f"Grader {grade.tool}, bundle `{grade.bundle[:12]}`, sandbox `{grade.mode}`."
    return "\n\n".join([head, *(_case_text(v) for v in own)])


def _case_text(verdict: Verdict) -> str:
    mark = "✅" if verdict.status.passed else ("❌" if verdict.status.scores and not verdict.left_out else "❔")
    share = f" ({points_text(verdict.points)} of {points_text(verdict.max_points)})" if verdict.max_points else ""
    if verdict.status.pending:
        share = f" ({wait_text(verdict.max_points)})" if verdict.max_points else ""
    elif verdict.for_practice:
        share = " (for practice)"
    lines = [f"{mark} **{STATUS_WORDS[verdict.status]}**{share}: {_one_line(verdict.doc or verdict.case)}"]
    if verdict.status.passed and not verdict.message:
        return lines[0]
    if verdict.message:
        lines.append(fenced(verdict.message))
    values = [(k, v) for k, v in (("got", verdict.got), ("expected", verdict.expected), ("where", verdict.where)) if v]
    if values:
        lines.append(fenced("\n".join(f"{k + ':':<10}{v}" for k, v in values)))
    if located := located_text(verdict):
        lines.append(f"🔎 {_one_line(located)}")
    told = verdict.feedback or verdict.diagnosis
    if told:
        lines.append(f"💡 {_one_line(told)}")
    if verdict.stdout:
        lines.append("What your code printed:\n\n" + fenced(verdict.stdout))
    return "\n\n".join(lines)


def _one_line(text: str) -> str:
    """Text on one line, in which nothing opens an HTML tag (it stays as typed in most readers)."""
    return " ".join(harmless(text, 1000).split()).replace("<", "&lt;")


def fenced(text: str) -> str:
    """A code block that its own content cannot close."""
    clean = harmless(text, 4000)
    longest = max((len(run) for run in re.findall(r"`+", clean)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{clean}\n{fence}"
