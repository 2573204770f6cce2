"""Sorts the list that it was given, and squares the array in place: it is told so.

expect: energy=error ranks=error
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
    x *= x
    return float(x.mean())


def ranks(items):
    before = list(items)
    items.sort()
    return [items.index(item) for item in before]
