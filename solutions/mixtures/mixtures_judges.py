"""What the cases of this assignment measure on a construction or on trained weights; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks import Malformed, Measured, array_of, entries, fields, never_raises, rational, rationals

RIGHT = Measured(0.0)
MOST_ROWS = 200
PATTERNS = tuple(f"{i:03b}" for i in range(8))
Network = dict[str, Any]


def wrong(message: str, credit: Fraction = Fraction(0)) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message, credit)


def mean_of(answers: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The weighted mean."""
    return sum((w * f for w, f in zip(weights, answers, strict=True)), Fraction(0))


@never_raises
def nobody_is_right(outputs: Any, tasks: Sequence[tuple[list[Fraction], Fraction]]) -> Measured:
    """For each (weights, y) wrong members with a perfect mean."""
    for (weights, y), value in zip(tasks, entries(outputs, "the answers", len(tasks)), strict=True):
        answers = rationals(value, "the members", len(weights))
        if y in answers:
            return wrong(f"weights {said(weights)}, y = {y}: member {answers.index(y)} is right")
        if mean_of(answers, weights) != y:
            return wrong(f"weights {said(weights)}: the ensemble answers {mean_of(answers, weights)}, and y is {y}")
    return RIGHT


@never_raises
def best_is_better(outputs: Any, tasks: Sequence[tuple[list[Fraction], Fraction, Fraction]]) -> Measured:
    """For each (weights, y, gap) members of which one is right, and whose mean is off by the gap."""
    for (weights, y, gap), value in zip(tasks, entries(outputs, "the answers", len(tasks)), strict=True):
        answers = rationals(value, "the members", len(weights))
        if y not in answers:
            return wrong(f"weights {said(weights)}: no member answers y = {y}")
        if mean_of(answers, weights) != y + gap:
            return wrong(f"weights {said(weights)}: the ensemble answers {mean_of(answers, weights)}; y + gap is {y + gap}")
    return RIGHT


def said(values: Sequence[Fraction]) -> str:
    """A few Fractions for a message."""
    return "(" + ", ".join(map(str, values)) + ")"


def majority_of(value: Any, p: Fraction) -> Fraction:
    """The probability of a right majority of a joint table of three voters of accuracy p.

    Raises:
        Malformed: it is no such table.
    """
    if not isinstance(value, dict):
        raise Malformed("the table is no dict")
    chances = {key: rational(chance, f"the probability of {key}") for key, chance in value.items() if key in PATTERNS}
    if min(chances.values(), default=Fraction(-1)) < 0 or sum(chances.values()) != 1:
        raise Malformed(f"p = {p}: the probabilities are not all ≥ 0, or do not add up to 1 over 000, 001, …, 111")
    for voter in range(3):
        alone = sum((chance for key, chance in chances.items() if key[voter] == "1"), Fraction(0))
        if alone != p:
            raise Malformed(f"p = {p}: voter {voter} is right with probability {alone}")
    return sum((chance for key, chance in chances.items() if key.count("1") >= 2), Fraction(0))


@never_raises
def better_and_worse_than_one(outputs: Any, tasks: Sequence[tuple[Fraction, bool]]) -> Measured:
    """For each (p, best) a joint table whose majority is better (worse) than a single voter."""
    for (p, best), value in zip(tasks, entries(outputs, "the answers", len(tasks)), strict=True):
        majority = majority_of(value, p)
        if majority == p or (majority > p) != best:
            return wrong(f"p = {p}: the majority is right with probability {majority}, which is not {'better' if best else 'worse'} than one voter")
    return RIGHT


def network_of(value: Any, like: Network, what: str) -> Network:
    """A network of the shapes of another one, as Fractions."""
    found = fields(value, ("W", "b", "v", "c"), what)
    n = len(like["b"])
    rows = entries(found["W"], "W", len(like["W"]))
    made: Network = {key: rationals(found[key], key, n) for key in ("b", "v")}
    return {**made, "W": [rationals(row, f"W[{i}]", n) for i, row in enumerate(rows)], "c": rational(found["c"], "c")}


def answer(network: Network, x: Sequence[Fraction]) -> Fraction:
    """What a network of ReLU units answers."""
    total = Fraction(network["c"])
    for j, (b, v) in enumerate(zip(network["b"], network["v"], strict=True)):
        total += v * max(Fraction(0), sum((a * row[j] for a, row in zip(x, network["W"], strict=True)), Fraction(b)))
    return total


def averaged(first: Network, second: Network) -> Network:
    """The mean of two networks' weights."""
    halves: Network = {}
    for key in ("b", "v"):
        halves[key] = [Fraction(one + other, 2) for one, other in zip(first[key], second[key], strict=True)]
    rows = zip(first["W"], second["W"], strict=True)
    halves["W"] = [[Fraction(one + other, 2) for one, other in zip(*pair, strict=True)] for pair in rows]
    return {**halves, "c": Fraction(first["c"] + second["c"], 2)}


@never_raises
def twins(outputs: Any, networks: Sequence[Network], points: Sequence[Sequence[Sequence[Fraction]]]) -> Measured:
    """For each network one that answers the same at all points, and whose average with it does not."""
    for network, places, value in zip(networks, points, entries(outputs, "the answers", len(networks)), strict=True):
        other = network_of(value, network, "the twin")
        for x in places:
            if answer(other, x) != answer(network, x):
                return wrong(f"for x = {said(x)} the network answers {answer(network, x)} and its twin {answer(other, x)}")
        mixed = averaged(network, other)
        if all(answer(mixed, x) == answer(network, x) for x in places):
            return wrong("the average of the weights answers what the network answers: averaging this twin does no harm")
    return RIGHT


@never_raises
def another_teacher(outputs: Any, tasks: Sequence[tuple[np.ndarray, np.ndarray]], points: Sequence[np.ndarray]) -> Measured:
    """For each (W, b) other weights with the same probabilities."""
    for (W, b), X, value in zip(tasks, points, entries(outputs, "the answers", len(tasks)), strict=True):
        found = fields(value, ("W", "b"), "the teacher")
        other = [array_of(found[name]) for name in ("W", "b")]
        if any(a is None or a.shape != like.shape for a, like in zip(other, (W, b), strict=True)):
            raise Malformed(f"W and b must have the shapes {W.shape} and {b.shape}")
        V, c = (np.asarray(a, dtype=float) for a in other)
        if not (np.isfinite(V).all() and np.isfinite(c).all()):
            raise Malformed("a weight is not finite")
        if np.abs(V - W).max() < 0.499 or np.abs(c - b).max() < 0.499:
            return wrong("no entry of W, or none of b, is changed by 1/2 or more")
        gap = np.abs(softmax(X @ V + c) - softmax(X @ W + b)).max()
        if gap > 1e-5:
            return wrong(f"for some input a probability is another one, by {gap:.3g}")
    return RIGHT


def softmax(z: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def routing(value: Any, E: int) -> list[list[Fraction]]:
    """A table of 1 to 200 rows of probabilities with a single largest entry each."""
    rows = entries(value, "the table")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Malformed(f"{len(rows)} rows; 1 to {MOST_ROWS} are allowed")
    made = [rationals(row, f"row {i}", E) for i, row in enumerate(rows)]
    for i, row in enumerate(made):
        if sum(row) != 1 or min(row) < 0:
            raise Malformed(f"row {i} adds up to {float(sum(row)):.12g} or has a negative entry: it holds no probabilities (use Fractions)")
        if row.count(max(row)) > 1:
            raise Malformed(f"row {i} has two largest entries: which expert is chosen?")
    return made


def loss_of(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    """E Σ f P for the largest entry of each row."""
    E = len(rows[0])
    chosen = [row.index(max(row)) for row in rows]
    P = [sum((row[e] for row in rows), Fraction(0)) for e in range(E)]
    return Fraction(E, len(rows) ** 2) * sum((chosen.count(e) * P[e] for e in range(E)), Fraction(0))


@never_raises
def collapsed(outputs: Any, sizes: Sequence[int]) -> Measured:
    """For each E a table in which all choose expert 0, with a loss of at most 1.01."""
    for E, value in zip(sizes, entries(outputs, "the answers", len(sizes)), strict=True):
        rows = routing(value, E)
        if any(row.index(max(row)) for row in rows):
            return wrong(f"E = {E}: a token chooses another expert than 0")
        if loss_of(rows) > Fraction(101, 100):
            return wrong(f"E = {E}: the balance loss is {float(loss_of(rows)):.4g}, more than 1.01")
    return RIGHT


@never_raises
def below(outputs: Any, E: int, bound: Fraction) -> Measured:
    """A table for E experts with a loss below a bound."""
    loss = loss_of(routing(entries(outputs, "the answers", 1)[0], E))
    if loss > bound:
        return wrong(f"E = {E}: your table has a balance loss of {float(loss):.5g}; there are tables with less")
    return RIGHT


@never_raises
def looks_ahead(outputs: Any, capacities: Sequence[int]) -> Measured:
    """For each capacity scores and one more row that changes the experts of an earlier token."""
    for capacity, value in zip(capacities, entries(outputs, "the answers", len(capacities)), strict=True):
        found = fields(value, ("scores", "token"), "the example")
        token = rationals(found["token"], "token")
        rows = [rationals(row, f"scores[{i}]", len(token)) for i, row in enumerate(entries(found["scores"], "scores"))]
        if not token or not 1 <= len(rows) <= capacity + 5:
            return wrong(f"capacity {capacity}: {len(rows)} rows of {len(token)} numbers; 1 to {capacity + 5} rows are allowed")
        columns = list(zip(*rows, token, strict=True))
        if any(len(set(column)) < len(column) for column in columns):
            return wrong(f"capacity {capacity}: two numbers of a column are equal")
        changed = False
        for column in columns:
            before, after = (set(sorted(range(n), key=lambda i: -column[i])[:capacity]) for n in (len(rows), len(rows) + 1))
            changed = changed or before != after - {len(rows)}
        if not changed:
            return wrong(f"capacity {capacity}: with the token appended, every earlier token has the experts that it had before")
    return RIGHT
