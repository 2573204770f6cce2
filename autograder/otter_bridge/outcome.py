"""The outcome of a grading as Otter gets it: per case whether it passed and what to say, per question its points.

It is JSON and no code, made in the trusted grader. Otter's notebook holds nothing else of the submission.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.grading.explanation import explanation
from autograder.grading.totals import Grade

VARIABLE = "AUTOGRADER_OUTCOME"


def outcome_of(grade: Grade) -> dict[str, Any]:
    """The table: `cases` (name -> passed, message), `questions` (id -> points), `graded`, `summary`."""
    return {
        "graded": grade.graded,
        "summary": "\n".join(
            [f"! {note}" for note in grade.notes]
            + [f"{grade.assignment}: {float(grade.points):g} of {float(grade.max_points):g} points"]
        ),
        "cases": {v.case: {"passed": v.status.passed, "message": explanation(v) or v.status} for v in grade.verdicts},
        "questions": {q.question: float(q.points) for q in grade.questions},
        "layers": list(grade.layers),
    }


def outcome_cell(outcome: dict[str, Any]) -> str:
    """The source of the one cell of the notebook that Otter runs in place of the student's."""
    text = json.dumps({"cases": outcome["cases"]})
    return f"import json\n{VARIABLE} = json.loads({text!r})"
