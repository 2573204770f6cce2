"""Continuous piecewise-linear functions of one variable, exactly: the function that a ReLU network ℝ → ℝ computes.

How it works. A point x = p/q is kept as two integers (p, q) with q > 0, and the two ends of the real line as the directions
(−1, 0) and (1, 0). Between two neighbouring kinks every unit of the network is linear in (p, q), so the values of all units at
the known points say everything; where a unit changes its sign between two points, the zero is a positive integer
combination of the two and becomes a new point. Because σ(c z) = c σ(z) for c > 0, each layer may be multiplied by the common
denominator of its weights: the whole propagation is integer arithmetic, without a rounding error and without a single
`Fraction`. At the end a point is a kink exactly when the determinant of three neighbouring rows (p, q, F) is not zero,
which also merges what only looked like a kink (dead units, equal slopes, units that cancel).

What is covered: any `Network` with one input and one output, on an interval or on all of ℝ. What is not: several inputs
(restrict with `Network.on_line`), and work beyond MAX_WORK, which is refused and never attempted.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from networks import BadNetwork, Layer, Network

MAX_POINTS = 20_000
MAX_WORK = 6_000_000

Point = tuple[int, int]
Integers = tuple[int, ...]
_LEFT, _ORIGIN, _RIGHT = (-1, 0), (0, 1), (1, 0)


@dataclass(frozen=True)
class PiecewiseLinear:
    """F on [xs[0], xs[-1]], straight between neighbours; on ℝ with the two outer slopes, which are None on an interval.

    `xs` holds the kinks, on an interval its two ends as well, on ℝ at least one point; `ys` the values there.
    """

    xs: tuple[Fraction, ...]
    ys: tuple[Fraction, ...]
    kinks: tuple[Fraction, ...]
    left: Fraction | None = None
    right: Fraction | None = None

    @property
    def pieces(self) -> int:
        """Number of maximal pieces on which F is affine."""
        return len(self.kinks) + 1

    @property
    def slopes(self) -> tuple[Fraction, ...]:
        """Slopes of the pieces, from left to right."""
        inner = [(self.ys[i + 1] - self.ys[i]) / (self.xs[i + 1] - self.xs[i]) for i in range(len(self.xs) - 1)]
        slopes = [s for s in (self.left, *inner, self.right) if s is not None]
        return tuple(s for i, s in enumerate(slopes) if i == 0 or s != slopes[i - 1])

    @property
    def is_monotone(self) -> bool:
        """Never rising or never falling; constant counts as both."""
        return all(s >= 0 for s in self.slopes) or all(s <= 0 for s in self.slopes)

    def __call__(self, x: Fraction) -> Fraction:
        """F(x); ValueError outside the interval."""
        if x < self.xs[0]:
            return self.ys[0] + _outer(self.left, x) * (x - self.xs[0])
        if x > self.xs[-1]:
            return self.ys[-1] + _outer(self.right, x) * (x - self.xs[-1])
        i = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        if i < 0:
            return self.ys[0]
        share = (x - self.xs[i]) / (self.xs[i + 1] - self.xs[i])
        return self.ys[i] + share * (self.ys[i + 1] - self.ys[i])

    def distance(self, other: PiecewiseLinear) -> Fraction:
        """sup |F − G| on the interval of both (ValueError when their ends differ); the largest is at a point of F or G."""
        if (self.xs[0], self.xs[-1]) != (other.xs[0], other.xs[-1]) or self.left is not None or other.left is not None:
            raise ValueError("two functions on the same interval can be compared")
        points = sorted({*self.xs, *other.xs})
        return max(abs(a - b) for a, b in zip(self._at(points), other._at(points), strict=True))

    def distance_to_parabola(self, a: Fraction, b: Fraction, c: Fraction) -> Fraction:
        """sup |F(x) − (a x² + b x + c)| on the interval: at a point, or where the parabola has the slope of the piece."""
        largest = Fraction(0)
        errors = [y - ((a * x + b) * x + c) for x, y in zip(self.xs, self.ys, strict=True)]
        for i, error in enumerate(errors):
            largest = max(largest, abs(error))
            if i + 1 == len(errors) or a == 0:
                continue
            x0, x1 = self.xs[i], self.xs[i + 1]
            top = ((self.ys[i + 1] - self.ys[i]) / (x1 - x0) - b) / (2 * a)
            if x0 < top < x1:
                # F − parabola is −a (x − top)² + its value at top; x0 tells that value.
                largest = max(largest, abs(error + a * (x0 - top) ** 2))
        return largest

    def _at(self, points: Sequence[Fraction]) -> list[Fraction]:
        """Values at increasing points of the interval, in one pass."""
        values, i = [], 0
        for x in points:
            while i < len(self.xs) - 2 and self.xs[i + 1] <= x:
                i += 1
            share = (x - self.xs[i]) / (self.xs[i + 1] - self.xs[i])
            values.append(self.ys[i] + share * (self.ys[i + 1] - self.ys[i]))
        return values


def _outer(slope: Fraction | None, x: Fraction) -> Fraction:
    if slope is None:
        raise ValueError(f"{x} lies outside the interval")
    return slope


def through(points: Sequence[tuple[Fraction, Fraction]]) -> PiecewiseLinear:
    """The function on [x_0, x_n] through the points (x_i, y_i), straight between them; x increasing, at least two."""
    xs = tuple(Fraction(x) for x, _ in points)
    ys = tuple(Fraction(y) for _, y in points)
    if len(xs) < 2 or any(a >= b for a, b in pairwise(xs)):
        raise ValueError("at least two points with increasing x")
    rows = [(x, Fraction(1), y) for x, y in zip(xs, ys, strict=True)]
    kinks = tuple(xs[i] for i in range(1, len(xs) - 1) if _determinant(rows[i - 1], rows[i], rows[i + 1]))
    return PiecewiseLinear(xs, ys, kinks)


def function_of(network: Network, low: Fraction | None = None, high: Fraction | None = None) -> PiecewiseLinear:
    """The function of a network ℝ → ℝ, on [low, high] or, without them, on ℝ.

    Raises:
        BadNetwork: it has more than MAX_POINTS pieces, or needs more work than MAX_WORK.
        ValueError: not one input and one output, or an empty interval.
    """
    if network.inputs != 1 or network.outputs != 1:
        raise ValueError("one input and one output; restrict to a line first")
    points: list[Point] = [_LEFT, _ORIGIN, _RIGHT]
    if low is not None and high is not None:
        if not low < high:
            raise ValueError("an interval has low < high")
        points = [(low.numerator, low.denominator), (high.numerator, high.denominator)]
    rows = [((p, q), (p,), q) for p, q in points]
    work, scale = 0, 1
    for layer in network.layers[:-1]:
        rows, factor, spent = _hidden(layer, rows, scale)
        scale *= factor
        work += spent
        if len(rows) > MAX_POINTS or work > MAX_WORK:
            raise BadNetwork(f"the network has too many pieces to be judged (more than {MAX_POINTS:,}, or long weights)")
    last, factor = _whole(network.layers[-1])
    values = [(_combine(last.weights[0], h) + last.biases[0] * q * scale) for _, h, q in rows]
    return _finish([point for point, _, _ in rows], values, scale * factor)


RowOfValues = tuple[Point, Integers, int]  # a point (p, q), the values of all units there times q · scale, and q


@dataclass(frozen=True)
class _WholeLayer:
    weights: tuple[Integers, ...]
    biases: Integers


def _whole(layer: Layer) -> tuple[_WholeLayer, int]:
    """The layer times the common denominator of its numbers, and that denominator."""
    numbers = [*layer.biases, *(w for row in layer.weights for w in row)]
    factor = math.lcm(*(x.denominator for x in numbers))
    weights = tuple(tuple(int(w * factor) for w in row) for row in layer.weights)
    return _WholeLayer(weights, tuple(int(b * factor) for b in layer.biases)), factor


def _combine(weights: Integers, values: Integers) -> int:
    return sum(w * v for w, v in zip(weights, values, strict=True) if v)


def _hidden(layer: Layer, rows: list[RowOfValues], scale: int) -> tuple[list[RowOfValues], int, int]:
    """One hidden layer: cut where a pre-activation changes its sign, then ReLU. Returns rows, factor and work done."""
    whole, factor = _whole(layer)
    bits = max(max(map(abs, h)).bit_length() for _, h, _ in rows) + factor.bit_length()
    spent = len(rows) * layer.outputs * (layer.inputs + 4) * (1 + (bits // 1_000) ** 2)  # long integers cost their square
    if spent > MAX_WORK:
        return rows, factor, spent
    before: list[RowOfValues] = []
    pairs = list(zip(whole.weights, whole.biases, strict=True))
    for point, h, q in rows:
        before.append((point, tuple(_combine(w, h) + b * q * scale for w, b in pairs), q))
    after: list[RowOfValues] = [before[0]]
    for right in before[1:]:
        after.extend(_zeros(after[-1], right))
        after.append(right)
        if len(after) > MAX_POINTS:
            break
    return [(point, tuple(v if v > 0 else 0 for v in z), q) for point, z, q in after], factor, spent


def _zeros(left: RowOfValues, right: RowOfValues) -> list[RowOfValues]:
    """New rows, in order, at the zeros of all units strictly between two neighbouring points."""
    (p0, q0), z0, _ = left
    (p1, q1), z1, _ = right
    shares = {Fraction(abs(a), abs(a) + abs(b)) for a, b in zip(z0, z1, strict=True) if (a < 0 < b) or (b < 0 < a)}
    rows: list[RowOfValues] = []
    for share in sorted(shares):
        v, u = share.numerator, share.denominator - share.numerator
        p, q = u * p0 + v * p1, u * q0 + v * q1
        common = math.gcd(p, q)
        z = tuple((u * a + v * b) // common for a, b in zip(z0, z1, strict=True))
        rows.append(((p // common, q // common), z, q // common))
    return rows


def _determinant(a: tuple[Fraction, ...], b: tuple[Fraction, ...], c: tuple[Fraction, ...]) -> Fraction:
    """det of three rows (p, q, value): zero exactly when the middle one lies on the straight line of the others."""
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    )


def _finish(points: list[Point], values: list[int], scale: int) -> PiecewiseLinear:
    """The function of the integer rows: kinks found, everything else merged away."""
    kept = [0]
    kinks: list[Fraction] = []
    for i in range(1, len(points) - 1):
        rows = [(*points[j], values[j]) for j in (i - 1, i, i + 1)]
        if _determinant(*rows):  # type: ignore[arg-type]  # integers serve as well as Fractions
            kept.append(i)
            kinks.append(Fraction(*points[i]))
    kept.append(len(points) - 1)
    if points[0][1] != 0:
        xs = tuple(Fraction(*points[i]) for i in kept)
        return PiecewiseLinear(xs, tuple(Fraction(values[i], points[i][1] * scale) for i in kept), tuple(kinks))
    finite = kept[1:-1] or [points.index(_ORIGIN)]
    xs = tuple(Fraction(*points[i]) for i in finite)
    ys = tuple(Fraction(values[i], points[i][1] * scale) for i in finite)
    return PiecewiseLinear(xs, ys, tuple(kinks), Fraction(-values[0], scale), Fraction(values[-1], scale))
