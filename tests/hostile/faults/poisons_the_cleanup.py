"""Replaces what is used between two cases by something that raises.

expect: energy=passed|error|crashed|failed|protocol
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
    def refuse(*args, **kwargs):
        raise SystemExit

    import os
    import signal

    np.set_printoptions = np.seterr = np.random.seed = torch.set_default_dtype = os.chdir = signal.setitimer = refuse
    return 0.0
