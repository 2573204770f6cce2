"""Writes to, duplicates and closes every descriptor number that there might be.

expect: energy=protocol|crashed|timeout
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
    import os

    for fd in range(3, 64):
        for act in (lambda: os.write(fd, b"A" * 64), lambda: os.close(fd)):
            try:
                act()
            except OSError:
                pass
    return 0.0
