"""Outputs of a hundred megabytes, a million items, an endless structure, a number of a million digits.

expect: energy=error|timeout weights=error|memory ranks=error slope=error|timeout|failed
limit: 6
"""

import numpy as np
import sympy
import torch



def energy(x):
    return 10**1_000_000


def weights(z):
    return torch.zeros(2**22, dtype=torch.float64)


def slope(x, a):
    return [x] * 300_000


def ranks(items):
    endless = []
    endless.append(endless)
    return endless
