"""Reading outputs in an author's own judge: in any form of the right kind, or a sentence about what is wrong."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from autograder.checks.judgement import Measured

MOST_BITS = 2000


class Malformed(Exception):
    """What came back has not the form that was asked for; `never_raises` turns it into its message.

    Args:
        message: what is wrong, in a sentence for the student.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)


def never_raises(judge: Callable[..., Measured]) -> Callable[..., Measured]:
    """The predicate, with malformed outputs turned into their message.

    >>> @never_raises
    ... def is_a_half(outputs, world):
    ...     return Measured(0.0 if rational(outputs, "the answer") == Fraction(1, 2) else math.inf)
    >>> is_a_half(0.5, World(1)).deviation
    0.0
    >>> is_a_half("a half", World(1)).message
    'the answer is no number'
    """

    @functools.wraps(judge)
    def guarded(*args: Any, **kwargs: Any) -> Measured:
        try:
            return judge(*args, **kwargs)
        except Malformed as problem:
            return Measured(math.inf, str(problem))

    return guarded


def rational(value: Any, what: str) -> Fraction:
    """A number in any form as a Fraction; a float stands for just what it holds. Below `never_raises`.

    Raises:
        Malformed: it is none, not finite, or has more than 2,000 bits.

    >>> rational(0.25, "the step")
    Fraction(1, 4)
    """
    if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0:
        value = value.item()
    if not isinstance(value, Real) and not (hasattr(value, "p") and hasattr(value, "q")):
        raise Malformed(f"{what} is no number")
    if isinstance(value, float) and not math.isfinite(value):
        raise Malformed(f"{what} is not finite")
    known: Any = value
    made = Fraction(known) if isinstance(value, Real) else Fraction(int(known.p), int(known.q))
    if max(made.numerator.bit_length(), made.denominator.bit_length()) > MOST_BITS:
        raise Malformed(f"{what} has more than {MOST_BITS:,} bits")
    return made


def entries(value: Any, what: str, count: int | None = None) -> list[Any]:
    """A list, tuple or array as a list. Below `never_raises`.

    Raises:
        Malformed: it is none, or has another length.

    >>> entries((1, 2), "the pair", 2)
    [1, 2]
    """
    if isinstance(value, np.ndarray) and value.ndim:
        value = list(value)
    if not isinstance(value, list | tuple):
        raise Malformed(f"{what} is no list")
    if count is not None and len(value) != count:
        raise Malformed(f"{what} has {len(value)} entries, not {count}")
    return list(value)


def rationals(value: Any, what: str, count: int | None = None) -> list[Fraction]:
    """A list of numbers; see `rational`."""
    return [rational(entry, f"{what}[{i}]") for i, entry in enumerate(entries(value, what, count))]


def fields(value: Any, keys: Sequence[str], what: str) -> dict[str, Any]:
    """These entries of a dict, which may have others. Below `never_raises`.

    Raises:
        Malformed: it is no dict, or a key is missing.
    """
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no dict with the keys {', '.join(keys)}")
    missing = [key for key in keys if key not in value]
    if missing:
        raise Malformed(f"{what} lacks {', '.join(missing)}")
    return {key: value[key] for key in keys}
