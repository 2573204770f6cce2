"""Relations between whole numbers and fractions, in exact arithmetic: nothing here is nearly right.

What is covered: off by one, a constant offset or factor, signs, another shape or transposed, entries that are missing
or too many at an end, reversed, shifted, in another order, wrong in one entry only, rounded as floats are. A relation
is told only where more than one number speaks for it, except for off by one, the sign and rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]
LARGEST_SIZE, MOST_SHOWN = 20_000, 4
ROUNDING = Fraction(1, 10**12)
"""The relative error that a chain of float64 operations may gather; a float itself is within 10⁻¹⁶."""


def as_whole_numbers(value: Any) -> Numbers | None:
    """Integers, fractions, arrays and rectangular nestings of them as an array of `Fraction`; None for other values."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Fraction)):
        return _array([Fraction(value)], ())
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iu" or value.size > LARGEST_SIZE:
            return None
        return _array([Fraction(int(v)) for v in value.ravel()], value.shape)
    if isinstance(value, list) and value and len(value) <= LARGEST_SIZE:
        parts = [as_whole_numbers(v) for v in value]
        if any(p is None for p in parts) or len({p.shape for p in parts if p is not None}) != 1:
            return None
        return np.stack([p for p in parts if p is not None])
    return None


def _array(numbers: list[Fraction], shape: tuple[int, ...]) -> Numbers:
    made = np.empty(len(numbers), dtype=object)
    made[:] = numbers
    return made.reshape(shape)


def exact_relation(got: Numbers, expected: Numbers) -> str:
    """How `got` comes from `expected`, as a clause; empty when none is found."""
    if not got.size or not expected.size or max(got.size, expected.size) > LARGEST_SIZE:
        return ""
    if got.shape != expected.shape:
        return next((said for finder in _OF_SHAPES if (said := finder(got, expected))), "")
    if _same(got, expected):
        return ""
    got, expected = np.atleast_1d(got), np.atleast_1d(expected)
    return next((said for finder in _OF_ENTRIES if (said := finder(got, expected))), "")


def _same(a: Numbers, b: Numbers) -> bool:
    return a.shape == b.shape and bool(np.all(a == b))


def _other_shape(got: Numbers, expected: Numbers) -> str:
    if got.size > 1 and got.size == expected.size and _same(got.ravel(), expected.ravel()):
        return f"the values are right, but in the shape {got.shape}, not {expected.shape}"
    if got.ndim == 2 and _same(got.T, expected) and got.size > 1:
        return "transposed"
    return ""


def missing_or_more(got: Numbers, expected: Numbers, same: Callable[[Any, Any], bool] = _same) -> str:
    """One axis is longer or shorter, and what both have agrees: entries are missing at one end, or too many."""
    if got.ndim != expected.ndim or got.ndim == 0 or min(got.size, expected.size) == 0:
        return ""
    axes = [i for i in range(got.ndim) if got.shape[i] != expected.shape[i]]
    if len(axes) != 1:
        return ""
    axis, mine, right = axes[0], got.shape[axes[0]], expected.shape[axes[0]]
    few, many = (got, expected) if mine < right else (expected, got)
    length, gap = min(mine, right), abs(mine - right)
    for end, part in (("last", range(length)), ("first", range(gap, gap + length))):
        if same(few, np.take(many, part, axis)):
            which = f"the {end} entry" if gap == 1 else f"the {end} {gap} entries"
            where = f" along axis {axis}" if got.ndim > 1 else ""
            one = gap == 1
            if mine < right:
                return f"{which}{where} {'is' if one else 'are'} missing; the others are right"
            return f"{which}{where} {'is' if one else 'are'} too many; the others are right"
    return ""


def _as_sets(got: Numbers, expected: Numbers) -> str:
    """Of lists of other lengths: what is missing, or what is too many."""
    if got.ndim != 1 or expected.ndim != 1:
        return ""
    missing, more = Counter(expected) - Counter(got), Counter(got) - Counter(expected)
    if bool(missing) == bool(more):
        return ""
    odd = sorted((missing or more).elements())
    shown = ", ".join(map(str, odd[:MOST_SHOWN])) + (", …" if len(odd) > MOST_SHOWN else "")
    if missing:
        return f"missing: {shown}; the others are right"
    return f"too many: {shown}; the others are right"


def _by_one(got: Numbers, expected: Numbers) -> str:
    gaps = set((got - expected).ravel())
    if len(gaps) != 1 or abs(gap := gaps.pop()) != 1 or not any(abs(e) > 1 for e in expected.ravel()):
        return ""
    if any(e.denominator != 1 for e in expected.ravel()):
        return ""
    return f"off by one ({'one too many' if gap > 0 else 'one too few'})"


def _by_sign(got: Numbers, expected: Numbers) -> str:
    if _same(got, -expected):
        return "the sign is wrong (off by the factor −1)"
    if got.size > 1 and _same(abs(got), abs(expected)):
        count = sum(a != b for a, b in zip(got.ravel(), expected.ravel(), strict=True))
        return f"the sign is wrong in {count} of {got.size} entries"
    return ""


def _by_factor(got: Numbers, expected: Numbers) -> str:
    ratios = {g / e for g, e in zip(got.ravel(), expected.ravel(), strict=True) if e}
    zeros = all(not g for g, e in zip(got.ravel(), expected.ravel(), strict=True) if not e)
    if len(ratios) != 1 or not zeros or not (factor := ratios.pop()):
        return ""
    simple = 1 in (abs(factor.numerator), factor.denominator) and max(abs(factor.numerator), factor.denominator) <= 4096
    if not simple or sum(bool(e) for e in expected.ravel()) < 2:
        return ""
    return f"off by the factor {factor}".replace("-", "−")


def _by_offset(got: Numbers, expected: Numbers) -> str:
    gaps = set((got - expected).ravel())
    if len(gaps) != 1 or len(set(expected.ravel())) < 2:
        return ""
    gap = gaps.pop()
    return f"off by the constant {abs(gap)}: every entry is too {'large' if gap > 0 else 'small'} by it"


def _by_order(got: Numbers, expected: Numbers) -> str:
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _same(got.T, expected):
        return "transposed"
    if got.ndim != 1 or got.size < 3 or len(set(expected)) < 3:
        return ""
    if _same(got[::-1], expected):
        return "in reverse order"
    if _same(got[1:], expected[:-1]) or _same(got[:-1], expected[1:]):
        return "off by one place: entries are shifted"
    return "the right entries in another order" if Counter(got) == Counter(expected) else ""


def _by_entry(got: Numbers, expected: Numbers) -> str:
    """Wrong in the first or in the last entry only."""
    if got.ndim != 1 or got.size < 3:
        return ""
    wrong = [i for i, (g, e) in enumerate(zip(got, expected, strict=True)) if g != e]
    if len(wrong) == 1 and wrong[0] in (0, got.size - 1):
        return f"only the {'last' if wrong[0] else 'first'} entry is wrong"
    return ""


def _by_floats(got: Numbers, expected: Numbers) -> str:
    """Every number that differs is a float close to one that no float can hold."""
    pairs = [(g, e) for g, e in zip(got.ravel(), expected.ravel(), strict=True) if g != e]
    if all(abs(g - e) <= ROUNDING * abs(e) and _is_float(g) and not _is_float(e) for g, e in pairs):
        return (
            "right up to the rounding of floats: one came in on the way (0.0 is one), and exact numbers are asked for"
        )
    return ""


def _is_float(number: Fraction) -> bool:
    """Whether some float64 is exactly this number."""
    try:
        return Fraction(float(number)) == number
    except OverflowError:
        return False


_OF_SHAPES: tuple[Callable[[Numbers, Numbers], str], ...] = (_other_shape, missing_or_more, _as_sets)
_OF_ENTRIES: tuple[Callable[[Numbers, Numbers], str], ...] = (
    _by_one, _by_sign, _by_factor, _by_offset, _by_order, _by_floats, _by_entry,
)  # fmt: skip
