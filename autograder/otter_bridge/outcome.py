"""The outcome of a grading as Otter gets it: per case whether it passed and what to say, per question its points.

It is JSON and no code, made in the trusted grader. Otter's notebook holds nothing else of the submission.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.grading.explanation import explanation
from autograder.grading.totals import Grade
from autograder.grading.verdict import Verdict
from autograder.report.text import wait_text

VARIABLE = "AUTOGRADER_OUTCOME"


def outcome_of(grade: Grade) -> dict[str, Any]:
    """The table: `cases` (name -> passed, message), `questions` (id -> points), `graded`, `summary`;
    where it was not graded, `failure` in words for everybody and `why` as the first case that failed says it.

    Otter knows passed and failed only; a case that waits for a later run says so in its message, and its points are in
    no total.
    """
    return {
        "graded": grade.graded,
        "failure": grade.failure,
        "why": next((v.message for v in grade.verdicts if v.status.grader_fault), ""),
        "summary": "\n".join(
            [f"! {note}" for note in grade.notes]
            + [f"{grade.assignment}: {float(grade.points):g} of {float(grade.max_points):g} points"]
            + ([f"so far: {wait_text(grade.waiting)} for a later run"] if grade.pending else [])
        ),
        "cases": {v.case: {"passed": v.status.passed, "message": _message(v)} for v in grade.verdicts},
        "questions": {q.question: float(q.points) for q in grade.questions},
        "layers": list(grade.layers),
    }


def _message(verdict: Verdict) -> str:
    text = explanation(verdict) or verdict.status.value
    return f"not graded yet: {text}" if verdict.status.pending else text


def outcome_cell(outcome: dict[str, Any]) -> str:
    """The source of the one cell of the notebook that Otter runs in place of the student's."""
    text = json.dumps({"cases": outcome["cases"]})
    return f"import json\n{VARIABLE} = json.loads({text!r})"
