"""Exact judges of what students construct: they run in the trusted grader and cope with every value."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from backprop_checkers import first_checker, second_checker, softmax, third_checker

from autograder.authoring import World
from autograder.checks import Measured
from autograder.checks.evaluation import NotGradable, evaluate
from autograder.checks.formulas import as_formula

Vector = list[Fraction]
ROUNDING = 1e-12
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


def agreeing(outputs: Any, world: World) -> Measured:
    """The answers by hand about one point agree with each other; whether they are right is another case's question."""
    found = outputs if isinstance(outputs, dict) else {}
    z, sigma = (as_formula(found.get(name)) for name in ("z", "sigma"))
    if z is None or sigma is None:
        return wrong("z and sigma are a number and an exact expression")
    try:
        height, chance = evaluate(z, {}), evaluate(sigma, {})
    except NotGradable as error:
        return wrong(f"z or sigma cannot be worked out: {error}")
    if mpmath.im(height) or mpmath.im(chance) or not mpmath.isfinite(height) or not mpmath.isfinite(chance):
        return wrong("z and sigma are real numbers")
    side = found.get("side")
    if side not in ("positive", "negative"):
        return wrong('side is "positive" or "negative"')
    if height == 0 or (height > 0) != (side == "positive"):
        return wrong(f"your z is {mpmath.nstr(height, 6)}, and you say that the point lies on the {side} side")
    if abs(chance - 1 / (1 + mpmath.exp(-height))) > 1e-9:
        return wrong(f"your sigma is {mpmath.nstr(chance, 6)}; σ of your own z, {mpmath.nstr(height, 6)}, is another number")
    return Measured(0.0)


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


def points(outputs: Any) -> tuple[list[Vector], list[Vector]] | str:
    """(plus, minus), or what is wrong with them."""
    pairs = [vectors(v, 2, 2) for v in outputs] if isinstance(outputs, list) and len(outputs) == 2 else []
    if len(pairs) != 2 or pairs[0] is None or pairs[1] is None:
        return "return (plus, minus), each a list of two points (x1, x2)"
    plus, minus = pairs
    return "the four points must all be different" if len({tuple(p) for p in plus + minus}) < 4 else (plus, minus)


def all_different(outputs: Any, world: World) -> Measured:
    """Four points, whatever line may separate them."""
    found = points(outputs)
    return wrong(found) if isinstance(found, str) else Measured(0.0)


def crossing(outputs: Any, world: World) -> Measured:
    """Two points against two points are inseparable exactly when their segments meet (separating hyperplanes)."""
    found = points(outputs)
    if isinstance(found, str):
        return wrong(found)
    plus, minus = found
    if segments_meet(*plus, *minus):
        return Measured(0.0)
    return wrong(
        "a line does separate your two classes: the segment between the two + points and the segment between "
        "the two − points do not meet"
    )


def at_corners(outputs: Any, corners: tuple[tuple[tuple[int, int], int], ...]) -> Measured:
    """The network with these weights, evaluated exactly at some corners."""
    found = outputs if isinstance(outputs, dict) else {}
    W1 = vectors(found.get("W1"), 2, 2)
    b1, w2 = vectors([found.get("b1")], 1, 2), vectors([found.get("w2")], 1, 2)
    b2 = found.get("b2")
    if W1 is None or b1 is None or w2 is None or not isinstance(b2, Fraction):
        return wrong("return (W1, b1, w2, b2): two rows of two numbers, two numbers, two numbers, one number")
    for x, target in corners:
        hidden = [max(Fraction(0), sum((x[i] * W1[i][j] for i in (0, 1)), b1[0][j])) for j in (0, 1)]
        out = sum((h * w for h, w in zip(hidden, w2[0], strict=True)), b2)
        if out != target:
            return wrong(f"at x = {x} the hidden units are {hidden[0]} and {hidden[1]}, the output {out}, not {target}")
    return Measured(0.0)


def first_corners(outputs: Any, world: World) -> Measured:
    """0 at (0, 0), and 1 where one input is 1."""
    return at_corners(outputs, CORNERS[:3])


def exclusive_or(outputs: Any, world: World) -> Measured:
    """All four corners."""
    return at_corners(outputs, CORNERS)


def arrays(outputs: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
    """(x, claimed) when they are finite float arrays, x of shape (k,) with 2 ≤ k ≤ 10 and entries of at most 1e8."""
    if not isinstance(outputs, dict):
        return None
    x, claimed = outputs.get("x"), outputs.get("claimed")
    if not (isinstance(x, np.ndarray) and isinstance(claimed, np.ndarray) and x.dtype == claimed.dtype == np.float64):
        return None
    fine = x.ndim == 1 and 2 <= x.size <= 10 and np.isfinite(claimed).all() and (np.abs(x) <= 1e8).all()
    return (x, claimed) if fine else None


def plainly_wrong(outputs: Any, derivative: Callable[..., np.ndarray[Any, Any]]) -> str:
    """Empty when the claim is wrong by at least a tenth of the largest entry of the derivative; else why not."""
    pair = arrays(outputs)
    if pair is None:
        return "x has shape (k,), 2 ≤ k ≤ 10, entries of at most 1e8 in size, and everything is finite"
    x, claimed = pair
    true = derivative(x)
    if claimed.shape != true.shape:
        return f"the claimed derivative has shape {claimed.shape}; at this x it should be {true.shape}"
    size = np.abs(true).max()
    error = np.abs(claimed - true).max()
    if size < 1e-3:
        return "the true derivative is all but zero at your x: choose another one"
    return "" if error >= 0.1 * size else _not_wrong(claimed, true, error / size)


def _not_wrong(claimed: np.ndarray[Any, Any], true: np.ndarray[Any, Any], share: float) -> str:
    """Why a claim is not wrong enough; `share` is its largest error over the largest entry of the derivative."""
    asked = "asked for is one that is wrong by at least a tenth of the largest entry"
    if np.array_equal(claimed, true):
        return f"your claim is exactly the right derivative at your x; {asked}"
    if share < ROUNDING:
        return f"your claim is the right derivative at your x up to rounding; {asked}"
    return f"your claim is nearly right: its largest error is {share:.3g} of the largest entry; {asked}"


def fooled(outputs: Any, checker: Callable[..., bool], derivative: Callable[..., np.ndarray[Any, Any]]) -> Measured:
    """Whether `checker` accepts a claim that is plainly wrong."""
    message = plainly_wrong(outputs, derivative)
    if message:
        return wrong(message)
    if not checker(outputs["x"], outputs["claimed"]):
        return wrong(f"{checker.__name__} notices that this claim is wrong")
    return Measured(0.0)


def wrong_enough(outputs: Any, world: World) -> Measured:
    """The three claims of question 9, without asking the checkers."""
    three = outputs if isinstance(outputs, list) and len(outputs) == 3 else [None] * 3
    derivatives = (softmax_jacobian, np.array, np.array)
    for name, claim, derivative in zip(("fool_first", "fool_second", "fool_third"), three, derivatives, strict=True):
        message = plainly_wrong(claim, derivative)
        if message:
            return wrong(f"{name}: {message}")
    return Measured(0.0)


def softmax_jacobian(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """∂ softmax_i / ∂ x_j = p_i (δ_ij − p_j)."""
    p = softmax(x)
    return np.asarray(np.diag(p) - np.outer(p, p))


def fools_first(outputs: Any, world: World) -> Measured:
    """For `first_checker`; a Jacobian of zeros is not accepted."""
    pair = arrays(outputs)
    if pair is not None and not pair[1].any():
        return wrong("a Jacobian of zeros is too easy: claim one that is not all zeros")
    return fooled(outputs, first_checker, softmax_jacobian)


def fools_second(outputs: Any, world: World) -> Measured:
    """For `second_checker`: the gradient of half_square is x itself."""
    return fooled(outputs, second_checker, np.array)


def fools_third(outputs: Any, world: World) -> Measured:
    """For `third_checker`: the gradient of half_square is x itself."""
    return fooled(outputs, third_checker, np.array)
