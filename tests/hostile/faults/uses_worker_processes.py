"""What an honest student may try: a pool of processes; a DataLoader with workers, which loads by itself and works.

expect: energy=error|timeout ranks=failed
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
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        return float(np.mean(pool.map(abs, x)))


def ranks(items):
    loader = torch.utils.data.DataLoader(list(range(8)), num_workers=2)
    return [int(batch) for batch in loader]
