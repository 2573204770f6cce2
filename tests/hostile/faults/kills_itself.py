"""SIGKILL and SIGTERM to its own process.

expect: energy=memory|crashed ranks=crashed
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def energy(x):
    import os

    os.kill(os.getpid(), 9)


def ranks(items):
    import os

    os.kill(os.getpid(), 15)
