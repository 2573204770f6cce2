"""An object that turns itself into an array, a float or an index when asked.

expect: energy=failed|error
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


class Shape:
    def __array__(self, *args, **kwargs):
        return np.array(0.0)

    def __float__(self):
        return 0.0

    def __index__(self):
        return 0

    __array_interface__ = {"shape": (), "typestr": "<f8", "version": 3, "data": (8, False)}
    __class__ = float


def energy(x):
    return Shape()
