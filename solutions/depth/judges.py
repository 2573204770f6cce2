"""What the cases of this assignment measure on a submitted network, exactly; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`: deviation 0 when the property holds, and
otherwise a sentence that says what was found and what was asked. Malformed outputs raise `BadNetwork` inside and come out as a message.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from board import cap_of_units
from networks import BadNetwork, Network, read_network, read_number
from piecewise import PiecewiseLinear, function_of, through

from autograder.checks import Measured

ZERO, ONE = Fraction(0), Fraction(1)
RIGHT = Measured(0.0)


def wrong(message: str, deviation: float = math.inf, credit: Fraction = ZERO) -> Measured:
    """A property that does not hold."""
    return Measured(deviation, message, credit)


def never_raises(predicate: Callable[..., Measured]) -> Callable[..., Measured]:
    """The predicate, with malformed outputs turned into its message."""

    @functools.wraps(predicate)
    def guarded(*args: Any, **kwargs: Any) -> Measured:
        try:
            return predicate(*args, **kwargs)
        except BadNetwork as problem:
            return wrong(str(problem))

    return guarded


def entries(outputs: Any, count: int, what: str) -> list[Any]:
    """`outputs` as a list of `count` entries.

    Raises:
        BadNetwork: it is not.
    """
    if not isinstance(outputs, list) or len(outputs) != count:
        raise BadNetwork(f"expected a list of {count} {what}")
    return outputs


def table(outputs: Any, keys: Sequence[Any], what: str) -> dict[Any, Any]:
    """`outputs` as a dict with exactly these keys.

    Raises:
        BadNetwork: it is not.
    """
    if not isinstance(outputs, dict) or set(outputs) != set(keys):
        found = sorted(map(str, outputs)) if isinstance(outputs, dict) else type(outputs).__name__
        raise BadNetwork(f"{what} is a dict with the keys {list(keys)}; found {found}")
    return outputs


def shape_problem(network: Network, depth: int | None = None, width: int | None = None, name: str = "") -> str:
    """What is wrong with the architecture, or an empty string."""
    if depth is not None and network.depth != depth:
        return (
            f"{name}the network has {network.depth} hidden layers, asked for are {depth} "
            "(a hidden layer is an affine map followed by ReLU; the output layer is not counted)"
        )
    if width is not None and max(network.widths, default=0) > width:
        return f"{name}a hidden layer has {max(network.widths)} units, at most {width} are allowed"
    return ""


def tent(k: int) -> PiecewiseLinear:
    """The k-fold tent map on [0, 1]: 0 and 1 in turn at i / 2^k."""
    return through([(Fraction(i, 2**k), Fraction(i % 2)) for i in range(2**k + 1)])


@never_raises
def tents(outputs: Any, ks: Sequence[int]) -> Measured:
    """Networks of depth k and width 2 that equal the k-fold tent on [0, 1]."""
    for k, value in zip(ks, entries(outputs, len(ks), "networks"), strict=True):
        name = f"k = {k}: "
        network = read_network(value, name=f"tent_network({k})")
        problem = shape_problem(network, depth=k, width=2, name=name)
        if problem:
            return wrong(problem)
        function = function_of(network, ZERO, ONE)
        if function.pieces != 2**k:
            return wrong(f"{name}{function.pieces} pieces on [0, 1], not 2^{k} = {2**k}")
        away = function.distance(tent(k))
        if away:
            return wrong(f"{name}the right number of pieces, but not the tent: off by up to {float(away):.3g}")
    return RIGHT


@never_raises
def one_layer(outputs: Any, places: Sequence[Fraction], jumps: Sequence[Fraction]) -> Measured:
    """One hidden layer with these kinks and jumps of the slope, 0 on the left."""
    network = read_network(outputs)
    problem = shape_problem(network, depth=1, width=len(places))
    if problem:
        return wrong(problem)
    function = function_of(network)
    if function.kinks != tuple(places):
        return wrong(f"kinks at {_numbers(function.kinks)}, asked for are {_numbers(places)}")
    found = tuple(b - a for a, b in pairwise(function.slopes))
    if found != tuple(jumps):
        return wrong(f"the slope jumps by {_numbers(found)}, asked for are {_numbers(jumps)}")
    if function.left or function.ys[0]:
        return wrong(f"left of the first kink F is {function.ys[0]} with slope {function.left}; it is to be 0")
    return RIGHT


@never_raises
def parabolas(outputs: Any, ms: Sequence[int]) -> Measured:
    """Networks of depth m and width 3 with sup distance exactly 2^−(2m+2) to x² on [0, 1]."""
    for m, value in zip(ms, entries(outputs, len(ms), "networks"), strict=True):
        name = f"m = {m}: "
        network = read_network(value, name=f"square_network({m})")
        problem = shape_problem(network, depth=m, width=3, name=name)
        if problem:
            return wrong(problem)
        error = function_of(network, ZERO, ONE).distance_to_parabola(ONE, ZERO, ZERO)
        goal = Fraction(1, 4 ** (m + 1))
        if error != goal:
            factor = float(error / goal)
            return wrong(f"{name}sup error {float(error):.6g}, not 2^-{2 * m + 2} ({factor:.4g} times as much)")
    return RIGHT


Segment = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]


@never_raises
def product(outputs: Any, error: Fraction, bound: Fraction, depth: int, segments: Sequence[Segment]) -> Measured:
    """|F(x, y) − x y| ≤ error on segments of [0, bound]², with at most `depth` layers of at most 9 units."""
    network = read_network(outputs, inputs=2)
    if network.depth > depth:
        return wrong(f"{network.depth} hidden layers; {depth} suffice for this error and are allowed")
    problem = shape_problem(network, width=9)
    if problem:
        return wrong(problem)
    for (x0, y0), (x1, y1) in segments:
        dx, dy = x1 - x0, y1 - y0
        function = function_of(network.on_line((x0, y0), (dx, dy)), ZERO, ONE)
        found = function.distance_to_parabola(dx * dy, x0 * dy + y0 * dx, x0 * y0)
        if found > error:
            place = f"from ({x0}, {y0}) to ({x1}, {y1})"
            return wrong(f"error {float(found):.4g} on the segment {place}; {float(error):.4g} is allowed")
    return RIGHT


def maximum(slopes: Sequence[Fraction], intercepts: Sequence[Fraction], low: Fraction, high: Fraction) -> PiecewiseLinear:
    """max_j (a_j x + c_j) on [low, high]: its kinks are among the crossings of two lines."""
    lines = list(zip(slopes, intercepts, strict=True))
    crossings = {(d - c) / (a - b) for a, c in lines for b, d in lines if a != b}
    xs = sorted({low, high, *(x for x in crossings if low < x < high)})
    return through([(x, max(a * x + c for a, c in lines)) for x in xs])


@never_raises
def equals_maximum(
    outputs: Any, slopes: Sequence[Fraction], intercepts: Sequence[Fraction], low: Fraction, high: Fraction
) -> Measured:
    """A network of width 2 that equals the maximum of the lines on [low, high]."""
    network = read_network(outputs)
    problem = shape_problem(network, width=2)
    if problem:
        return wrong(problem)
    target = maximum(slopes, intercepts, low, high)
    away = function_of(network, low, high).distance(target)
    if away:
        return wrong(f"differs from the maximum of the lines by up to {float(away):.4g} on [{low}, {high}]")
    return RIGHT


@never_raises
def interpolates(outputs: Any, nodes: Sequence[Fraction], values: Sequence[Fraction]) -> Measured:
    """One hidden layer of n units that is straight between n + 1 given points."""
    network = read_network(outputs)
    problem = shape_problem(network, depth=1, width=len(nodes) - 1)
    if problem:
        return wrong(problem)
    function = function_of(network, nodes[0], nodes[-1])
    for x, y in zip(nodes, values, strict=True):
        if function(x) != y:
            return wrong(f"F({x}) = {function(x)}, but the value there is {y}")
    if function.distance(through(list(zip(nodes, values, strict=True)))):
        return wrong("the values at the nodes are right, but F is not straight between them")
    return RIGHT


@never_raises
def is_worst(outputs: Any, n: int, lipschitz: Fraction) -> Measured:
    """A Lipschitz function whose interpolant at i/n is wrong by exactly lipschitz / (2n)."""
    if not isinstance(outputs, list) or not 2 <= len(outputs) <= 10_000:
        return wrong("expected a list of at least two points (x, y)")
    points = [tuple(read_number(v, "a coordinate") for v in entries(p, 2, "coordinates")) for p in outputs]
    if points[0][0] != 0 or points[-1][0] != 1:
        return wrong(f"the first x is 0 and the last is 1; found {points[0][0]} and {points[-1][0]}")
    if any(a[0] >= b[0] for a, b in pairwise(points)):
        return wrong("the x of the points increase")
    function = through([(x, y) for x, y in points])
    steepest = max(abs(s) for s in function.slopes)
    if steepest > lipschitz:
        return wrong(f"its steepest slope is {steepest}, more than the Lipschitz constant {lipschitz}")
    nodes = [Fraction(i, n) for i in range(n + 1)]
    error = function.distance(through([(x, function(x)) for x in nodes]))
    if error != lipschitz / (2 * n):
        return wrong(f"its interpolant is wrong by {error}, not by {lipschitz / (2 * n)}")
    return RIGHT


@never_raises
def record(outputs: Any, budgets: Sequence[int], floors: Sequence[int]) -> Measured:
    """Pieces on ℝ for each budget of units; the leaderboard gets the pieces of the last budget."""
    share, notes, board = ONE, [], 0
    values = entries(outputs, len(budgets), "networks")
    for units, floor, value in zip(budgets, floors, values, strict=True):
        network = read_network(value, name=f"record_network({units})")
        if network.units > units:
            return wrong(f"record_network({units}) has {network.units} hidden units; at most {units} are allowed")
        board = function_of(network).pieces
        line = units + 1  # what one hidden layer gives; no credit for less
        share = min(share, Fraction(max(0, min(board, floor) - line), floor - line))
        notes.append(f"{units} units: {board} pieces, {floor} asked for, proven cap {cap_of_units(units)}")
    return Measured(0.0 if share == 1 else float(1 - share), "; ".join(notes), share, float(board))


def _numbers(values: Sequence[Fraction]) -> str:
    shown = ", ".join(str(v) for v in values[:8])
    return f"[{shown}{', …' if len(values) > 8 else ''}]"
