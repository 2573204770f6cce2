"""The data that `train` learns from when it is graded. They are others than in the handout."""

import numpy as np

WEIGHTS, MEANS, STDS = [0.5, 0.3, 0.2], [-2.0, 0.5, 2.5], [0.3, 0.5, 0.2]


def batches(world, steps):
    """Tensors of shape (256,), fresh data, one batch after the other."""
    import torch

    for _ in range(steps):
        places = world.uniform(0, 1, (256,))
        k = (places > 0.5).astype(int) + (places > 0.8)
        yield torch.tensor(np.array(MEANS)[k] + np.array(STDS)[k] * world.normal((256,)), dtype=torch.float32)
