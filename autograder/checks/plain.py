"""`close`, `exact` and `satisfies`: the checks of plain values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from autograder.authoring.world import World
from autograder.checks.compare import Difference, Rules, compare, compare_exact
from autograder.checks.forms import SINGLE, single, without_dimension
from autograder.checks.judgement import FULL, NONE, Judgement, Measured, allowed, measured_by
from autograder.values.rendering import brief

DEFAULT_TOLERANCE = 1e-6


KIND_ONLY = Fraction(9, 10)
"""Credit of right values of another kind of number."""
FLOAT64 = "float64"
ROUNDED = "this came back in float32, and the question asks for float64: rounding of the size of float32"


def _judged(difference: Difference, outputs: Any, dtype: str) -> Judgement:
    if not difference.message:
        return Judgement(FULL, difference.deviation)
    message = difference.message
    if dtype == FLOAT64 and difference.deviation <= SINGLE and single(outputs):
        message = f"{message}; {ROUNDED}"
    credit = KIND_ONLY if difference.kind_only else NONE
    return Judgement(credit, difference.deviation, message, difference.got, difference.expected, difference.where)


def _of_dtype(dtype: str) -> str:
    if dtype not in ("", FLOAT64):
        raise ValueError(f'dtype="{dtype}": give "{FLOAT64}", or leave it out')
    return dtype


@dataclass(frozen=True)
class Close:
    """See `close`."""

    tolerance: float | None = None
    elementwise: bool = False
    dtype: str = ""
    only_keys: bool = False
    kind: str = "close"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Largest relative deviation against the tolerance in force."""
        return _judged(compare(outputs, expected, self._rules(tolerance)), outputs, self.dtype)

    def agrees(self, outputs: Any, expected: Any, tolerance: float | None = None) -> bool:
        """Whether `judge` lets the outputs pass; sooner, where they differ."""
        return not compare(outputs, expected, replace(self._rules(tolerance), quick=True)).message

    def _rules(self, tolerance: float | None) -> Rules:
        limit = allowed(self.tolerance, tolerance, DEFAULT_TOLERANCE)
        return Rules(limit, self.elementwise, None if self.dtype else SINGLE, self.only_keys)


def close(
    tolerance: float | None = None, *, elementwise: bool = False, dtype: str = "", only_keys: bool = False
) -> Close:
    """Numbers, arrays and nestings of them that agree up to a relative tolerance.

    Shapes must agree; NaN equals nothing; an infinity equals itself. The form does not count: lists and tuples of
    numbers are arrays, sympy's numbers are numbers, whole numbers and truth values are floats where they are equal to
    them. Right values of a kind that can hold more (floats where integers are asked for) cost a tenth of the case.
    The deviation of a leaf is max|a−b| / (max|b| + 1e-8), or per entry |a−b| / |b| with `elementwise=True`. What comes
    back in float32 is judged at 1e-5 where the tolerance is smaller.

    Args:
        tolerance: largest deviation that passes; the certificate's when None.
        dtype: "float64" where the question's text asks for it; float32 is then judged like all else.
        only_keys: whether a further key of a dict is a mistake. Keys that are no text are always part of the answer.

    Raises:
        ValueError: another dtype.

    >>> close().judge([1.0, 2.0000001], [1.0, 2.0], World(1)).passed
    True
    >>> close().judge([1.0, 2.5], [1.0, 2.0], World(1)).message
    'largest relative error 0.25, allowed 1e-06'
    """
    return Close(tolerance, elementwise, _of_dtype(dtype), only_keys)


@dataclass(frozen=True)
class Exact:
    """See `exact`."""

    tolerance: float | None = 0.0
    only_keys: bool = False
    kind: str = "exact"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Equal or not."""
        return _judged(compare_exact(outputs, expected, only_keys=self.only_keys), outputs, "")


def exact(*, only_keys: bool = False) -> Exact:
    """Equality of values: integers, Fractions, text, booleans, arrays by entry; floats bit for bit.

    The form does not count, as in `close`; a float that is equal to the integer or Fraction asked for costs a tenth of
    the case.

    Args:
        only_keys: whether a further key of a dict is a mistake. Keys that are no text are always part of the answer.

    >>> exact().judge(Fraction(2, 6), Fraction(1, 3), World(1)).passed
    True
    >>> exact().judge(0.3333333, Fraction(1, 3), World(1)).message
    'the result is a float (a decimal number); a Fraction is asked for, exactly'
    """
    return Exact(only_keys=only_keys)


@dataclass(frozen=True)
class Satisfies:
    """See `satisfies`."""

    predicate: Callable[[Any, World], Measured]
    tolerance: float | None = 0.0
    dtype: str = ""
    kind: str = "satisfies"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """What the predicate measures, against the tolerance in force."""
        limit = allowed(self.tolerance, tolerance, 0.0)
        short = single(outputs)
        if short and limit > 0 and not self.dtype:
            limit = max(limit, SINGLE)
        measured = measured_by(self.predicate, self.predicate(without_dimension(outputs), world))
        if measured.deviation <= limit:  # False for NaN
            return Judgement(FULL, float(measured.deviation), board=measured.board)
        deviation = math.inf if math.isnan(measured.deviation) else float(measured.deviation)
        message = measured.message
        if short and self.dtype == FLOAT64 and deviation <= SINGLE:
            message = "; ".join(part for part in (message, ROUNDED) if part)
        return Judgement(measured.credit, deviation, message, got=brief(outputs), board=measured.board)


def satisfies(
    predicate: Callable[[Any, World], Measured], tolerance: float | None = 0.0, *, dtype: str = ""
) -> Satisfies:
    """A pure property of the outputs.

    Args:
        predicate: `(outputs, world) -> Measured`; the world is a fresh one of the case's seed, so that the
            predicate can draw the same inputs again. It must cope with every value: what it raises is the
            grader's fault. Arrays without a dimension come to it as numbers.
        tolerance: largest deviation that passes. Where it is not 0, outputs in float32 may deviate by 1e-5.
        dtype: "float64" where the question's text asks for it; float32 is then judged like all else.

    Raises:
        ValueError: another dtype.

    >>> def sums_to_one(outputs, world):
    ...     if not isinstance(outputs, list) or not all(isinstance(p, float) for p in outputs):
    ...         return Measured(math.inf, "a list of floats is expected")
    ...     return Measured(abs(sum(outputs) - 1), "the probabilities do not sum to 1")
    >>> satisfies(sums_to_one, 1e-9).judge([0.25, 0.75], None, World(1)).passed
    True
    >>> satisfies(sums_to_one, 1e-9).judge([0.25, 0.25], None, World(1)).message
    'the probabilities do not sum to 1'
    >>> satisfies(sums_to_one, 1e-9).judge("one", None, World(1)).message
    'a list of floats is expected'
    """
    return Satisfies(predicate, tolerance, _of_dtype(dtype))
