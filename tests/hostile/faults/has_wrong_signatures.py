"""Functions that take too few, too many and differently named arguments.

expect: energy=error weights=error slope=error ranks=error
"""

import numpy as np
import sympy
import torch



def energy():
    return 0.0


def weights(z, temperature, axis):
    return z


def slope(*, x, a):
    return x


def ranks(self, items):
    return []
