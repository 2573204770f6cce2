"""A stream of data to practise on: a mixture of three Gaussians in one dimension, whose best denoiser is known.

The grader uses another mixture. Nothing is drawn when this file is loaded.
"""

import numpy as np

WEIGHTS, MEANS, STDS = [0.35, 0.4, 0.25], [-1.6, 0.3, 2.2], [0.25, 0.4, 0.3]


def batches(steps, seed=0):
    """`steps` float32 tensors of shape (256,): fresh data, one batch after the other."""
    import torch

    rng = np.random.default_rng(seed)
    for _ in range(steps):
        k = rng.choice(3, 256, p=WEIGHTS)
        yield torch.tensor(np.array(MEANS)[k] + np.array(STDS)[k] * rng.standard_normal(256), dtype=torch.float32)


def best_noise(x, theta):
    """E[ε | x_t = x] for this mixture, and the density of x_t: arrays of the shape of x."""
    alpha, sigma = np.cos(theta), np.sin(theta)
    spread = alpha**2 * np.square(STDS) + sigma**2
    logs = np.log(WEIGHTS) - np.log(2 * np.pi * spread) / 2 - (x[:, None] - alpha * np.array(MEANS)) ** 2 / (2 * spread)
    parts = np.exp(logs)
    density = parts.sum(axis=1)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares = shares / shares.sum(axis=1, keepdims=True)
    return (shares * sigma * (x[:, None] - alpha * np.array(MEANS)) / spread).sum(axis=1), density


def excess(weights, predict, angles=50):
    """E(network − best prediction)² over x_t and θ, by a sum over a grid; `predict` is the network of the notebook."""
    import torch

    total, x = 0.0, np.linspace(-7, 7, 701)
    with torch.no_grad():
        for theta in (np.arange(angles) + 0.5) / angles * np.pi / 2:
            best, density = best_noise(x, theta)
            points = torch.tensor(x, dtype=torch.float32)
            found = predict(weights, points, torch.full_like(points, theta)).double().numpy()
            total += float((density * (found - best) ** 2).sum()) * (x[1] - x[0]) / angles
    return total
