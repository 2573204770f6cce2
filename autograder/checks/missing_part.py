"""What is missing? The difference or the ratio of a wrong result and the right one, found among what the case knows.

A dictionary of inputs, their maxima, sums and means by row, the sizes of their axes, and a few numbers that formulas
have (ln 2, π, square roots of sizes). Told only where it explains *all* entries, to the rounding of the floats, and
where the numbers are none that come by chance.
Not covered: two of them at once, and differences that are a function of several inputs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
SAME, SINGLE = 1e-9, 1e-5
MOST_ENTRIES = 100_000
_REDUCTIONS = (("max", np.max), ("min", np.min), ("sum", np.sum), ("mean", np.mean))


@dataclass(frozen=True)
class Term:
    """A quantity that the case knows, with an entry for every entry of the result, and what it is called."""

    value: Any
    words: str


def missing_part(got: Any, expected: Any, inputs: Mapping[str, Any], others: Mapping[str, Any] | None = None) -> str:
    """A clause such as "yours is the right value minus max(z) of its row"; "" where no term explains it.

    Args:
        got, expected: float arrays of the same shape that differ.
        inputs: what the function was given, by the names of its parameters.
        others: other right results of the same case, by what they are called.
    """
    if got.shape != expected.shape or not 0 < got.size <= MOST_ENTRIES or got.dtype.kind == "c":
        return ""
    if not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return ""
    near = SINGLE if any(getattr(v, "dtype", None) == np.float32 for v in inputs.values()) else SAME
    terms = [*_terms(inputs, got.shape), *(Term(v, f"the right {n}") for n, v in (others or {}).items())]
    terms = [t for t in terms if np.shape(t.value) in ((), got.shape)]
    with np.errstate(all="ignore"):
        return (
            _unchanged(got, inputs)
            or _difference(got, expected, terms, near)
            or _ratio(got, expected, inputs, terms, near)
        )


def _unchanged(got: Floats, inputs: Mapping[str, Any]) -> str:
    """Whether what came back is what went in."""
    arrays = {n: v for n, v in inputs.items() if isinstance(v, np.ndarray) and v.dtype.kind in "fiu"}
    same = [n for n, v in arrays.items() if np.array_equal(v, got) and _telling(v, v.size)]
    return f"yours is `{same[0]}` itself, as it was handed in" if len(same) == 1 else ""


def _difference(got: Floats, expected: Floats, terms: list[Term], near: float) -> str:
    gap = got - expected
    for term in terms:
        if not _telling(term.value, got.size):
            continue
        for sign, word in ((1, "plus"), (-1, "minus")):
            if _equal(gap, sign * term.value, near, expected):
                return f"yours is the right value {word} {term.words}" + (", in every entry" if got.size > 1 else "")
    return ""


def _ratio(got: Floats, expected: Floats, inputs: Mapping[str, Any], terms: list[Term], near: float) -> str:
    used = expected != 0
    if not used.any() or not _equal(got[~used], 0 * got[~used], near, expected):
        return ""
    ratio = np.where(used, got / np.where(used, expected, 1), np.nan)
    first = float(ratio[used].ravel()[0])
    if np.allclose(ratio[used], first, near, 0):
        words = _constant(first, inputs, near) if used.sum() > 1 or not float(first).is_integer() else ""
        return f"yours is the right value {words}" if words else ""
    for term in terms:
        value = np.broadcast_to(np.asarray(term.value, dtype=float), got.shape)
        if not _telling(term.value, got.size) or not np.ptp(value):
            continue
        if np.allclose(got[used], (expected * value)[used], near, 0):
            return f"yours is the right value times {term.words}"
        if (value != 0).all() and np.allclose(got[used], (expected / value)[used], near, 0):
            return f"yours is the right value divided by {term.words}"
    return ""


def _constant(ratio: float, inputs: Mapping[str, Any], near: float) -> str:
    """A factor that is named by a size or by a number of formulas; "" where several sizes fit, or none."""
    minus, size = ("with the other sign, and ", -ratio) if ratio < 0 else ("", ratio)
    if math.isclose(size, 1, rel_tol=1e-6):
        return ""
    for value, words in (
        (math.log(2), "ln 2 (bits and nats?)"), (math.pi, "π"), (2 * math.pi, "2π"), (math.sqrt(2 * math.pi), "√(2π)"),
        (math.log(10), "ln 10"),
    ):  # fmt: skip
        for way, factor in (("times", value), ("divided by", 1 / value)):
            if math.isclose(size, factor, rel_tol=near):
                return f"{minus}{way} {words}"
    fits: dict[str, list[str]] = {}
    for count, words in _sizes(inputs):
        for shown, value in (
            (f"{count}", count), (f"√{count}", math.sqrt(count)), (f"{count}/{count - 1}", count / (count - 1)),
            (f"√({count}/{count - 1})", math.sqrt(count / (count - 1))),
        ):  # fmt: skip
            for way, factor in (("times", value), ("divided by", 1 / value)):
                if math.isclose(size, factor, rel_tol=near):
                    fits.setdefault(f"{way} {shown}", []).append(words)
    if len(fits) != 1:
        return ""
    ((shown, words_of),) = fits.items()
    sure = len({words.rpartition("of")[2] for words in words_of}) == len(words_of)  # no array has two such axes
    return f"{minus}{shown}" + (f", and {words_of[0]}" if sure else "")


def _sizes(inputs: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Lengths of axes and numbers of entries that are above 2, with what they are."""
    for name, value in inputs.items():
        shape = np.shape(value) if isinstance(value, (np.ndarray, list)) and _regular(value) else ()
        for axis, count in enumerate(shape):
            if count > 2:
                what = f"the length of axis {axis} of" if len(shape) > 1 else "the number of entries of"
                yield count, f"{count} is {what} `{name}`"
        if len(shape) > 1 and math.prod(shape) > 2 and math.prod(shape) not in shape:
            yield math.prod(shape), f"{math.prod(shape)} is the number of all entries of `{name}`"
        if isinstance(value, int) and not isinstance(value, bool) and value > 2:
            yield value, f"`{name}` is {value}"


def _regular(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "fiub"
    except (ValueError, TypeError):
        return False


def _terms(inputs: Mapping[str, Any], shape: tuple[int, ...]) -> Iterator[Term]:
    for name, value in inputs.items():
        if isinstance(value, (float, int)) and not isinstance(value, bool):
            yield Term(float(value), f"`{name}`")
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu" or not value.ndim:
            continue
        array = value.astype(np.float64)
        if not np.isfinite(array).all():
            continue
        yield Term(array, f"`{name}`")
        yield Term(array**2, f"`{name}`²")
        for word, reduce in _REDUCTIONS:
            if array.shape[:-1] == shape:
                yield Term(reduce(array, axis=-1), f"{word}({name}) of its row")
            if array.shape == shape and array.ndim > 1:
                rows = np.broadcast_to(reduce(array, axis=-1, keepdims=True), shape)
                yield Term(rows, f"{word}({name}) of its row")
                columns = np.broadcast_to(reduce(array, axis=0, keepdims=True), shape)
                yield Term(columns, f"{word}({name}) of its column")
            yield Term(float(reduce(array)), f"{word}({name})")


def _equal(a: Any, b: Any, near: float, scale: Floats) -> bool:
    size = float(np.max(np.abs(scale), initial=0.0)) + float(np.max(np.abs(b), initial=0.0))
    return bool(np.all(np.abs(a - b) <= near * max(size, 1e-300)))


def _telling(value: Any, entries: int) -> bool:
    """Whether equality with a term can hardly be chance: not 0, and no small whole number or simple fraction alone."""
    array = np.asarray(value, dtype=float)
    if not np.any(array):
        return False
    odd = np.abs(array * 12 - np.round(array * 12)) > 1e-6
    return bool(odd.any()) or (array.size > 2 and len(np.unique(array)) > 2)
