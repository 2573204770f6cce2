"""input() and breakpoint(), left in from debugging.

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
    return float(input("energy? "))


def ranks(items):
    breakpoint()
    return []
