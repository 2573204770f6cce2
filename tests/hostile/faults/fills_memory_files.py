"""memfd files, which are memory that belongs to no mapping.

expect: energy=error|memory|timeout
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

    kept = []
    while True:
        fd = os.memfd_create("hostile")
        kept.append(fd)
        for _ in range(1024):
            if os.write(fd, b"x" * 2**16) < 2**16:
                raise OSError("no more room")
