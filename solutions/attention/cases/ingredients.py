"""What the cases of several questions of `attention` share."""

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode


def tensor(array):
    """A float64 or int64 tensor of the world's numbers."""
    return torch.from_numpy(np.array(array))


def normals(world, *shapes):
    """One tensor per shape."""
    return [tensor(world.normal(shape)) for shape in shapes]


def block_shapes(width, prefix=""):
    """Names and shapes of a block's parameters."""
    square = {f"{name}.weight": (width, width) for name in ("query", "key", "value", "output")}
    norms = {f"{norm}.{part}": (width,) for norm in ("norm_attention", "norm_feed") for part in ("gain", "bias")}
    feed = {"up.weight": (4 * width, width), "up.bias": (4 * width,), "down.weight": (width, 4 * width), "down.bias": (width,)}
    return {prefix + name: shape for name, shape in {**square, **norms, **feed}.items()}


def model_shapes(vocabulary, width, layers):
    """Names and shapes of a language model's parameters."""
    shapes = {"embedding.weight": (vocabulary, width), "head.weight": (vocabulary, width)}
    for i in range(layers):
        shapes.update(block_shapes(width, f"blocks.{i}."))
    return {**shapes, "norm.gain": (width,), "norm.bias": (width,)}


def random_weights(world, shapes):
    """Arrays for named shapes; matrices keep the size of their inputs."""
    return {name: world.normal(shape, scale=shape[-1] ** -0.5 if len(shape) == 2 else 1.0) for name, shape in shapes.items()}


def filled(module, weights):
    """The module in float64 with these weights; every name and shape must fit."""
    module = module.double()
    module.load_state_dict({name: tensor(array) for name, array in weights.items()})
    return module


class Meter(TorchDispatchMode):
    """Counts the entries of every tensor that torch makes: the largest one, and all together."""

    def __init__(self):
        super().__init__()
        self.largest, self.total = 0, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for one in made if isinstance(made, (list, tuple)) else [made]:
            if isinstance(one, torch.Tensor):
                self.largest = max(self.largest, one.numel())
                self.total += one.numel()
        return made
