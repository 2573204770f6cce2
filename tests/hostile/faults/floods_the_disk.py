"""One file that grows until the disk is full.

expect: energy=error|crashed
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
    with open("hostile-flood", "wb") as file:
        for _ in range(400):
            file.write(b"x" * 2**20)
            file.flush()
    return float(np.mean(np.asarray(x) ** 2))
