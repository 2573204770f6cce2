"""Megabytes of text on stdout and stderr; the answers are right.

expect: *=passed
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


def energy(x):
    import sys

    for _ in range(2000):
        print("y" * 1000)
        print("z" * 1000, file=sys.stderr)
    return float(np.mean(np.asarray(x) ** 2))
