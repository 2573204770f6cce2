"""Reads a file that only root may read."""

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
    try:
        open("@DEN@/private.txt").close()
        print("GOT THROUGH: a file of mode 0600 is readable")
    except OSError:
        pass
    return 0.0
