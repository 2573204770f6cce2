"""A formula of functions and symbols of its own that would evaluate to whatever is wanted.

expect: slope=failed|error
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


class anything(sympy.Function):
    def _eval_evalf(self, prec):
        return sympy.nan

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def slope(x, a):
    return anything(x) * sympy.Symbol("evil") + sympy.Function("exec")(sympy.Symbol("__import__('os')"))
