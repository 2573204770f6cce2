"""Judges that know the best possible value: for hidden cases only, since the judges of public cases are handed out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mixtures_judges import RIGHT, loss_of, majority_of, routing, wrong

from autograder.checks import Measured, entries, never_raises


@never_raises
def votes_at_the_end(outputs: Any, tasks: Sequence[tuple[Fraction, bool]]) -> Measured:
    """For each (p, best) a joint table of three voters of accuracy p with the best (the worst) majority."""
    for (p, best), value in zip(tasks, entries(outputs, "the answers", len(tasks)), strict=True):
        majority = majority_of(value, p)
        asked = min(Fraction(1), 3 * p / 2) if best else max(Fraction(0), (3 * p - 1) / 2)
        if majority != asked:
            return wrong(f"p = {p}: the majority is right with probability {majority}, which is not the {'largest' if best else 'smallest'} possible")
    return RIGHT


def least(E: int) -> Fraction:
    """The infimum of the balance loss: groups as in the text; for two experts loads of 3/4 and 1/4."""
    return Fraction(7, 8) if E == 2 else min(Fraction(E, m * (E - m + 1)) for m in range(1, E + 1))


@never_raises
def cheated(outputs: Any, sizes: Sequence[int]) -> Measured:
    """For each E a table with a loss of at most 1.001 times the infimum; on the way there, a share of the points."""
    worst, message, board = Fraction(1), "", 0.0
    for E, value in zip(sizes, entries(outputs, "the answers", len(sizes)), strict=True):
        loss = loss_of(routing(value, E))
        board = float(loss)
        if loss > least(E) * Fraction(1001, 1000):
            share = max(Fraction(0), min(Fraction(9, 10), (1 - loss) / (1 - least(E))))
            if share < worst:
                worst, message = share, f"E = {E}: your table has a balance loss of {float(loss):.5g}; there are tables with less"
    return wrong(message, Fraction(math.floor(10 * worst), 10)) if message else Measured(0.0, board=-board)
