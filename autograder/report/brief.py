"""Brief grades: what tables of a whole class need of a grade, so small that ten thousand fit in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.grading.totals import Grade
from autograder.grading.verdict import Explanation, Observation, Verdict

LONGEST_NOTE = 300


def brief_grades() -> Callable[[Grade], Grade]:
    """A function that makes grades brief; equal verdicts of different submissions are one object in its results.

    A brief grade has the points, statuses, named mistakes and evidence of the whole one, the beginning of its first
    note and the texts of `broken` cases, but no other text and no times.
    """
    seen: dict[Any, Any] = {}

    def brief(grade: Grade) -> Grade:
        return replace(
            grade,
            notes=tuple(note[:LONGEST_NOTE] for note in grade.notes[:1]),
            questions=tuple(seen.setdefault(q, q) for q in grade.questions),
            verdicts=tuple(seen.setdefault(v, v) for v in map(_brief, grade.verdicts)),
        )

    return brief


def _brief(verdict: Verdict) -> Verdict:
    message = verdict.message if verdict.status.grader_fault else ""
    return Verdict(
        replace(verdict.ref, doc=""),
        replace(verdict.outcome, deviation=0.0),
        Explanation(message, misconception=verdict.misconception),
        Observation(world=verdict.world, evidence=verdict.evidence),
    )
