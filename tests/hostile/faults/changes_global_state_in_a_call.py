"""The same in a function, and names of builtins taken away; other questions do not notice.

expect: energy=passed|error|crashed|failed
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
    import builtins
    import os
    import sys

    torch.set_default_dtype(torch.float16)
    np.set_printoptions(precision=1)
    sys.setrecursionlimit(120)
    os.chdir("/")
    os.environ.clear()
    sys.path.clear()
    sys.modules.clear()
    torch.set_default_device("meta")
    for name in ("print", "len", "sum", "isinstance"):
        delattr(builtins, name)
    return 0.0
