"""Exact judges of what students construct: they run in the trusted grader and cope with every value."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from autograder.authoring import World
from autograder.checks import Measured

Vector = list[Fraction]
CORNERS = (((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0))


def wrong(message: str) -> Measured:
    """Not satisfied at all."""
    return Measured(math.inf, message)


def vectors(value: Any, count: int, length: int) -> list[Vector] | None:
    """`count` lists of `length` Fractions, or None where `value` is anything else."""
    if not isinstance(value, list) or len(value) != count:
        return None
    for row in value:
        if not isinstance(row, list) or len(row) != length or not all(isinstance(x, Fraction) for x in row):
            return None
    return value


def turn(a: Vector, b: Vector, c: Vector) -> Fraction:
    """Twice the signed area of the triangle abc: positive for a left turn, 0 on a line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def between(a: Vector, b: Vector, p: Vector) -> bool:
    """Whether p, known to lie on the line through a and b, lies in the box of the two."""
    return all(min(a[i], b[i]) <= p[i] <= max(a[i], b[i]) for i in (0, 1))


def segments_meet(a: Vector, b: Vector, c: Vector, d: Vector) -> bool:
    """Whether the closed segments ab and cd have a common point (exact)."""
    if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn(p, q, r) == 0 and between(p, q, r) for p, q, r in touching)


def crossing(outputs: Any, world: World) -> Measured:
    """Two points against two points are inseparable exactly when their segments meet (separating hyperplanes)."""
    pairs = [vectors(v, 2, 2) for v in outputs] if isinstance(outputs, list) and len(outputs) == 2 else []
    if len(pairs) != 2 or pairs[0] is None or pairs[1] is None:
        return wrong("return (plus, minus), each a list of two points (x1, x2)")
    plus, minus = pairs
    if len({tuple(p) for p in plus + minus}) < 4:
        return wrong("the four points must all be different")
    if segments_meet(*plus, *minus):
        return Measured(0.0)
    return wrong(
        "a line does separate your two classes: the segment between the two + points and the segment between "
        "the two − points do not meet"
    )


def exclusive_or(outputs: Any, world: World) -> Measured:
    """The network with these weights, evaluated exactly at the four corners."""
    found = outputs if isinstance(outputs, dict) else {}
    W1 = vectors(found.get("W1"), 2, 2)
    b1, w2 = vectors([found.get("b1")], 1, 2), vectors([found.get("w2")], 1, 2)
    b2 = found.get("b2")
    if W1 is None or b1 is None or w2 is None or not isinstance(b2, Fraction):
        return wrong("return (W1, b1, w2, b2): two rows of two numbers, two numbers, two numbers, one number")
    for x, target in CORNERS:
        hidden = [max(Fraction(0), sum((x[i] * W1[i][j] for i in (0, 1)), b1[0][j])) for j in (0, 1)]
        out = sum((h * w for h, w in zip(hidden, w2[0], strict=True)), b2)
        if out != target:
            return wrong(f"at x = {x} the hidden units are {hidden[0]} and {hidden[1]}, the output {out}, not {target}")
    return Measured(0.0)
