"""What the cases of several questions of `attention` share."""

import tracemalloc

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode


def tensor(array):
    """A float64 or int64 tensor of the world's numbers."""
    return torch.from_numpy(np.array(array))


def again(value):
    """What one function returned, an array or lists of numbers, as a tensor for the next one."""
    return value if isinstance(value, torch.Tensor) else torch.from_numpy(np.array(value))


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
    """The module in float64 with these weights, none of which asks for a gradient; every name and shape must fit."""
    module = module.double().requires_grad_(False)
    module.load_state_dict({name: tensor(array) for name, array in weights.items()})
    return module


MOVES = {
    "alias", "as_strided", "cat", "clone", "constant_pad_nd", "copy_", "detach", "empty", "expand", "index", "index_select",
    "new_empty", "new_zeros", "pad", "permute", "reshape", "select", "slice", "split", "split_with_sizes", "squeeze", "stack",
    "t", "transpose", "unbind", "unsqueeze", "view", "zeros", "zeros_like",
}  # fmt: skip


class Meter(TorchDispatchMode):
    """Counts what torch makes while it is entered, and the memory that NumPy and Python take beside it.

    `calls` of operators, `total` entries of all tensors made, entries of the `largest` one, of the largest one that was
    `computed`, or computed with (and not only copied, cut or viewed); `bytes_beside` at the highest point. What
    stand-ins of the course make is not seen, but what is computed with it is.
    """

    def __init__(self):
        super().__init__()
        self.calls = self.total = self.largest = self.computed = self.bytes_beside = 0

    def __enter__(self):
        tracemalloc.start()
        self._before = tracemalloc.get_traced_memory()[0]
        return super().__enter__()

    def __exit__(self, *raised):
        super().__exit__(*raised)
        self.bytes_beside = tracemalloc.get_traced_memory()[1] - self._before
        tracemalloc.stop()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        sizes = [one.numel() for one in (made if isinstance(made, (list, tuple)) else [made]) if isinstance(one, torch.Tensor)]
        self.calls += 1
        self.total += sum(sizes)
        if function.overloadpacket.__name__ not in MOVES:
            self.computed = max([self.computed, *sizes, *(one.numel() for one in args if isinstance(one, torch.Tensor))])
        self.largest = max([self.largest, self.computed, *sizes])
        return made


def metered(function, tensors, *rest):
    """What `function` returns, and the meter of its second call: the first one may import what is needed once."""
    for _ in range(2):
        with Meter() as meter:
            out = function(*[t.clone() for t in tensors], *rest)
    return out, meter
