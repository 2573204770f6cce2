"""Code that lies in another file, which no reading of the text shows; the operators tell.

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
    import os
    with open(os.path.join(os.path.dirname(__file__), "work.txt"), "w") as f:
        f.write("torch.soft")
    with open(os.path.join(os.path.dirname(__file__), "work.txt")) as f:
        return eval(f.read() + "max")(z, dim=-1)
