"""Puts the name together at run time, where no reading of the source can see it; the operators tell.

expect: weights=passed|forbidden evidence=weights
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


def weights(z):
    return getattr(torch, "".join(["soft", "max"]))(z, dim=-1)
