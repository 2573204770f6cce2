"""A stream of examples to practise on: six inputs, one output, noise. The function behind it is known here, so you can measure yourself.

The grader uses another function of the same kind. Nothing is drawn when this file is loaded.
"""

import numpy as np

NOISE = 0.5  # standard deviation; nobody's squared error on noisy targets is below its square, 1/4
INTO = [
    [0.08, -0.53, 0.21, 0.62, -0.35, -0.34, 0.43, 0.0], [-0.09, 1.45, -0.02, 0.42, 0.67, -0.48, 0.29, 0.14],
    [0.52, -0.08, -0.09, 0.96, -0.81, 0.25, -0.01, -0.45], [0.54, -0.11, 0.58, 0.4, -0.49, -1.19, 0.53, -0.41],
    [0.36, -0.74, -0.09, 0.13, 0.77, -0.01, -1.07, 0.96], [-0.91, -0.15, -0.74, 0.68, 0.36, 1.29, -0.25, 0.39],
]  # fmt: skip
BIAS = [-0.98, 0.53, 0.21, 0.55, 0.44, -0.45, -0.28, 0.03]
OUT = [-0.45, 0.17, -0.32, -0.85, -0.8, 0.55, 0.13, -0.54]


def teacher(x):
    """f*(x) for inputs of shape (n, 6): shape (n,)."""
    return np.tanh(x @ np.array(INTO) + np.array(BIAS)) @ np.array(OUT)


def batches(steps, seed=0):
    """`steps` pairs (x, y) of float32 tensors of shapes (64, 6) and (64,), one after the other."""
    import torch

    rng = np.random.default_rng(seed)
    for _ in range(steps):
        x = rng.standard_normal((64, 6))
        y = teacher(x) + NOISE * rng.standard_normal(64)
        yield torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


def excess(weights, seed=1):
    """The mean squared distance between the network with these weights and f*, on 20,000 points without noise."""
    W, b, v, c = (np.asarray(weights[name], dtype=float) for name in ("W", "b", "v", "c"))
    x = np.random.default_rng(seed).standard_normal((20_000, 6))
    return float(np.mean((np.tanh(x @ W + b) @ v + c - teacher(x)) ** 2))
