"""Where two arrays differ: both side by side with the entries marked while they are small, else a map of the errors.

A map is a drawing for the eye and a sentence for those who hear it. Its cells are the largest error of a block of
entries, so that a single wrong entry of a large array is seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from autograder.checks.diagnosis import as_array, leaves
from autograder.values.rendering import number

MOST_SHOWN = 64
WIDEST = 12
MAP = 40
"""Cells of a map along one side, at most."""
WIDTH = 320
"""Pixels of a map, about."""
_SCALE_FLOOR = 1e-8
_SAME = 1e-6
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pair:
    """Two arrays of one shape that differ, where they stand in the result, and how far each entry is off."""

    got: Array
    expected: Array
    place: str
    errors: Array
    tolerance: float

    @property
    def wrong(self) -> Array:
        """Which entries are wrong."""
        return np.asarray(self.errors > self.tolerance)


def first_pair(got: Any, expected: Any, where: str, tolerance: float | None) -> Pair | None:
    """The two arrays that hold the place of the first difference; None where it is not between arrays of one shape."""
    try:
        pairs = list(leaves(got, expected))
    except (ValueError, TypeError, KeyError):
        return None
    for mine, right, place in pairs:
        a, b = as_array(mine), as_array(right)
        if a is None or b is None or a.shape != b.shape or a.ndim == 0 or not a.size or not where.startswith(place):
            continue
        pair = Pair(a, b, place, _errors(a, b), tolerance or _SAME)
        if pair.wrong.any():
            return pair
    return None


def _errors(a: Array, b: Array) -> Array:
    with np.errstate(all="ignore"):
        finite = np.isfinite(b)
        scale = np.abs(np.where(finite, b, 0)).max() + _SCALE_FLOOR
        errors = np.where(finite & np.isfinite(a), np.abs(a - b) / scale, np.inf)
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        return np.asarray(np.where(same, 0.0, errors))


def difference_html(pair: Pair) -> str:
    """Both arrays with the wrong entries marked, or a map of where they differ."""
    wide = pair.got.shape[-1] if pair.got.ndim > 1 else pair.got.size
    if pair.got.size <= MOST_SHOWN and wide <= WIDEST and pair.got.ndim <= 2:
        mine, right = _table(pair, pair.got, "got"), _table(pair, pair.expected, "expected")
        return f'<div class="sides">{mine}{right}</div>'
    return _map(pair)


def _table(pair: Pair, values: Array, caption: str) -> str:
    rows = values.reshape(1, -1) if values.ndim == 1 else values
    wrong = pair.wrong.reshape(rows.shape)
    body = "".join(
        "<tr>" + "".join(_cell(v, bool(w)) for v, w in zip(row, marks, strict=True)) + "</tr>"
        for row, marks in zip(rows, wrong, strict=True)
    )
    place = f" at <code>{escape(pair.place)}</code>" if pair.place else ""
    return f"<figure><figcaption>{caption}{place}</figcaption><table><tbody>{body}</tbody></table></figure>"


def _cell(value: Any, wrong: bool) -> str:
    shown = escape(number(value))
    return f'<td class="n off" title="differs">{shown}</td>' if wrong else f'<td class="n">{shown}</td>'


def _map(pair: Pair) -> str:
    """An SVG of the errors, with a sentence that says the same."""
    said = sentence(pair)
    errors = np.where(pair.wrong, pair.errors, 0.0)
    flat = errors.reshape(-1, errors.shape[-1]) if errors.ndim > 1 else errors.reshape(1, -1)
    cells = _blocks(flat)
    rows, columns = cells.shape
    size = max(3, min(14, WIDTH // max(rows, columns)))
    strongest = float(cells[np.isfinite(cells)].max(initial=0.0))
    rects = "".join(
        f'<rect x="{c * size}" y="{r * size}" width="{size}" height="{size}" '
        f'opacity="{_shade(cells[r, c], strongest)}"/>'
        for r, c in np.argwhere(cells > 0).tolist()
    )
    drawing = (
        f'<svg role="img" aria-label="{escape(said)}" width="{columns * size}" height="{rows * size}" '
        f'viewBox="0 0 {columns * size} {rows * size}">{rects}</svg>'
    )
    return f"<figure><figcaption>{escape(said)}</figcaption>{drawing}</figure>"


def _shade(error: float, strongest: float) -> str:
    share = 1.0 if not math.isfinite(error) or not strongest else (error / strongest) ** 0.5
    return f"{0.25 + 0.75 * min(share, 1.0):.2f}"


def _blocks(flat: Array) -> Array:
    """The largest error of each block, at most MAP blocks along a side."""
    rows, columns = (min(n, MAP) for n in flat.shape)
    at = [np.linspace(0, n, k + 1).astype(int)[:-1] for n, k in zip(flat.shape, (rows, columns), strict=True)]
    return np.asarray(np.maximum.reduceat(np.maximum.reduceat(flat, at[0], axis=0), at[1], axis=1))


def sentence(pair: Pair) -> str:
    """`17 of 400 entries of the array of shape (20, 20) differ, in rows 3 to 19, columns 0 to 4`."""
    wrong = pair.wrong
    place = f" at {pair.place}" if pair.place else ""
    text = f"{int(wrong.sum())} of {wrong.size} entries of the array of shape {wrong.shape}{place} differ"
    if wrong.all():
        return text
    spans = []
    names = ("row", "column") if wrong.ndim == 2 else ("entry",) if wrong.ndim == 1 else ()
    for axis, indices in enumerate(np.nonzero(wrong)):
        low, high = int(indices.min()), int(indices.max())
        name = names[axis] if names else f"index of axis {axis}:"
        plural = {"row": "rows", "column": "columns", "entry": "entries"}.get(name, name)
        spans.append(f"{name} {low}" if low == high else f"{plural} {low} to {high}")
    return f"{text}, in {', '.join(spans)}"
