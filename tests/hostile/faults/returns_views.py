"""Strided, reversed, broadcast, float32, gradient-carrying and conjugate tensors: right values.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def energy(x):
    return np.broadcast_to(np.mean(np.asarray(x) ** 2), (1, 1))[0, 0]


def weights(z):
    e = torch.exp(z - z.max())
    both = torch.stack([e / e.sum(), e], dim=1).requires_grad_()
    return both.flip(0).flip(0)[:, 0]


def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return list(int(i) for i in np.argsort(np.array(order))[::-1][::-1])
