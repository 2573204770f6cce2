"""What the cases of this assignment measure on a construction or on random draws; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks import Measured, array_of

RIGHT = Measured(0.0)


def wrong(message: str, credit: Fraction = Fraction(0)) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message, credit)


def valid_in_one_round(words: Sequence[str]) -> Fraction:
    """The chance of a word, where every letter is drawn by itself with the chance that it has at its place."""
    counts = [Counter(word[i] for word in words) for i in range(len(words[0]))]
    total = Fraction(0)
    for word in words:
        total += math.prod((Fraction(counts[i][letter], len(words)) for i, letter in enumerate(word)), start=Fraction(1))
    return total


def is_innocent(outputs: Any, world: Any) -> Measured:
    """Words of A and B in which every two positions are independent and uniform, and one round is wrong half of the time."""
    if not isinstance(outputs, list) or not all(isinstance(word, str) for word in outputs) or not outputs:
        return wrong("return a list of words, such as ['AB', 'BA']")
    words, length = outputs, len(outputs[0])
    if not 2 <= length <= 6 or any(len(word) != length or set(word) - set("AB") for word in words):
        return wrong("all words have the same length from 2 to 6 and the letters A and B only")
    if len(set(words)) != len(words):
        return wrong("a word is there twice; they must be different")
    for i, j in itertools.combinations(range(length), 2):
        counts = Counter((word[i], word[j]) for word in words)
        if any(4 * counts[pair] != len(words) for pair in itertools.product("AB", repeat=2)):
            return wrong(f"positions {i + 1} and {j + 1} are not independent: the four pairs of letters are there {[counts[p] for p in itertools.product('AB', repeat=2)]} times")
    nonsense = 1 - valid_in_one_round(words)
    if nonsense < Fraction(1, 2):
        return wrong(f"sampled in one round, {float(nonsense):.3f} of the texts are no words; at least half must be")
    return RIGHT


def columns(value: Any, names: Sequence[str], n: int) -> dict[str, np.ndarray] | str:
    """Arrays of n finite numbers by name, or what is wrong with them."""
    if not isinstance(value, dict):
        return "return x, theta and noise"
    found = {}
    for name in names:
        array = array_of(value.get(name))
        if array is None or array.shape != (n,) or not np.isfinite(array.astype(float)).all():
            return f"{name} must have the shape ({n},) and finite entries"
        found[name] = array.astype(float)
    return found


def distance_to_uniform(values: np.ndarray) -> float:
    """The largest gap between the shares below a number in [0, 1] and that number (Kolmogorov), times √n."""
    ordered, n = np.sort(values), len(values)
    above, below = np.arange(1, n + 1) / n - ordered, ordered - np.arange(n) / n
    return float(max(above.max(), below.max()) * math.sqrt(n))


def normal_shares(values: np.ndarray) -> np.ndarray:
    """The standard normal distribution function."""
    return np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in values.tolist()])


LARGEST_GAP = 2.6
"""A right answer exceeds this once in 2·10⁵ draws or less, 2·exp(−2·2.6²) (Kolmogorov)."""


def fresh_examples(first: Any, second: Any, x0: np.ndarray) -> Measured:
    """Two draws for the same data: angles uniform, noises normal, both fresh for each example and each draw."""
    n, made = len(x0), []
    for draw in (first, second):
        found = columns(draw, ("x", "theta", "noise"), n)
        if isinstance(found, str):
            return wrong(found)
        x, theta, noise = found["x"], found["theta"], found["noise"]
        if theta.min() < -1e-6 or theta.max() > math.pi / 2 + 1e-6:
            return wrong("an angle is not between 0 and π/2")
        if np.abs(x - (np.cos(theta) * x0 + np.sin(theta) * noise)).max() > 1e-4:
            return wrong("x is not cos θ · x_0 + sin θ · ε with the angles and noises that you return")
        if len(np.unique(theta)) < n // 2:
            return wrong("the angles are the same for many examples; each example has an angle of its own")
        if distance_to_uniform(theta / (math.pi / 2)) > LARGEST_GAP:
            return wrong("the angles are not uniform on (0, π/2)")
        if len(np.unique(noise)) < n // 2:
            return wrong("the noises are the same for many examples; each example has a noise of its own")
        if distance_to_uniform(normal_shares(noise)) > LARGEST_GAP:
            return wrong("the noises are not standard normal")
        if abs(np.corrcoef(noise, x0)[0, 1]) > 6 / math.sqrt(n) or abs(np.corrcoef(noise, theta)[0, 1]) > 6 / math.sqrt(n):
            return wrong("the noise depends on the data or on the angle")
        made.append(found)
    for name, what in (("noise", "noises"), ("theta", "angles")):
        if np.mean(np.isclose(np.sort(made[0][name]), np.sort(made[1][name]))) > 0.5:
            return wrong(f"the second draw has the {what} of the first; every batch needs fresh ones")
    return RIGHT
