"""The forbidden call inside a string that is evaluated.

expect: weights=passed|forbidden evidence=weights
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def weights(z):
    return eval(bytes([116, 111, 114, 99, 104, 46, 115, 111, 102, 116, 109, 97, 120]).decode())(z, dim=-1)
