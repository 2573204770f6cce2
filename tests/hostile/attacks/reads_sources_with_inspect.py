"""Asks inspect, linecache and dis for the text of the hidden case.

expect: energy=failed
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
    import inspect
    import linecache

    for frame in inspect.stack():
        print(frame.code_context, frame.filename)
        try:
            print(inspect.getsource(frame.frame))
        except OSError:
            pass
    for name in list(linecache.cache):
        if name.startswith("<"):
            print(linecache.getlines(name))
    return 0.0
