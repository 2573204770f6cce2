"""What the cases of this assignment measure on a construction, on random draws or on trained weights; trusted side only.

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
from mixture_of import MEANS, STDS, WEIGHTS

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


FULL_UP_TO, NONE_FROM = 0.012, 0.06
"""The table of trainings that these stand on is in tools/calibrate.py."""
SHAPES = {"W1": (3, 48), "b1": (48,), "W2": (48, 48), "b2": (48,), "W3": (48, 48), "b3": (48,), "W4": (48, 1), "b4": (1,)}


def network_of(outputs: Any) -> dict[str, np.ndarray] | str:
    """The weights as float64 arrays, or what is wrong with them."""
    if not isinstance(outputs, dict):
        return "return a dict with the names of SHAPES"
    found = {}
    for name, shape in SHAPES.items():
        array = array_of(outputs.get(name))
        if array is None or array.shape != shape:
            return f"{name} does not have the shape {shape}"
        found[name] = array.astype(float)
        if not np.isfinite(found[name]).all():
            return f"{name} has entries that are not finite: the training has diverged"
    return found


def prediction(weights: dict[str, np.ndarray], x: np.ndarray, theta: float) -> np.ndarray:
    """What the network says at one angle."""
    h = np.stack([x, np.full_like(x, math.cos(theta)), np.full_like(x, math.sin(theta))], axis=1)
    for layer in "123":
        z = h @ weights["W" + layer] + weights["b" + layer]
        h = z / (1 + np.exp(-np.clip(z, -500, 500)))
    return (h @ weights["W4"] + weights["b4"])[:, 0]


def best(x: np.ndarray, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """E[ε | x_t = x] and the density of x_t for the mixture of the grader."""
    alpha, sigma = math.cos(theta), math.sin(theta)
    spread = alpha**2 * np.square(STDS) + sigma**2
    gaps = x[:, None] - alpha * np.array(MEANS)
    logs = np.log(WEIGHTS) - np.log(2 * np.pi * spread) / 2 - gaps**2 / (2 * spread)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return (shares * sigma * gaps / spread).sum(axis=1), np.exp(logs).sum(axis=1)


def excess_of(weights: dict[str, np.ndarray], angles: int = 100) -> float:
    """E(network − best prediction)² over x_t and θ: a sum over a grid, no random numbers."""
    total, x = 0.0, np.linspace(-7, 7, 701)
    for theta in ((np.arange(angles) + 0.5) / angles * np.pi / 2).tolist():
        noise, density = best(x, theta)
        total += float((density * (prediction(weights, x, theta) - noise) ** 2).sum()) * (x[1] - x[0]) / angles
    return total


def has_learned(outputs: Any, world: Any) -> Measured:
    """Full points up to an excess of FULL_UP_TO, none from NONE_FROM on, and in between by its logarithm."""
    weights = network_of(outputs)
    if isinstance(weights, str):
        return wrong(weights)
    excess = excess_of(weights)
    if excess <= FULL_UP_TO:
        return RIGHT
    share = math.log(NONE_FROM / excess) / math.log(NONE_FROM / FULL_UP_TO) if math.isfinite(excess) else 0.0
    credit = Fraction(min(max(math.floor(20 * share), 0), 19), 20)
    return wrong(f"the mean squared distance to the best prediction is {excess:.4f}; full points up to {FULL_UP_TO}, none from {NONE_FROM} on", credit)
