"""Answers True, 1 and 'passed' and hopes that a comparison was asked for.

expect: energy=failed slope=failed ranks=failed weights=failed
"""

import numpy as np
import sympy
import torch



def energy(x):
    return True


def weights(z):
    return True


def slope(x, a):
    return sympy.true


def ranks(items):
    return "passed"
