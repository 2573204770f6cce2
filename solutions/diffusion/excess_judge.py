"""How far trained weights are from the best denoiser of the grader's mixture; trusted side only, and in no handout."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from diffusion_judges import RIGHT, wrong
from mixture_of import MEANS, STDS, WEIGHTS

from autograder.checks import Measured, array_of

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
