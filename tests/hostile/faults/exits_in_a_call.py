"""sys.exit, quit and exit inside functions.

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
    import sys

    sys.exit(0)


def ranks(items):
    quit()
