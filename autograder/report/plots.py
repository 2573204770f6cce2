"""Plots as inline SVG: drawn by hand, coloured by the page's own style sheet, readable without a script.

Every text that goes in is escaped; every drawing carries a title and a description for those who do not see it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup, escape


def donut(share: float, label: str, size: int = 116) -> Markup:
    """A ring that is filled by `share` (0 to 1), with a label in the middle."""
    share = min(max(share, 0.0), 1.0)
    radius = 42.0
    around = 2 * math.pi * radius
    arc = f'stroke-dasharray="{around * share:.2f} {around:.2f}"'
    kind = "good" if share >= 1 else ("some" if share > 0 else "none")
    return Markup(
        f'<svg class="donut {kind}" viewBox="0 0 100 100" width="{size}" height="{size}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<circle class="track" cx="50" cy="50" r="{radius}"/>'
        f'<circle class="arc" cx="50" cy="50" r="{radius}" {arc} transform="rotate(-90 50 50)"/>'
        f'<text x="50" y="51" text-anchor="middle" dominant-baseline="middle">{escape(label)}</text></svg>'
    )


def bins_of(points: Sequence[float], most: float, bins: int = 20) -> list[int]:
    """How many values fall in each of `bins` equal parts of [0, most]; the top value belongs to the last part."""
    counts = [0] * bins
    for value in points:
        index = int(value / most * bins) if most > 0 else 0
        counts[min(max(index, 0), bins - 1)] += 1
    return counts


def histogram(points: Sequence[float], most: float, mean: float, median: float, bins: int = 20) -> Markup:
    """The distribution of points, with lines at the mean and the median."""
    counts = bins_of(points, most, bins)
    top = nice_ceiling(max([*counts, 1]))
    left, bottom, width, height = 34, 176, 552, 150
    step = width / bins
    parts = [_grid(top, left, bottom, width, height)]
    for index, count in enumerate(counts):
        tall = height * count / top
        low, high = most * index / bins, most * (index + 1) / bins
        title = f"{count} with {low:g} to {high:g} points"
        parts.append(
            f'<rect class="bar" x="{left + index * step + 1.5:.1f}" y="{bottom - tall:.1f}" rx="2" '
            f'width="{step - 3:.1f}" height="{tall:.1f}"><title>{escape(title)}</title></rect>'
        )
    for value in ticks(most):
        x = left + width * (value / most if most > 0 else 0)
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{value:g}</text>')
    parts += _markers(most, mean, median, left, bottom, width, height)
    label = f"Distribution of points of {len(points)} submissions; mean {mean:.1f}, median {median:.1f} of {most:g}"
    return Markup(
        f'<svg class="plot" viewBox="0 0 600 200" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def ticks(most: float) -> list[float]:
    """Round numbers from 0 to `most`, four to eight of them, and `most` itself where it stands clear of the last."""
    if most <= 0:
        return [0.0]
    scale = 10.0 ** math.floor(math.log10(most))
    step = next(f * scale for f in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if most / (f * scale) <= 7)
    found = [i * step for i in range(int(most / step + 1e-9) + 1)]
    if most - found[-1] > 0.6 * step:
        found.append(most)
    return found


def nice_ceiling(value: int) -> int:
    """The smallest of 1, 2, 4, 5, 10, 20, 40, 50, 100, … that is not below `value`."""
    scale = 1
    while True:
        for factor in (1, 2, 4, 5):
            if factor * scale >= value:
                return factor * scale
        scale *= 10


def _grid(top: int, left: int, bottom: int, width: int, height: int) -> str:
    parts = []
    steps = [s for s in (0, top / 2, top) if float(s).is_integer()]
    for value in steps:
        y = bottom - height * value / top
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    return "".join(parts)


def _markers(most: float, mean: float, median: float, left: int, bottom: int, width: int, height: int) -> list[str]:
    """Two lines with labels on opposite sides, so that they do not meet however close the values are."""
    places = sorted((("mean", mean), ("median", median)), key=lambda pair: pair[1])
    parts = []
    for (name, value), anchor, shift in zip(places, ("end", "start"), (-5, 5), strict=True):
        x = left + width * (value / most if most > 0 else 0)
        near_edge = (anchor == "end" and x < left + 80) or (anchor == "start" and x > left + width - 80)
        y = bottom - height - (14 if near_edge and anchor == "end" else 1)
        if near_edge:
            anchor, shift = ("start", 5) if anchor == "end" else ("end", -5)
            y -= 13 if anchor == "end" else 0
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom - height - 12}" y2="{bottom}"/>')
        parts.append(
            f'<text class="label" x="{x + shift:.1f}" y="{y:.1f}" text-anchor="{anchor}">{name} {value:.1f}</text>'
        )
    return parts


def scatter(items: Sequence[tuple[int, str, float, float]]) -> Markup:
    """Difficulty (across) against discrimination (up) of items, numbered; poor discrimination is shaded.

    Args:
        items: (number, title, difficulty 0..1, discrimination −1..1).
    """
    left, bottom, width, height = 44, 232, 536, 210
    low, high = -0.2, 1.0

    def across(p: float) -> float:
        return left + width * p

    def up(r: float) -> float:
        return bottom - height * (min(max(r, low), high) - low) / (high - low)

    parts = [
        f'<rect class="shade" x="{left}" y="{up(0.2):.1f}" width="{width}" height="{bottom - up(0.2):.1f}"/>',
        f'<text class="tick" x="{left + 6}" y="{bottom - 6}">tells strong from weak students poorly</text>',
    ]
    for r in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{up(r):.1f}" y2="{up(r):.1f}"/>')
        parts.append(f'<text class="tick" x="{left - 6}" y="{up(r) + 4:.1f}" text-anchor="end">{r:g}</text>')
    for p in (0, 0.2, 0.4, 0.6, 0.8, 1):
        label, anchor = f"{p * 100:.0f} %", "end" if p == 1 else "middle"
        parts.append(f'<text class="tick" x="{across(p):.1f}" y="{bottom + 17}" text-anchor="{anchor}">{label}</text>')
    for number, title, p, r in items:
        x, y = across(p), up(r)
        parts.append(
            f"<g><title>{escape(title)}: {p * 100:.0f} %, r = {r:.2f}</title>"
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
            f'<text class="number" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{number}</text></g>'
        )
    label = f"Difficulty against discrimination of {len(items)} questions"
    return Markup(
        f'<svg class="plot" viewBox="0 0 600 256" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
