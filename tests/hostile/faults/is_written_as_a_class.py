"""Functions as lambdas, partials, methods and callable objects: all right.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


import functools


class Energy:
    def __call__(self, x):
        return np.mean(np.asarray(x) ** 2)


energy = Energy()
weights = lambda z: torch.exp(z - z.max()) / torch.exp(z - z.max()).sum()
slope = functools.partial(lambda k, x, a: a * (k - sympy.tanh(a * x) ** 2), 1)
