"""Bytes, surrogates and control characters on every stream; the answers are right.

expect: *=passed
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
    import sys

    sys.stdout.buffer.write(bytes(range(256)) * 10)
    print("\ud800 \x00 \x1b[31m \u202e \U0010ffff")
    os.write(1, bytes(range(256)))
    os.write(2, bytes(range(256)))
    return float(np.mean(np.asarray(x) ** 2))
