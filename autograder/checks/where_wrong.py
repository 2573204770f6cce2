"""Where is it wrong? The simplest thing that a student can see and that all wrong entries have, and no right one.

What is looked at: sign, zero, truth, whole-number value and size of an input; first, last and single places along an
axis, the diagonal and its sides; for a list of calls the values of their arguments. Told only where it separates wrong
from right exactly, so what is said is true; the simplest is told first.
Not covered: two conditions at once, and inputs whose entries cannot be laid beside those of the result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

Mask = np.ndarray[Any, np.dtype[np.bool_]]
MOST_ENTRIES = 100_000
MOST_LABELS = 12
CHANCES, MANY, MORE = 6, 15, 1000
"""Ways to choose as many wrong entries of that many. With fewer than these a place, a value's sign, and a value's size
say nothing: one of them would fit by chance. Signs are asked before places."""


def where_wrong(bad: Mask, inputs: Mapping[str, Any]) -> str:
    """A clause such as "wrong exactly where `z` < 0"; "" where nothing separates wrong from right.

    Args:
        bad: which entries of a result are wrong.
        inputs: what the function was given, by the names of its parameters.
    """
    count = int(bad.sum())
    if not 0 < count < bad.size or bad.size > MOST_ENTRIES or math.comb(bad.size, count) < CHANCES:
        return ""
    with np.errstate(all="ignore"):
        for mask, words in _masks(bad, inputs):
            if np.array_equal(mask, bad):
                return f"wrong exactly {words}"
    return ""


def which_calls(bad: Mask, inputs: Mapping[str, list[Any]]) -> str:
    """The same for a list of calls: "wrong exactly where `norm` is 'sup'".

    Args:
        bad: which calls came back wrong.
        inputs: parameter → its value in each call.
    """
    count = int(bad.sum())
    if not 0 < count < len(bad) or math.comb(len(bad), count) < CHANCES:
        return ""
    for mask, words in _of_calls(inputs, len(bad)):
        if np.array_equal(mask, bad):
            return f"wrong exactly {words}"
    return ""


def _masks(bad: Mask, inputs: Mapping[str, Any]) -> Iterator[tuple[Mask, str]]:
    ways = math.comb(bad.size, int(bad.sum()))
    beside = {n: b for n, value in inputs.items() if (b := _beside(value, bad.shape)) is not None}
    for name, value in beside.items():
        yield from _of_zero(value, f"`{name}`")
    if ways >= MANY:
        for name, value in beside.items():
            yield from _of_values(value, f"`{name}`")
    yield from _of_places(bad.shape)
    for name, value in inputs.items():
        yield from _of_rows(value, bad.shape, f"`{name}`")
    yield from _of_every_other(bad.shape)
    if ways >= MORE:
        for name, value in beside.items():
            if value.dtype.kind == "f":
                yield from _of_size(np.abs(value), bad, f"|{name}|")


def _beside(value: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any] | None:
    """An input with an entry for every entry of the result, or None."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub" or not value.ndim or not shape:
        return None
    if value.shape == shape:
        return value
    if value.ndim < len(shape) and value.shape == shape[: value.ndim] and value.size > 1:
        return np.broadcast_to(value.reshape(value.shape + (1,) * (len(shape) - value.ndim)), shape)
    try:
        return np.broadcast_to(value, shape) if value.size > 1 else None
    except ValueError:
        return None


def _of_zero(value: Any, name: str) -> Iterator[tuple[Mask, str]]:
    if value.dtype.kind != "b" and (value == 0).any():
        yield value == 0, f"where {name} = 0"


def _of_values(value: Any, name: str) -> Iterator[tuple[Mask, str]]:
    if value.dtype.kind == "b":
        yield value, f"where {name} is True"
        yield ~value, f"where {name} is False"
        return
    yield value < 0, f"where {name} < 0"
    yield value > 0, f"where {name} > 0"
    yield value <= 0, f"where {name} ≤ 0"
    yield value >= 0, f"where {name} ≥ 0"
    yield np.isnan(value), f"where {name} is NaN"
    yield np.isinf(value), f"where {name} is infinite"
    labels = np.unique(value)
    if value.dtype.kind in "iu" and len(labels) <= MOST_LABELS:
        for label in labels:
            yield value == label, f"where {name} is {label}"


def _of_rows(value: Any, shape: tuple[int, ...], name: str) -> Iterator[tuple[Mask, str]]:
    """What a row of an input has, where each entry of the result came from one."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fi" or value.ndim != len(shape) + 1:
        return
    if value.shape[:-1] != shape or value.shape[-1] < 2:
        return
    rows: Any = value
    top = rows.max(-1, keepdims=True)
    yield (rows == top).sum(-1) > 1, f"where the largest entry of a row of {name} occurs more than once"
    yield np.isneginf(rows).all(-1), f"where a row of {name} is −∞ throughout"
    yield (rows == rows[..., :1]).all(-1), f"where the entries of a row of {name} are all equal"
    yield (rows < 0).all(-1), f"where all entries of a row of {name} are negative"
    yield (rows > 0).all(-1), f"where all entries of a row of {name} are positive"


def _of_places(shape: tuple[int, ...]) -> Iterator[tuple[Mask, str]]:
    grid: Any = np.indices(shape) if shape else []
    for axis, index in enumerate(grid):
        n = shape[axis]
        if n < 3:
            continue
        along = f" along axis {axis}" if len(shape) > 1 else ""
        yield index == 0, f"in the first place{along}"
        yield index == n - 1, f"in the last place{along}"
        yield index > 0, f"in all places but the first{along}"
        yield index < n - 1, f"in all places but the last{along}"
        if len(shape) > 1:
            for place in range(1, min(n - 1, MOST_LABELS)):
                yield index == place, f"in place {place}{along}"
    if len(shape) >= 2 and shape[-1] == shape[-2] > 2:
        row, column = grid[-2], grid[-1]
        yield row == column, "on the diagonal"
        yield row != column, "off the diagonal"
        yield column > row, "above the diagonal"
        yield column < row, "below the diagonal"
        yield column >= row, "on and above the diagonal"
        yield column <= row, "on and below the diagonal"


def _of_every_other(shape: tuple[int, ...]) -> Iterator[tuple[Mask, str]]:
    for axis, index in enumerate(np.indices(shape)):
        along = f" along axis {axis}" if len(shape) > 1 else ""
        if shape[axis] > 3:
            yield index % 2 == 1, f"in the places 1, 3, …{along}"
            yield index % 2 == 0, f"in the places 0, 2, …{along}"


def _of_size(size: np.ndarray[Any, Any], bad: Mask, name: str) -> Iterator[tuple[Mask, str]]:
    """A gap between the sizes of wrong and right entries, at least as wide as half the smaller side."""
    wrong, right = size[bad], size[~bad]
    if min(len(wrong), len(right)) < 4 or np.isnan(size).any():
        return
    for large, small, more in ((wrong, right, True), (right, wrong, False)):
        low, high = float(small.max()), float(large.min())
        if high > 1.5 * low > 0:
            yield bad, f"where {name} is {'at least' if more else 'at most'} {high if more else low:.3g}"


def _of_calls(inputs: Mapping[str, list[Any]], count: int) -> Iterator[tuple[Mask, str]]:
    names = [n for n, values in inputs.items() if len(values) == count]
    for name in names:
        values, said = inputs[name], f"`{name}`"
        if all(isinstance(v, (str, bool)) for v in values):
            for one in dict.fromkeys(values):
                yield np.array([v == one for v in values]), f"where {said} is {one!r}"
        elif all(isinstance(v, (int, float, Fraction)) for v in values):
            for one in (0, 1):
                yield np.array([v == one for v in values]), f"where {said} is {one}"
            yield np.array([v < 0 for v in values]), f"where {said} < 0"
            yield np.array([v > 0 for v in values]), f"where {said} > 0"
            yield np.array([v > 1 for v in values]), f"where {said} > 1"
            if all(isinstance(v, int) for v in values):
                yield np.array([v % 2 == 1 for v in values]), f"where {said} is odd"
                yield np.array([v % 2 == 0 for v in values]), f"where {said} is even"
            for one in dict.fromkeys(values):
                yield np.array([v == one for v in values]), f"where {said} is {one}"
    numbers = [n for n in names if all(isinstance(v, (int, float, Fraction)) for v in inputs[n])]
    for i, a in enumerate(numbers):
        for b in numbers[i + 1 :]:
            pairs = list(zip(inputs[a], inputs[b], strict=True))
            yield np.array([x == y for x, y in pairs]), f"where `{a}` = `{b}`"
            yield np.array([x < y for x, y in pairs]), f"where `{a}` < `{b}`"
            yield np.array([x > y for x, y in pairs]), f"where `{a}` > `{b}`"
            yield np.array([x != y for x, y in pairs]), f"where `{a}` ≠ `{b}`"
