"""Fifty detached children that sleep for ten minutes.

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
    import os
    import time

    for _ in range(50):
        try:
            child = os.fork()
        except OSError:
            continue
        if child == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            time.sleep(600)
            os._exit(0)
        print("GOT THROUGH: fork")
    return 0.0
