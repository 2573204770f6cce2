"""A stream to practise on: six numbers that come from two latent ones. The source is known here, so you can measure yourself.

The grader uses another source of the same kind. Nothing is drawn when this file is loaded.
"""

import math

import numpy as np

NOISE = 0.25  # variance of the noise in each of the six numbers
INTO = [[0.62, -1.13], [-0.21, 0.74], [1.35, 0.18], [-0.83, -0.57], [0.09, 1.46], [-0.94, 0.33]]
MEAN = [1.2, -0.4, 0.7, -1.5, 0.3, 2.1]


def covariance():
    """Of x, array (6, 6)."""
    W = np.array(INTO)
    return W @ W.T + NOISE * np.eye(6)


def entropy():
    """What the best model of the world loses on each x on the average, in nats."""
    return (6 * math.log(2 * math.pi * math.e) + np.linalg.slogdet(covariance())[1]) / 2


def batches(steps, seed=0):
    """`steps` float32 tensors of shape (128, 6), one after the other."""
    import torch

    rng = np.random.default_rng(seed)
    for _ in range(steps):
        z = rng.standard_normal((128, 2))
        x = z @ np.array(INTO).T + np.array(MEAN) + math.sqrt(NOISE) * rng.standard_normal((128, 6))
        yield torch.tensor(x, dtype=torch.float32)


def excess(weights):
    """The mean of −ELBO over all x of this source, less its entropy, exactly: 0 for a perfect model, never less."""
    A, a, v, W, b, s = (np.asarray(weights[name], dtype=float) for name in ("A", "a", "v", "W", "b", "s"))
    mean, cov, variance = np.array(MEAN), covariance(), math.exp(2 * s)
    left, code = np.eye(6) - W @ A, A @ mean + a
    away = left @ mean - W @ a - b
    error = np.trace(left @ cov @ left.T) + away @ away + np.sum(np.exp(v) * (W**2).sum(axis=0))
    kl = (np.trace(A @ cov @ A.T) + code @ code + np.sum(np.exp(v) - 1 - v)) / 2
    return float(error / (2 * variance) + 3 * math.log(2 * math.pi * variance) + kl - entropy())
