"""A default value is the forbidden function.

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


def weights(z, act=torch.softmax):
    return act(z, -1)
