"""NaN, where a division by zero was not thought of.

expect: energy=failed weights=failed
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def energy(x):
    return float(np.nan * x.sum())


def weights(z):
    return z * float("nan")
