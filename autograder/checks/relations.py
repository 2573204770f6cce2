"""Relations between two numeric arrays: the one simple operation that leads from the right one to the wrong one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks.whole_numbers import missing_or_more

Array = np.ndarray[Any, np.dtype[Any]]
SAME = 1e-6
ROUNDING = 2e-4
LARGEST_N = 4096
LARGEST_SIZE = 200_000
TINY, LARGEST_FACTOR, SHOWN = 1e-12, 1e9, 1e-3


def relation(
    got: Array, expected: Array, *, points: bool = False, rounded: bool = True, entrywise: bool = False
) -> str:
    """How `got` comes from `expected`, as a clause; empty when none is found (or they are very large).

    Args:
        got, expected: float64 or complex arrays that differ.
        points: whether the entries are values of one quantity at different points, so that places mean nothing.
        rounded: whether right values may differ in their last digits, so that "nearly right" means something.
        entrywise: whether every entry counts, however small it is beside the others: what holds only up to the largest
            entry is not said then.
    """
    if not got.size or not expected.size or max(got.size, expected.size) > LARGEST_SIZE:
        return f"an empty array (shape {got.shape})" if expected.size and not got.size else ""
    with np.errstate(all="ignore"):
        for finder in _OF_POINTS if points else _OF_SINGLE_ENTRIES if entrywise else _OF_ENTRIES:
            found = finder(got, expected) if rounded or finder is not _by_rounding else ""
            if found:
                return found
    return ""


def same(a: Array, b: Array, tolerance: float = SAME) -> bool:
    """Same shape, and everywhere equal up to the largest entry times the tolerance."""
    if a.shape != b.shape or not a.size:
        return False
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.all(finite | (a == b)):
        return False
    scale = float(np.max(np.abs(b[finite]), initial=0.0))
    return bool(np.all(np.abs(a[finite] - b[finite]) <= tolerance * scale))


def factor_name(factor: float) -> str:
    """A factor as people write it: −1, 2, 1/2, 3/4, else six digits."""
    fraction = Fraction(factor).limit_denominator(LARGEST_N)
    small, large = sorted((abs(fraction.numerator), fraction.denominator))
    simple = small <= 16 and large <= LARGEST_N and fraction != 0
    text = str(fraction) if simple and abs(float(fraction) - factor) <= SAME * abs(factor) else f"{factor:.6g}"
    return text.replace("-", "−")


def _not_finite(got: Array, expected: Array) -> str:
    if got.shape != expected.shape:
        return ""
    fine = np.isfinite(expected)
    for bad, name, why in (
        (np.isnan(got), "NaN", "such as 0/0, ∞ − ∞ or log of a negative number"),
        (np.isinf(got), "infinite", "such as exp of a large number, log 0 or division by 0"),
    ):
        count = int((bad & fine).sum())
        if count:
            where = f"{count} of {got.size} entries are {name}" if got.size > 1 else f"the value is {name}"
            return f"{where} where it should be a number ({why})"
    return ""


def _by_factor(got: Array, expected: Array) -> str:
    if got.shape != expected.shape:
        return ""
    used = np.isfinite(expected) & (np.abs(expected) > 0)
    if not used.any():
        return ""
    ratios = got[used] / expected[used]
    weights = np.abs(expected[used])
    factor = complex((ratios * weights).sum() / weights.sum())
    if abs(factor.imag) > SAME or abs(factor.real) < SAME or not same(got, factor.real * expected):
        return ""
    if not 1 / LARGEST_FACTOR < abs(factor.real) < LARGEST_FACTOR:
        return ""
    return _factor_text(factor.real, int((weights > SHOWN * weights.max()).sum()))


def _factor_text(factor: float, evidence: int) -> str:
    """In words.

    Args:
        evidence: how many entries are large enough for their ratio to show.
    """
    if abs(factor - 1) < 10 * SAME:
        return ""
    if abs(factor + 1) < SAME:
        return "the sign is wrong (off by the factor −1)"
    name = factor_name(factor)
    plain = "." not in name and "e" not in name
    if evidence < 2 and not re.fullmatch(r"−?(1/)?\d+", name):
        return ""  # between two numbers there is always a factor
    whole = round(max(abs(factor), 1 / abs(factor)))
    sign = " and the sign is wrong" if factor < 0 else ""
    if plain and 2 < whole <= LARGEST_N and name.replace("−", "") in (str(whole), f"1/{whole}"):
        many = f"a sum over {whole} where a mean is asked for"
        guess = many if abs(factor) > 1 else f"divided by {whole} once too often"
        return f"off by the factor {name}{sign}: {guess}?"
    return f"off by the factor {name}{sign}"


def _by_one(got: Array, expected: Array) -> str:
    """Whole numbers that are all one too large, or all one too small."""
    if got.shape != expected.shape or not np.all(expected == np.round(expected.real)):
        return ""
    gaps = np.unique(got - expected)
    if len(gaps) != 1 or abs(gaps[0]) != 1 or not np.any(np.abs(expected) > 1):
        return ""
    return f"off by one ({'one too many' if gaps[0].real > 0 else 'one too few'})"


def _by_offset(got: Array, expected: Array) -> str:
    if got.shape != expected.shape:
        return ""
    fine = np.isfinite(expected) & np.isfinite(got)
    if not fine.any():
        return ""
    gap = got[fine] - expected[fine]
    offset = complex(gap.mean())
    if abs(offset.imag) > SAME or not same(got, expected + offset.real) or abs(offset.real) < SAME:
        return ""
    if gap.size < 2 or len(np.unique(np.round(expected[fine].real, 12))) < 2:
        return ""
    return f"off by the constant {offset.real:.6g}: every entry is too {'large' if offset.real > 0 else 'small'} by it"


def _by_shape(got: Array, expected: Array) -> str:
    if got.shape == expected.shape:
        return ""
    if same(got.reshape(-1), expected.reshape(-1)) and got.size > 1:
        return f"the values are right, but in the shape {got.shape}, not {expected.shape}"
    told = _by_axes(got, expected) or missing_or_more(got, expected, same)
    if told:
        return told
    for name, reduce in _REDUCTIONS:
        for axes in _axes(got.ndim):
            if _loosely(np.asarray(reduce(got, axis=axes)), expected) and _telling(expected, got):
                return f"not reduced by a {name} over {_axis_name(axes)} (shape {got.shape}, not {expected.shape})"
        for axes in _axes(expected.ndim):
            if _loosely(got, np.asarray(reduce(expected, axis=axes))) and _telling(got, expected):
                return f"reduced by a {name} over {_axis_name(axes)} too much (shape {got.shape}, not {expected.shape})"
    return ""


_REDUCTIONS: tuple[tuple[str, Callable[..., Any]], ...] = (("sum", np.sum), ("mean", np.mean), ("maximum", np.max))


def _telling(reduced: Array, whole: Array) -> bool:
    """Whether a reduction shows: what came of it is no piece of what went in, as a maximum of few entries is."""
    return not (reduced.size < 3 and np.isin(reduced, whole).all())


def _axes(ndim: int) -> Iterator[tuple[int, ...]]:
    for count in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), count)


def _axis_name(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {', '.join(map(str, axes))}"


def _loosely(a: Array, b: Array) -> bool:
    """Same entries in the same order, axes of length 1 left out."""
    return a.size == b.size and a.size > 0 and same(a.reshape(-1), b.reshape(-1))


def _by_axes(got: Array, expected: Array) -> str:
    if got.ndim < 2 or got.ndim > 6 or got.ndim != expected.ndim:
        return ""
    for axes in itertools.permutations(range(got.ndim)):
        if axes != tuple(range(got.ndim)) and same(got.transpose(axes), expected):
            return "transposed" if got.ndim == 2 else f"the axes are permuted: axes {axes} of it would be right"
    return ""


def _by_shift(got: Array, expected: Array) -> str:
    if got.shape != expected.shape or got.size < 3:
        return ""
    for axis in range(got.ndim):
        n = got.shape[axis]
        if n < 3:
            continue
        name = f" along axis {axis}" if got.ndim > 1 else ""
        if same(np.flip(got, axis), expected):
            return f"in reverse order{name}"
        for step in (1, -1):
            keep = slice(1, None) if step == 1 else slice(None, -1)
            moved = np.take(np.roll(got, step, axis), range(n)[keep], axis)
            right = np.take(expected, range(n)[keep], axis)
            if same(moved, right) and len(np.unique(right)) > 1:
                return f"off by one place: entries are shifted{name}"
    if got.ndim == 1 and same(np.sort(got), np.sort(expected)) and len(np.unique(expected)) > 2:
        return "the right entries in another order"
    return ""


def _by_function(got: Array, expected: Array) -> str:
    if got.shape != expected.shape or len(np.unique(expected)) < 2:
        return ""
    made: tuple[tuple[str, Callable[[], Array]], ...] = (
        ("1 minus the right value", lambda: 1 - expected),
        ("the reciprocal of the right value", lambda: 1 / expected),
        ("the square of the right value", lambda: expected**2),
        ("the square root of the right value", lambda: np.sqrt(expected)),
        ("the logarithm of the right value", lambda: np.log(expected)),
        ("the exponential of the right value", lambda: np.exp(expected)),
    )
    for name, function in made:
        if same(got, function()):
            return name
    return _by_whole(got, expected)


def _by_whole(got: Array, expected: Array) -> str:
    """The right values as whole numbers."""
    if np.iscomplexobj(got) or np.iscomplexobj(expected) or len(np.unique(got)) < 2 or np.any(got != np.round(got)):
        return ""
    ways: dict[str, Callable[[Array], Array]] = {
        "rounded": np.round,
        "cut off": np.trunc,
        "rounded down": np.floor,
        "rounded up": np.ceil,
    }
    for words, way in ways.items():
        if np.array_equal(got, way(expected)):
            return f"the right values, {words} to whole numbers (is `//`, int() or a dtype of whole numbers in it?)"
    return ""


def _vanished(got: Array, expected: Array) -> str:
    """Exactly 0 where a small number is right, and right elsewhere."""
    if got.shape != expected.shape or np.iscomplexobj(got) or np.iscomplexobj(expected):
        return ""
    gone = (got == 0) & (expected != 0) & (np.abs(expected) < TINY)
    if not gone.any() or not np.allclose(got[~gone], expected[~gone], SAME, 0):
        return ""
    where = f"in {int(gone.sum())} of {got.size} entries " if got.size > 1 else ""
    return (
        f"exactly 0 {where}where the right value is small but not 0: its digits are lost "
        "(a number that is taken away from one nearly as large, or one that is too small for its dtype)"
    )


def _by_sign(got: Array, expected: Array) -> str:
    if got.size < 2 or got.shape != expected.shape or not same(np.abs(got), np.abs(expected)):
        return ""
    count = int((np.sign(got) * np.sign(expected) < 0).sum()) if not np.iscomplexobj(got) else 0
    return f"the sign is wrong in {count} of {got.size} entries" if count else ""


def _by_part(got: Array, expected: Array) -> str:
    """Wrong at one end of an axis, or on the diagonal, and right elsewhere."""
    if got.shape != expected.shape or got.size < 4:
        return ""
    scale = float(np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0))
    bad = np.abs(got - expected) > SAME * scale
    for axis in range(got.ndim):
        n = got.shape[axis]
        hit = np.flatnonzero(bad.any(axis=tuple(i for i in range(got.ndim) if i != axis)))
        if n >= 3 and len(hit) == 1 and hit[0] in (0, n - 1):
            return f"only the {'first' if hit[0] == 0 else 'last'} entry along axis {axis} is wrong"
    if got.ndim == 2 and got.shape[0] == got.shape[1]:
        diagonal = np.eye(len(got), dtype=bool)
        if not bad[~diagonal].any():
            return "only the diagonal is wrong"
        if not bad[diagonal].any():
            return "only the diagonal is right"
    return ""


def _by_rounding(got: Array, expected: Array) -> str:
    if same(got, expected, 2e-6):
        return ""
    if same(got, expected, 1e-5):
        return "nearly right: rounding of the size of float32"
    return "nearly right: not exact enough, or an approximation" if same(got, expected, ROUNDING) else ""


_OF_SINGLE_ENTRIES = (_not_finite, _vanished, _by_whole)
_OF_POINTS = (_not_finite, _by_factor, _by_offset, _by_function, _by_sign)
_OF_ENTRIES = (
    _not_finite, _vanished, _by_shape, _by_one, _by_factor, _by_offset, _by_axes, _by_shift, _by_function, _by_sign,
    _by_part, _by_rounding,
)  # fmt: skip
