"""A list, a dict and an array of all values that could be right.

expect: energy=failed ranks=failed|error
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def energy(x):
    return np.linspace(0, 400, 100_001)


def ranks(items):
    from itertools import permutations

    return [list(p) for p in list(permutations(range(5)))]
