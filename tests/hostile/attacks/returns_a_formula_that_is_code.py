"""Symbol and function names that are Python code, in case anything evaluates them.

expect: slope=failed|error|protocol
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


def slope(x, a):
    code = "__import__('os').system('touch @DEN@/hostile-code')"
    return sympy.Symbol(code) + sympy.Function(code)(x)
