"""What the cases of this assignment measure on a submitted network, exactly; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`: deviation 0 when the property holds, and
otherwise a sentence that says what was found and what was asked. Malformed outputs raise `BadNetwork` inside and come out as a message.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from board import cap_of_units
from networks import BadNetwork, Network, called, read_network, read_number
from piecewise import PiecewiseLinear, function_of, through

from autograder.checks import Measured, never_raises

ZERO, ONE = Fraction(0), Fraction(1)
RIGHT = Measured(0.0)


def wrong(message: str, deviation: float = math.inf, credit: Fraction = ZERO) -> Measured:
    """A property that does not hold."""
    return Measured(deviation, message, credit)


def entries(outputs: Any, count: int, what: str) -> list[Any]:
    """`outputs`, a list or an array, as a list of `count` entries.

    Raises:
        BadNetwork: it is not.
    """
    if isinstance(outputs, np.ndarray) and outputs.ndim:
        outputs = list(outputs)
    if not isinstance(outputs, list):
        raise BadNetwork(f"expected a list of {count} {what}; found {called(outputs)}")
    if len(outputs) != count:
        raise BadNetwork(f"expected a list of {count} {what}; found {len(outputs)}")
    return outputs


def table(outputs: Any, keys: Sequence[Any], what: str) -> dict[Any, Any]:
    """The entries of the dict `outputs` that have these keys; it may have others too.

    Raises:
        BadNetwork: it is no dict, or a key is missing.
    """
    if not isinstance(outputs, dict):
        raise BadNetwork(f"{what} is a dict with the keys {list(keys)}; found {called(outputs)}")
    missing = [key for key in keys if key not in outputs]
    if missing:
        raise BadNetwork(f"{what} lacks {missing}; its keys are {list(keys)}, found {sorted(map(str, outputs))}")
    return {key: outputs[key] for key in keys}


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
        found = f"{name}sup error {float(error):.6g}, {float(error / goal):.4g} times 2^-{2 * m + 2}"
        if error < goal:
            return wrong(f"{found}; that is better than f_{m}, but the network asked for is f_{m}, exactly")
        if error > goal:
            return wrong(f"{found}; exactly 2^-{2 * m + 2} is asked for")
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


Row = tuple[int, int, int, str]  # inputs, outputs, width, norm
THEOREMS = ("hanin_sellke", "lecture", "lu", "park")


def promised(row: Row) -> set[str]:
    """The theorems of the handout's table whose assumptions hold: the distance first, then outputs, then the width."""
    inputs, outputs, width, norm = row
    least = {"park": max(inputs + 1, outputs)}
    if norm == "sup":
        least = {"hanin_sellke": inputs + outputs} | ({"lecture": 2 * inputs} if outputs == 1 else {})
    elif norm == "L1" and outputs == 1:
        least["lu"] = inputs + 4
    return {name for name, bound in least.items() if width >= bound}


@never_raises
def promises(outputs: Any, rows: Sequence[Row], truths: Sequence[set[str]]) -> Measured:
    """For each row the names of the theorems that promise something, in any order."""
    notes = []
    for row, value, truth in zip(rows, entries(outputs, len(rows), "answers"), truths, strict=True):
        call = "theorems({}, {}, {}, {!r})".format(*row)
        names = value.tolist() if isinstance(value, np.ndarray) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BadNetwork(f"{call} gives {called(value)}; asked for is a list of names out of {', '.join(THEOREMS)}")
        missing, extra = sorted(truth - set(names)), sorted(set(names) - truth)
        said = [f"{_quoted(missing)} missing"] * bool(missing) + [f"{_quoted(extra)} too many"] * bool(extra)
        if said:
            notes.append(f"{call}: {' and '.join(said)}")
        elif len(names) != len(truth):
            notes.append(f"{call}: a name stands there twice")
    if not notes:
        return RIGHT
    more = f"; and {len(notes) - 4} more calls" if len(notes) > 4 else ""
    return wrong("; ".join(notes[:4]) + more)


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f'"{name}"' for name in names) + (" is" if len(names) == 1 else " are")


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
    found = list(outputs) if isinstance(outputs, np.ndarray) and outputs.ndim == 2 else outputs
    if not isinstance(found, list) or not 2 <= len(found) <= 10_000:
        return wrong(f"expected a list of at least two points (x, y); found {called(outputs)}")
    points = [tuple(read_number(v, "a coordinate") for v in entries(p, 2, "coordinates")) for p in found]
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
