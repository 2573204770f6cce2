"""Empty files until there are no more.

expect: energy=error|timeout
limit: 6
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

    for n in range(30_000):
        open(f"hostile-{n}", "w").close()
    time.sleep(0.5)
    return float(np.mean(np.asarray(x) ** 2))
