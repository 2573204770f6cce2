"""Predicates of this assignment's `satisfies` cases: from what a probe returned to whether the property holds, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from autograder.checks import Malformed, Measured, entries, fields, never_raises, rational, rationals

RIGHT = Measured(0.0)


def wrong(message: str) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message)


def matrix(value: Any, what: str, rows: int, columns: int) -> list[list[Fraction]]:
    """A matrix of numbers, as a list of rows."""
    return [rationals(row, f"{what}[{i}]", columns) for i, row in enumerate(entries(value, what, rows))]


def sentences(value: Any) -> list[list[str]]:
    """Two sentences in which "bites" stands once, and not first."""
    found = []
    for i, sentence in enumerate(entries(value, "the answer", 2), 1):
        words = [str(w) if isinstance(w, str) else None for w in entries(sentence, f"sentence {i}")]
        if None in words:
            raise Malformed(f"sentence {i} holds something that is no word")
        if words.count("bites") != 1 or words[0] == "bites":
            raise Malformed(f'sentence {i} is {words}: "bites" stands in it once, and not as the first word')
        found.append([word for word in words if word is not None])
    return found


def who(words: list[str]) -> str:
    """The word before "bites"."""
    return words[words.index("bites") - 1]


@never_raises
def fools_bag(outputs: Any, words: Sequence[str]) -> Measured:
    """Two orders of `words` with different answers."""
    first, second = sentences(outputs)
    for sentence in (first, second):
        if sorted(sentence) != sorted(words):
            return wrong(f"{sentence} is no order of the words that were given, {list(words)}: a bag of counts could tell")
    if who(first) == who(second):
        return wrong(f"in both sentences it is {who(first)!r} who bites")
    return RIGHT


@never_raises
def fools_windows(outputs: Any, ks: Sequence[int]) -> Measured:
    """For each k two sentences that agree in their last k words, with different answers."""
    for k, pair in zip(ks, entries(outputs, "the answers", len(ks)), strict=True):
        first, second = sentences(pair)
        if max(len(first), len(second)) > k + 20:
            return wrong(f"k = {k}: more than {k + 20} words")
        if first[-k:] != second[-k:]:
            return wrong(f"k = {k}: the last {k} words differ, so a model with this window can tell: {first} and {second}")
        if who(first) == who(second):
            return wrong(f"k = {k}: in both sentences it is {who(first)!r} who bites")
    return RIGHT


def gradient_of_unit(w: Fraction, xs: Sequence[Fraction], y: Fraction, k: int) -> Fraction:
    """dL/dw of h ← w h + x from h = 0 with L = ½(h_T − y)², through the last k steps, by moving forwards."""
    h, slope = Fraction(0), Fraction(0)
    for step, x in enumerate(xs):
        slope = (w * slope + h) if step >= len(xs) - k else Fraction(0)
        h = w * h + x
    return (h - y) * slope


@never_raises
def points_uphill(outputs: Any, ks: Sequence[int]) -> Measured:
    """For each k a sequence whose gradient truncated to k steps has the wrong sign."""
    for k, value in zip(ks, entries(outputs, "the answers", len(ks)), strict=True):
        found = fields(value, ("w", "xs", "y"), f"k = {k}: the answer")
        w, y, xs = rational(found["w"], "w"), rational(found["y"], "y"), rationals(found["xs"], "xs")
        if abs(w) > 1:
            return wrong(f"k = {k}: w is {w}, larger than 1 in size")
        if len(xs) > k + 10:
            return wrong(f"k = {k}: {len(xs)} steps; at most {k + 10} are allowed")
        short, full = gradient_of_unit(w, xs, y, k), gradient_of_unit(w, xs, y, len(xs))
        if short * full >= 0:
            return wrong(f"k = {k}: truncated {float(short):.4g}, in full {float(full):.4g}: the signs are not opposite")
    return RIGHT


def multiplied(A: Sequence[Sequence[Fraction]], B: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """A B."""
    return [[sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in zip(*B, strict=True)] for row in A]


@never_raises
def transient(outputs: Any, tasks: Sequence[tuple[int, int]]) -> Measured:
    """For each (size, t) a 2×2 matrix with eigenvalues inside the unit circle whose t-th power has an entry beyond ±size."""
    for (size, t), value in zip(tasks, entries(outputs, "the answers", len(tasks)), strict=True):
        W = matrix(value, "W", 2, 2)
        trace, det = W[0][0] + W[1][1], W[0][0] * W[1][1] - W[0][1] * W[1][0]
        if not (abs(det) < 1 and abs(trace) < 1 + det):
            return wrong(f"size {size}, t = {t}: an eigenvalue lies on or outside the unit circle (trace {trace}, determinant {det})")
        power = W
        for _ in range(t - 1):
            power = multiplied(power, W)
        largest = max(abs(entry) for row in power for entry in row)
        if largest <= size:
            return wrong(f"size {size}, t = {t}: the largest entry of the power is {float(largest):.4g}")
    return RIGHT


@never_raises
def orthogonal_matrices(outputs: Any, sizes: Sequence[int]) -> Measured:
    """For each n an orthogonal matrix, exactly, without entries 0 and ±1."""
    for n, value in zip(sizes, entries(outputs, "the answers", len(sizes)), strict=True):
        W = matrix(value, f"n = {n}: W", n, n)
        if multiplied(W, list(zip(*W, strict=True))) != [[Fraction(i == j) for j in range(n)] for i in range(n)]:
            return wrong(f"n = {n}: W Wᵀ is not the identity, exactly")
        if any(abs(entry) in (0, 1) for row in W for entry in row):
            return wrong(f"n = {n}: an entry is 0, 1 or −1")
    return RIGHT


def lstm_unit(c: float, h: float, inputs: Sequence[Sequence[float]], U: Sequence[float]) -> tuple[float, float, float]:
    """(dc_T/dc_0, product of the forget gates, the smallest of them), by moving forwards."""
    dc, dh, highway, least = 1.0, 0.0, 1.0, 1.0
    for row in inputs:
        i, f, o = (1 / (1 + math.exp(-(row[k] + U[k] * h))) for k in (0, 1, 3))
        g = math.tanh(row[2] + U[2] * h)
        dc, c = f * dc + dh * (c * f * (1 - f) * U[1] + g * i * (1 - i) * U[0] + i * (1 - g * g) * U[2]), f * c + i * g
        dh = o * (1 - o) * U[3] * dh * math.tanh(c) + o * (1 - math.tanh(c) ** 2) * dc
        h, highway, least = o * math.tanh(c), highway * f, min(least, f)
    return dc, highway, least


@never_raises
def remembers_by_gates(outputs: Any, factors: Sequence[float]) -> Measured:
    """For each factor an LSTM of one unit whose whole gradient is so many times the highway."""
    for factor, value in zip(factors, entries(outputs, "the answers", len(factors)), strict=True):
        found = fields(value, ("c0", "h0", "inputs", "U"), "the answer")
        rows = [[float(v) for v in rationals(row, "inputs", 4)] for row in entries(found["inputs"], "inputs")]
        U = [float(v) for v in rationals(found["U"], "U", 4)]
        start = [float(rational(found[key], key)) for key in ("c0", "h0")]
        if not 1 <= len(rows) <= 10:
            return wrong(f"{len(rows)} steps; 1 to 10 are allowed")
        if max(abs(v) for v in [*start, *U, *(v for row in rows for v in row)]) > 10:
            return wrong("a number is larger than 10 in size")
        whole, highway, least = lstm_unit(*start, rows, U)
        if least < 0.5:
            return wrong(f"a forget gate is {least:.3g}, below 1/2")
        if whole <= factor * highway:
            return wrong(f"all paths give {whole:.4g} and the highway {highway:.4g}: not more than {factor:.4g} times as much")
    return RIGHT


Cell = dict[str, Any]


def cell(value: Any, most: int) -> Cell:
    """A ReLU cell of at most `most` units, as Fractions."""
    found = fields(value, ("W", "u", "b", "h0", "r", "c"), "the cell")
    n = len(entries(found["u"], "u"))
    if not 1 <= n <= most:
        raise Malformed(f"the cell has {n} units; 1 to {most} are allowed")
    made: Cell = {key: rationals(found[key], key, n) for key in ("u", "b", "h0", "r")}
    return {**made, "W": matrix(found["W"], "W", n, n), "c": rational(found["c"], "c")}


def step(made: Cell, h: Sequence[Fraction], x: Fraction) -> list[Fraction]:
    """One step of the cell."""
    sums = (sum((w * v for w, v in zip(row, h, strict=True) if w and v), Fraction(0)) for row in made["W"])
    return [max(Fraction(0), total + u * x + b) for total, u, b in zip(sums, made["u"], made["b"], strict=True)]


def read(made: Cell, h: Sequence[Fraction]) -> Fraction:
    """What is read off."""
    return sum((r * v for r, v in zip(made["r"], h, strict=True)), made["c"])


def every_string(letters: Sequence[str], length: int) -> list[str]:
    """All strings of at most so many letters, short ones first."""
    return ["".join(s) for n in range(length + 1) for s in product(letters, repeat=n)]


@never_raises
def reads_right(
    outputs: Any, most: int, codes: dict[str, Fraction], strings: Sequence[str], asked: Callable[[str, Fraction], str]
) -> Measured:
    """A cell of which `asked(string, what is read off)` is empty for all strings; else it says what should be."""
    made = cell(outputs, most)
    states: dict[str, list[Fraction]] = {"": made["h0"]}
    for string in strings:
        start = string[:-1] if string[:-1] in states else ""
        h = states[start]
        for letter in string[len(start) :]:
            h = step(made, h, codes[letter])
        if len(string) < 16:
            states[string] = h
        if max((abs(v).numerator.bit_length() for v in h), default=0) > 10_000:
            return wrong("the states grow beyond every bound")
        fault = asked(string, read(made, h))
        if fault:
            shown = string if len(string) <= 24 else f"{string[:24]}… ({len(string)} letters)"
            return wrong(f"for the string {shown!r} {float(read(made, h)):.6g} is read off; {fault}")
    return RIGHT


@never_raises
def leaks(outputs: Any, rest: Fraction) -> Measured:
    """Chances to stop that are never 0 or 1, and together leave more than `rest`; outputs hold stop, survive and far."""
    found = fields(outputs, ("stop", "survive", "far"), "the answer")
    stops, left, far = (rationals(found[key], key) for key in ("stop", "survive", "far"))
    if not left or left[0] != 1:
        return wrong("survive(0, rest) is not 1")
    for t, chance in enumerate(stops, 1):
        if not 0 < chance < 1:
            return wrong(f"stop({t}, rest) is {chance}, not strictly between 0 and 1")
        if left[t] != left[t - 1] * (1 - chance):
            return wrong(f"survive({t}, rest) is {left[t]}; after survive({t - 1}, rest) and stop({t}, rest) it is {left[t - 1] * (1 - chance)}")
    for value in (*left, *far):
        if value <= rest:
            return wrong(f"survive falls to {float(value):.6g}; it is to stay above rest = {rest}")
    if far and far[-1] > rest + Fraction(1, 1000):
        return wrong(f"in the end survive is {float(far[-1]):.6g}, and not near rest = {rest}")
    if any(later >= earlier for earlier, later in zip((left[-1], *far), far, strict=False)):
        return wrong("survive does not fall any more, although there is a chance to stop each time")
    return RIGHT
