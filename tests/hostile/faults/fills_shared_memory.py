"""Anonymous shared mappings, which a limit on private memory does not count.

expect: energy=memory|error|timeout
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
    import mmap

    kept = []
    while True:
        page = mmap.mmap(-1, 2**26)
        for at in range(0, 2**26, 4096):
            page[at] = 1
        kept.append(page)
