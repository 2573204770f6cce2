"""Sparse, meta, quantised and nested tensors.

expect: weights=error|failed energy=error|failed
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def weights(z):
    return torch.empty(z.shape, device="meta")


def energy(x):
    return torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])
