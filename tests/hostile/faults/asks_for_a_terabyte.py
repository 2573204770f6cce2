"""One allocation larger than any machine, by Python, NumPy and torch.

expect: energy=memory ranks=memory weights=memory
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def energy(x):
    return bytearray(2**40)


def ranks(items):
    return np.ones(2**37)


def weights(z):
    return torch.ones(2**37)
