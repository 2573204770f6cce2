"""What needs a person first: who was not graded, who has nothing and why, what was flagged, what waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from autograder.grading.totals import Grade
from autograder.report.text import harmless, wait_text

HEADINGS = {
    "not graded": "Not graded: the grader or this machine failed",
    "unreadable": "0 points: could not be read",
    "zero": "0 points",
    "flagged": "To look at",
    "waiting": "So far: what is not judged yet",
}
LONGEST = 300


@dataclass(frozen=True)
class Look:
    """Something that a person should look at: whose, of which kind (a key of HEADINGS), and what there is to say."""

    who: str
    kind: str
    notes: tuple[str, ...]


def look_at(grade: Grade) -> Look | None:
    """Why a person should look at a grade by its points; None where there is no reason."""
    who = grade.submission
    if not grade.graded:
        return Look(who, "not graded", (_first(_broken(grade)) or grade.failure,))
    if grade.unread:
        return Look(who, "unreadable", (_first(grade.unread),))
    if not grade.points and not grade.pending and grade.max_points:
        return Look(who, "zero", (_cause(grade),))
    return Look(who, "waiting", (wait_text(grade.waiting),)) if grade.pending else None


def _broken(grade: Grade) -> str:
    told = (f"{v.case}: {v.message}" for v in grade.verdicts if v.status.grader_fault and v.message)
    return grade.notes[0] if grade.notes else next(told, "")


def _cause(grade: Grade) -> str:
    """Why nothing was earned: what is said of the whole hand-in, or of most of its cases."""
    if grade.notes:
        return _first(grade.notes[0])
    said = Counter(_first(v.message) for v in grade.verdicts if not v.status.passed and not v.left_out and v.message)
    if not said:
        return ""
    text, times = said.most_common(1)[0]
    return f"{text} ({times} of {len(grade.verdicts)} cases)" if times > 1 else text


def _first(text: str) -> str:
    return harmless(text.strip().split("\n")[0], LONGEST)
