"""A stream of examples with four rules behind it: which rule holds, two of the four inputs decide by their signs.

The grader uses the same rules behind other inputs: which two decide, and the signs of all of them, are drawn anew. Nothing is drawn when this
file is loaded.
"""

import math

import numpy as np

NOISE = 0.3  # standard deviation
FLOOR = math.log(2 * math.pi * math.e * NOISE**2) / 2  # the entropy of the noise in nats: the loss of the true density
RULES = [[-0.11, 1.0, -0.08, 1.37], [0.54, -0.43, -0.46, 0.31], [-1.17, 2.43, 0.37, 0.86], [0.11, -2.4, -0.33, 0.62]]
"""Column k belongs to rule k."""


def rule_of(x):
    """Which rule holds for inputs of shape (n, 4): 0 to 3, shape (n,)."""
    return 2 * (x[:, 0] < 0) + (x[:, 1] < 0)


def without_noise(x):
    """The true answer for inputs of shape (n, 4), shape (n,)."""
    return np.take_along_axis(x @ np.array(RULES), rule_of(x)[:, None], axis=1)[:, 0]


def batches(steps, seed=0):
    """`steps` pairs (x, y) of float32 tensors of shapes (128, 4) and (128,), one after the other."""
    import torch

    rng = np.random.default_rng(seed)
    for _ in range(steps):
        x = rng.standard_normal((128, 4))
        y = without_noise(x) + NOISE * rng.standard_normal(128)
        yield torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


def log_density(weights, x, y):
    """log of the density that a mixture with these weights gives to each y, shape (n,)."""
    gate, W, b, log_s = (np.asarray(weights[name], dtype=float) for name in ("gate", "W", "b", "log_s"))
    logits = x @ gate
    parts = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True) - log_s - math.log(2 * math.pi) / 2
    return np.logaddexp.reduce(parts - ((y[:, None] - x @ W - b) / np.exp(log_s)) ** 2 / 2, axis=1)


def excess(weights, seed=1, n=20_000):
    """By how many nats per example the loss of a mixture lies above that of the true density, on fresh examples."""
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((n, 4)), NOISE * rng.standard_normal(n)
    best = -((noise / NOISE) ** 2) / 2 - math.log(NOISE) - math.log(2 * math.pi) / 2
    return float(np.mean(best - log_density(weights, x, without_noise(x) + noise)))
