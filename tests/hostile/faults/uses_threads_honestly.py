"""A few threads that compute and are joined: allowed.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def energy(x):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        return float(np.mean(list(pool.map(lambda v: v * v, np.asarray(x)))))


def ranks(items):
    torch.set_num_threads(3)
    torch.ones(300, 300) @ torch.ones(300, 300)
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]
