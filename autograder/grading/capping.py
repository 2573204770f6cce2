"""Capping: a milestone whose credit is never more than that of the replay which names it in `caps`.

Weights may come from anywhere; what `train` makes in a world of its own does not. While the replay waits the milestone
waits with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.authoring.loading import CaseSet
from autograder.grading.status import Status
from autograder.grading.verdict import Outcome, Verdict

ALONE = "the weights alone are worth"


def capped(cases: CaseSet, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts with their caps in force; doing it twice changes nothing."""
    caps = {c.caps: c.name for c in cases.cases if c.caps}
    own = {v.case: v for v in verdicts}
    return tuple(_capped(v, own[caps[v.case]]) if caps.get(v.case) in own else v for v in verdicts)


def _capped(verdict: Verdict, replay: Verdict) -> Verdict:
    if not verdict.credit or not verdict.status.scores:
        return verdict
    share = float(verdict.credit)
    if replay.status.pending:
        waiting = Outcome.without_credit(Status.WAITING, verdict.outcome.max_points)
        what = f"worth {share:.0%} of its points so far, which wait for `{replay.case}`: the replay has not been run"
        return replace(verdict.told(message=what), outcome=waiting)
    if replay.credit >= verdict.credit:
        return verdict
    outcome = replace(Outcome.of(replay.credit, verdict.outcome.max_points), deviation=verdict.deviation)
    if ALONE in verdict.message:
        return replace(verdict, outcome=outcome)  # said before
    what = (
        f"{ALONE} {share:.0%} of the points, what your `train` makes on new data "
        f"{float(replay.credit):.0%}; the smaller one counts (see `{replay.case}`)"
    )
    return replace(verdict.told(message=f"{verdict.message}; {what}" if verdict.message else what), outcome=outcome)
