"""The truth about the invented course, and how far a trained neuron is from it. Never beside student code.

Lectures and hours take 25 · 121 values with equal chances, so the risk over the whole population is a finite sum: what
a test set of infinite size would give, without its noise.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.authoring import World
from autograder.checks import Measured

ALPHA, BETA, GAMMA = 0.25, 0.12, -5.8  # P(pass) = σ(α·lectures + β·hours + γ)


def population() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Every pair (lectures, hours), shape (3025, 2), and the chance of passing of each."""
    lectures, hours = np.meshgrid(np.arange(25.0), np.arange(121) / 2, indexing="ij")
    X = np.stack([lectures.ravel(), hours.ravel()], axis=1)
    return X, np.exp(-np.logaddexp(0.0, -(X @ np.array([ALPHA, BETA]) + GAMMA)))


def weights(outputs: Any) -> tuple[np.ndarray[Any, Any], float] | None:
    """(w, b) when they are finite and of the right shape."""
    if not isinstance(outputs, dict):
        return None
    w, b = outputs.get("w"), outputs.get("b")
    if not isinstance(w, np.ndarray) or w.shape != (2,) or w.dtype != np.float64 or not isinstance(b, float):
        return None
    return (w, b) if np.isfinite(w).all() and math.isfinite(b) else None


def over_budget(outputs: Any, steps: int) -> str:
    """What is wrong with the number of losses; empty when nothing is."""
    losses = outputs.get("losses") if isinstance(outputs, dict) else None
    if not isinstance(losses, list) or not all(isinstance(v, float) and math.isfinite(v) for v in losses):
        return "the losses are no list of finite numbers"
    if len(losses) != steps:
        return f"the budget is {steps} steps; there are {len(losses)} losses, one belongs to each step"
    return ""


def not_falling(losses: list[float]) -> str:
    """What is wrong with a training curve; empty when nothing is."""
    if abs(losses[0] - math.log(2)) > 1e-6:
        return f"the first loss is {losses[0]:.4f}; with w = 0 and b = 0 every prediction is 1/2 and the loss is log 2"
    if not losses[-1] < losses[0]:
        return f"the loss does not fall: it starts at {losses[0]:.4f} and ends at {losses[-1]:.4f}"
    return ""


def within_budget(outputs: Any, world: World) -> Measured:
    """Twenty losses, from log 2 downwards, and weights of the right shape."""
    if weights(outputs) is None:
        return Measured(math.inf, 'return a dict with "w" of shape (2,), "b" and "losses"; all of them finite')
    message = over_budget(outputs, 20) or not_falling(outputs["losses"])
    return Measured(math.inf if message else 0.0, message)


# Excess over the population after 200 steps on 1,950 students, 10 sets each (mean ± standard deviation):
#   solution or mistake             error              cross-entropy
#   reference                       0.0004 ± 0.0001    0.0010 ± 0.0002    (60 sets: at most 0.0006 and 0.0012)
#   gradient_summed_over_batch      0.081  ± 0.001     59     ± 0.6
#   inputs_not_normalised           0.2429 ± 0.0000    0.2308 ± 0.0001
#   bias_not_translated_back        0.2449 ± 0.0000    1.68   ± 0.02
#   weights_not_translated_back     0.2449 ± 0.0000    20.7   ± 0.2
#   labels_flipped                  0.6749 ± 0.0001    1.93   ± 0.02
# The thresholds, 0.0078 and 0.021, are more than 70 deviations above the reference and 50 below the best mistake.


def excess_error(outputs: Any, world: World) -> Measured:
    """Error rate over the population minus the Bayes error: |2p − 1| counts wherever the decision differs from p > 1/2."""
    found, message = weights(outputs), over_budget(outputs, 200)
    if found is None or message:
        return Measured(math.inf, message or "w has shape (2,), b is a number, and all are finite")
    X, p = population()
    excess = float(np.mean(np.abs(2 * p - 1) * ((X @ found[0] + found[1] > 0) != (p > 0.5))))
    bayes = float(np.mean(np.minimum(p, 1 - p)))
    return Measured(
        excess, f"your neuron errs on {bayes + excess:.1%} of all students, the best possible on {bayes:.1%}"
    )


def excess_entropy(outputs: Any, world: World) -> Measured:
    """Cross-entropy over the population minus the entropy of the true probabilities."""
    found, message = weights(outputs), over_budget(outputs, 200)
    if found is None or message:
        return Measured(math.inf, message or "w has shape (2,), b is a number, and all are finite")
    X, p = population()
    z, truth = X @ found[0] + found[1], np.log(p / (1 - p))
    excess = float(np.mean(np.logaddexp(0, z) - p * z) - np.mean(np.logaddexp(0, truth) - p * truth))
    return Measured(
        excess, f"your cross-entropy is {excess:.3f} above the best possible; are the probabilities too bold?"
    )
