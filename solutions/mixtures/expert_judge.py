"""The judge of the trained mixture, in NumPy: excess over the entropy of the noise, on fresh examples of the function behind the grade.

Only checks use this. The loss of every y is paired with the loss of the true density for the same y, so that the noise cancels: on 100,000
examples the standard error is 0.0006 nats.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from teacher import NOISE, without_noise

from autograder.checks import Measured, array_of

SHAPES = {"gate": (4, 4), "W": (4, 4), "b": (4,), "log_s": (4,)}
FULL_UP_TO, NONE_FROM, FRESH = 0.0878, 0.5, 100_000


def weights_of(outputs: Any) -> dict[str, np.ndarray] | str:
    """The four arrays, or what is wrong with them."""
    if not isinstance(outputs, dict):
        return "the result is no dict of weights"
    made = {}
    for name, shape in SHAPES.items():
        found = array_of(outputs.get(name))
        if found is None or found.shape != shape:
            return f"{name} must be an array of shape {shape}"
        made[name] = found.astype(float)
        if not np.isfinite(made[name]).all() or np.abs(made[name]).max() > 1e4:
            return f"{name} has an entry that is not finite, or beyond ±10,000"
    return made


def log_density(weights: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """log Σ_k p_k N(y | f_k, s_k²) of each example."""
    logits = x @ weights["gate"]
    gate = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    log_s = np.clip(weights["log_s"], -50, 50)
    apart = (y[:, None] - x @ weights["W"] - weights["b"]) * np.exp(-log_s)
    return np.asarray(np.logaddexp.reduce(gate - apart**2 / 2 - log_s - math.log(2 * math.pi) / 2, axis=1))


def excess(weights: dict[str, np.ndarray], order: Any, signs: Any, rng: np.random.Generator) -> float:
    """Mean of log p − log q over fresh examples."""
    x, noise = rng.standard_normal((FRESH, 4)), NOISE * rng.standard_normal(FRESH)
    best = -((noise / NOISE) ** 2) / 2 - math.log(NOISE) - math.log(2 * math.pi) / 2
    return float(np.mean(best - log_density(weights, x, without_noise(x, order, signs) + noise)))


def has_learned(outputs: Any, order: Any, signs: Any, rng: np.random.Generator) -> Measured:
    """Full points up to an excess of 0.0878 nats, none from 0.5 on, and in between by its logarithm."""
    weights = weights_of(outputs)
    if isinstance(weights, str):
        return Measured(math.inf, weights)
    over = excess(weights, order, signs, rng)
    if over <= FULL_UP_TO:
        return Measured(0.0, board=-over)
    share = math.log(NONE_FROM / over) / math.log(NONE_FROM / FULL_UP_TO) if math.isfinite(over) else 0.0
    told = f"{over:.4f} nats per example above the entropy of the noise; full points up to {FULL_UP_TO}, none from {NONE_FROM} on"
    return Measured(math.inf, told, Fraction(min(max(math.floor(20 * share), 0), 19), 20))
