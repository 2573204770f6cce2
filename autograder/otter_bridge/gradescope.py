"""results.json as Gradescope takes it: an entry per public case, one per question for its hidden ones, the conditions.

Texts of hidden cases stand in no entry; staff find them in the log (stdout), which Gradescope shows to staff only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from autograder.grading.explanation import explanation
from autograder.grading.totals import Grade
from autograder.grading.verdict import Verdict
from autograder.report.audience import hidden_part
from autograder.report.gradescope import marks_from, marks_of, public_text, results
from autograder.report.gradescope import not_graded as not_graded_text
from autograder.report.text import STATUS_WORDS, harmless, points_text, wait_text
from autograder.spec.models import Assignment


def not_graded(why: str) -> dict[str, Any]:
    """The results of a submission that was not graded. It has no score, so that it is never a student's zero.

    Args:
        why: what failed, a clause.
    """
    return {"output": not_graded_text(why), "output_format": "md", "tests": [], "extra_data": {"graded": False}}


def results_table(grade: Grade, spec: Assignment, metadata: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """The whole table. `metadata` is Gradescope's submission_metadata.json, or empty; `seconds` the time taken."""
    table = results(grade, spec)
    if grade.graded:
        table["tests"] = _tests(grade, spec)
        notes = [note for note in (_lateness(metadata), _group(metadata)) if note]
        table["output"] = "\n\n".join([table["output"], *notes])
    table["execution_time"] = round(seconds, 2)
    table["extra_data"] = {
        "graded": grade.graded,
        "assignment": grade.assignment,
        "bundle": grade.bundle,
        "digest": grade.digest,
        "tool": grade.tool,
        "sandbox": grade.mode,
        "layers": list(grade.layers),
    }
    return table


def _tests(grade: Grade, spec: Assignment) -> list[dict[str, Any]]:
    tests: list[dict[str, Any]] = []
    for number, question in enumerate(spec.graded(), 1):
        own = [v for v in grade.verdicts if v.question == question.id]
        public = [v for v in own if v.public]
        for index, verdict in enumerate(public, 1):
            name = f"{question.title}: {verdict.case.replace('_', ' ')}"
            entry = _entry(f"{number}.{index}", name, marks_of([verdict]), public_text([verdict]))
            tests.append(entry | {"visibility": "visible"})
        hidden = hidden_part(own)
        if hidden:
            name = f"{question.title}: hidden cases"
            marks = marks_from(hidden.points, hidden.max_points, hidden.waiting)
            entry = _entry(f"{number}.{len(public) + 1}", name, marks, hidden.summary + ".")
            tests.append(entry | {"visibility": spec.visibility_of(question.id)})
    return tests


def _entry(number: str, name: str, marks: dict[str, Any], output: str) -> dict[str, Any]:
    return {"number": number, "name": name, **marks, "output": output, "output_format": "md"}


def _lateness(metadata: Mapping[str, Any]) -> str:
    """How late it came, from the times of the submission and never from the clock, so that a re-run says the same."""
    assignment = metadata.get("assignment") or {}
    try:
        handed_in = datetime.fromisoformat(str(metadata["created_at"]))
        due = datetime.fromisoformat(str(assignment["due_date"]))
        late = handed_in - due
    except (KeyError, ValueError, TypeError):
        return ""
    if late <= timedelta(0):
        return ""
    days, rest = late.days, late.seconds
    words = [f"{days} d"] if days else []
    return f"Handed in {' '.join([*words, f'{rest // 3600} h {rest % 3600 // 60:02d} min'])} after the due date."


def _group(metadata: Mapping[str, Any]) -> str:
    users = metadata.get("users")
    if not isinstance(users, list) or len(users) < 2:
        return ""
    names = sorted(str(u.get("name") or u.get("email") or "?") for u in users if isinstance(u, dict))
    return "Group: " + ", ".join(harmless(name, 100).replace("<", "&lt;") for name in names) + "."


def staff_log(grade: Grade) -> str:
    """The whole grade as plain text, hidden cases included: for the log only."""
    lines = [f"{grade.assignment}: {points_text(grade.points)} of {points_text(grade.max_points)} points"]
    if grade.pending:
        lines.append(f"so far: {wait_text(grade.waiting)} for a later run")
    lines += [f"so far: {wait_text(grade.waiting)} for a later run"] if grade.pending else []
    lines += [f"! {harmless(note, 900)}" for note in grade.notes]
    lines.append(f"sandbox {grade.mode}: {', '.join(grade.layers) or 'no layers'}")
    for question in grade.questions:
        lines.append(f"{question.question}: {points_text(question.points)} of {points_text(question.max_points)}")
        lines += [line for v in grade.verdicts if v.question == question.question for line in _case_lines(v)]
    return "\n".join(lines)


def _case_lines(verdict: Verdict) -> list[str]:
    kind = "" if verdict.public else " (hidden)"
    lines = [f"  {STATUS_WORDS[verdict.status]:<12} {verdict.case}{kind}"]
    if not verdict.status.passed:
        lines += [f"      {line}" for line in harmless(explanation(verdict)).splitlines()]
    lines += [f"      evidence: {harmless(note, 300)}" for note in verdict.evidence]
    return lines
