"""Instead: a question that may be answered in place of another; the better of the two counts, and is counted once.

It has no points of its own. Where the credit of its milestone is more than that of the other question's, that one has
it, before replays cap it: so whatever adds points up knows nothing of it, and nothing can be counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.authoring.loading import CaseSet
from autograder.grading.capping import ALONE
from autograder.grading.verdict import Outcome, Verdict
from autograder.spec.models import Assignment


def better_ones(spec: Assignment, cases: CaseSet, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, those that another question stands in for with the better credit; both say which one counts."""
    found = {v.case: v for v in verdicts}
    for question in spec.questions:
        if question.instead_of is None:
            continue
        pair = [found.get(_milestone(cases, q)) for q in (question.instead_of, question.id)]
        if pair[0] is not None and pair[1] is not None:
            found |= {v.case: v for v in _compared(pair[0], pair[1])}
    return tuple(found[v.case] for v in verdicts)


def _milestone(cases: CaseSet, question: str) -> str:
    """The one that there is; `check_milestones_fit` has seen to that."""
    return next(c.name for c in cases.of(question) if c.kind == "milestone")


def _compared(own: Verdict, other: Verdict) -> tuple[Verdict, Verdict]:
    """The verdict that gives the points, and that of the question that stands in for it.

    Doing it twice changes nothing: what a replay has capped since gets its credit back here, and is capped anew.
    """
    if not other.credit or not own.status.scores or not other.status.scores:
        return own, other
    mine, theirs, said = f"{float(own.credit):.0%}", f"{float(other.credit):.0%}", f" of `{own.question}`"
    if own.credit >= other.credit:
        return own, _saying(other, f"worth {theirs}{said}; your other weights are worth {mine}, which counts", said)
    outcome = replace(Outcome.of(other.credit, own.max_points), deviation=own.deviation, board=own.board)
    place = f"`{other.case}` is worth {theirs} and counts in its place"
    lifted = own if ALONE in own.message else _saying(own, f"by itself worth {mine}; {place}", place)
    return replace(lifted, outcome=outcome), _saying(other, f"worth {theirs}{said}, and counts there", said)


def _saying(verdict: Verdict, what: str, unless: str) -> Verdict:
    """With these words behind its message; as it is where that speaks of it already."""
    if unless in verdict.message:
        return verdict
    return verdict.told(message=f"{verdict.message}; {what}" if verdict.message else what)
