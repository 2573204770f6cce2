"""Searches every object of the process for expected values and secrets, and prints them.

expect: energy=failed|timeout
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
    import gc

    gc.unfreeze()
    for thing in gc.get_objects():
        if type(thing) is dict and ("expected" in thing or "seed" in thing or "credit" in thing):
            print(repr(thing)[:500])
        if type(thing) in (list, tuple) and any(type(t) is str and "CANARX".replace("X", "Y") in t for t in thing[:50]):
            print(thing[:50])
    return 0.0
