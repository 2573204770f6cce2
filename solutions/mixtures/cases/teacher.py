"""The function that `train` learns from when it is graded: that of the handout behind other inputs, which the world draws."""

import numpy as np

NOISE = 0.3
RULES = [[-0.11, 1.0, -0.08, 1.37], [0.54, -0.43, -0.46, 0.31], [-1.17, 2.43, 0.37, 0.86], [0.11, -2.4, -0.33, 0.62]]


def without_noise(x, order, signs):
    """The true answer for inputs of shape (n, 4), of which input order[i], with its sign, is what the handout calls input i."""
    own = x[:, order] * signs
    rule = 2 * (own[:, 0] < 0) + (own[:, 1] < 0)
    return np.take_along_axis(own @ np.array(RULES), rule[:, None], axis=1)[:, 0]


def hidden_behind(world):
    """(order, signs) of one world."""
    own = world.fork("inputs")
    return own.permutation(4), 2 * own.integers(2, (4,)) - 1


def batches(world, steps):
    """Pairs (x, y) of tensors of shapes (128, 4) and (128,), one after the other."""
    import torch

    order, signs = hidden_behind(world)
    for _ in range(steps):
        x = world.normal((128, 4))
        y = without_noise(x, order, signs) + world.normal((128,), scale=NOISE)
        yield torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
