"""sys.exit() before anything is defined; what comes after it is tried.

expect: *=passed
"""

import sys

sys.exit(0)

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]
