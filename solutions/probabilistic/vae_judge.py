"""What the trained VAE of `train` is measured by: the distance of its bound from the entropy of the source; trusted side only.

In no handout: it names the source. Outputs are believed nothing.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from source import MEAN, covariance

from autograder.checks import Measured, array_of

RIGHT = Measured(0.0)


def wrong(message: str, credit: Fraction = Fraction(0)) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message, credit)


FULL_UP_TO, NONE_FROM = 0.04, 0.2
SHAPES = {"A": (2, 6), "a": (2,), "v": (2,), "W": (6, 2), "b": (6,), "s": ()}


def vae_of(outputs: Any) -> dict[str, np.ndarray] | str:
    """The weights as float64 arrays, or what is wrong with them."""
    if not isinstance(outputs, dict):
        return "return a dict with A, a, v, W, b and s"
    found = {}
    for name, shape in SHAPES.items():
        value = outputs.get(name)
        array = np.asarray(value, dtype=float) if shape == () and isinstance(value, (int, float)) else array_of(value)
        if array is None or array.shape != shape:
            return f"{name} does not have the shape {shape}"
        found[name] = array.astype(float)
        if not np.isfinite(found[name]).all() or np.abs(found[name]).max() > 1e3:
            return f"{name} has entries that are not finite, or huge: the training has diverged"
    return found


def excess_of(weights: dict[str, np.ndarray]) -> float:
    """The mean of −ELBO over all x of the source, less the entropy of x, in closed form: nothing is drawn."""
    A, a, v, W, b, s = (weights[name] for name in ("A", "a", "v", "W", "b", "s"))
    mean, cov = np.array(MEAN), covariance()
    if np.abs(v).max() > 300 or abs(float(s)) > 150:
        return math.inf
    variance, left, code = math.exp(2 * float(s)), np.eye(6) - W @ A, A @ mean + a
    away = left @ mean - W @ a - b
    error = np.trace(left @ cov @ left.T) + away @ away + np.sum(np.exp(v) * (W**2).sum(axis=0))
    kl = (np.trace(A @ cov @ A.T) + code @ code + np.sum(np.exp(v) - 1 - v)) / 2
    entropy = (6 * math.log(2 * math.pi * math.e) + np.linalg.slogdet(cov)[1]) / 2
    return float(error / (2 * variance) + 3 * math.log(2 * math.pi * variance) + kl - entropy)


def has_learned(outputs: Any, world: Any) -> Measured:
    """Full points up to FULL_UP_TO, none from NONE_FROM on, and in between by the logarithm of the excess."""
    weights = vae_of(outputs)
    if isinstance(weights, str):
        return wrong(weights)
    excess = excess_of(weights)
    if excess <= FULL_UP_TO:
        return RIGHT
    share = math.log(NONE_FROM / excess) / math.log(NONE_FROM / FULL_UP_TO) if math.isfinite(excess) else 0.0
    credit = Fraction(min(max(math.floor(20 * share), 0), 19), 20)
    return wrong(f"your bound is {excess:.4f} nats from the entropy; full points up to {FULL_UP_TO}, none from {NONE_FROM} on", credit)
