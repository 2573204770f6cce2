"""An exception whose text never ends.

expect: energy=timeout
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


class Endless(Exception):
    def __str__(self):
        while True:
            pass


def energy(x):
    raise Endless
