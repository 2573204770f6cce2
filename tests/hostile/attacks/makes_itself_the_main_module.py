"""Gives itself the name __main__, so that the block which never runs does.

expect: weights=forbidden
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()


__name__ = "__main__"
if __name__ == "__main__":
    def weights(z):
        return torch.softmax(z, dim=-1)
