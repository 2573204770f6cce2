"""Honest work whose own functions, methods and variables are called like the forbidden function.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


class Layer:
    def softmax(self, z):
        e = torch.exp(z - z.max())
        return e / e.sum()


class Net:
    def __init__(self):
        self.layers = [Layer()]

    def forward(self, z):
        for layer in self.layers:
            z = layer.softmax(z)
        return z


def weights(z):
    """Like torch.softmax."""
    softmax = Net().forward(z)  # not torch.softmax
    return softmax
