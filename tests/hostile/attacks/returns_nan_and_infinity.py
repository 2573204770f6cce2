"""NaN compares false with everything, infinity is far from everything.

expect: energy=failed weights=failed slope=failed|error
"""

import numpy as np
import sympy
import torch


def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def energy(x):
    return float("nan")


def weights(z):
    return z * float("inf")


def slope(x, a):
    return sympy.nan
