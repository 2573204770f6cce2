"""Recursion without Python's limit, until the stack is used up.

expect: energy=crashed|error|memory|timeout
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def energy(x):
    import sys

    sys.setrecursionlimit(10**9)

    def deeper(n):
        return sorted([n], key=lambda m: deeper(m + 1))

    return deeper(0)
