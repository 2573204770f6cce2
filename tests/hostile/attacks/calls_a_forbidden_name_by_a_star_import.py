"""A star import at the end puts the library's functions in place of its own.

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


def softmax(z, dim):
    e = torch.exp(z - z.max())
    return e / e.sum()

def weights(z):
    return softmax(z, -1)


from torch.nn.functional import *
