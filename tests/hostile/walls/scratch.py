"""Writes three times as much as the scratch may hold, in files of a megabyte."""

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
        for n in range(12):
            with open(f"hostile-{n}", "wb") as file:
                file.write(b"x" * 2**20)
        print("GOT THROUGH: twelve megabytes written")
    except OSError:
        pass
    return 0.0
