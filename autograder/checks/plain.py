"""`close`, `exact` and `satisfies`: the checks of plain values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.authoring.world import World
from autograder.checks.compare import Difference, compare_close, compare_exact
from autograder.checks.judgement import FULL, NONE, Judgement, Measured, allowed
from autograder.values.rendering import brief

DEFAULT_TOLERANCE = 1e-6


def _judged(difference: Difference, tolerance: float) -> Judgement:
    if difference.deviation <= tolerance:
        return Judgement(FULL, difference.deviation)
    return Judgement(NONE, difference.deviation, difference.message, difference.got, difference.expected,
                     difference.where)  # fmt: skip


@dataclass(frozen=True)
class Close:
    """See `close`."""

    tolerance: float | None = None
    elementwise: bool = False
    kind: str = "close"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Largest relative deviation against the tolerance in force."""
        limit = allowed(self.tolerance, tolerance, DEFAULT_TOLERANCE)
        return _judged(compare_close(outputs, expected, self.elementwise, limit), limit)


def close(tolerance: float | None = None, *, elementwise: bool = False) -> Close:
    """Numbers, arrays and nestings of them that agree up to a relative tolerance.

    Shape and dtype class (bool, int, float, complex) must agree; NaN equals nothing; an infinity equals itself.
    The deviation of a leaf is max|a−b| / (max|b| + 1e-8), or per entry |a−b| / |b| with `elementwise=True`.

    Args:
        tolerance: largest deviation that passes; the certificate's when None.
    """
    return Close(tolerance, elementwise)


@dataclass(frozen=True)
class Exact:
    """See `exact`."""

    tolerance: float | None = 0.0
    kind: str = "exact"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Equal or not."""
        return _judged(compare_exact(outputs, expected), 0.0)


def exact() -> Exact:
    """Equality of values and kinds: integers, Fractions, text, booleans, arrays by entry; floats bit for bit."""
    return Exact()


@dataclass(frozen=True)
class Satisfies:
    """See `satisfies`."""

    predicate: Callable[[Any, World], Measured]
    tolerance: float | None = 0.0
    kind: str = "satisfies"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """What the predicate measures, against the tolerance in force."""
        limit = allowed(self.tolerance, tolerance, 0.0)
        measured = self.predicate(outputs, world)
        if measured.deviation <= limit:  # False for NaN
            return Judgement(FULL, float(measured.deviation))
        deviation = math.inf if math.isnan(measured.deviation) else float(measured.deviation)
        return Judgement(measured.credit, deviation, measured.message, got=brief(outputs))


def satisfies(predicate: Callable[[Any, World], Measured], tolerance: float | None = 0.0) -> Satisfies:
    """A pure property of the outputs.

    Args:
        predicate: `(outputs, world) -> Measured`; the world is a fresh one of the case's seed, so that the
            predicate can draw the same inputs again. It must cope with every value: what it raises is the
            grader's fault.
        tolerance: largest deviation that passes.
    """
    return Satisfies(predicate, tolerance)
