"""Finds the table of probes in the worker and puts functions of its own into it.

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
    import sys

    frame = sys._getframe()
    while frame is not None:
        worker = frame.f_locals.get("self")
        if hasattr(worker, "probes"):
            for name in list(worker.probes):
                worker.probes[name] = lambda student, world: {"out": 0.0, "x_after": 1.0, "status": "passed", "credit": 1}
            worker.job["seconds"] = 1e9
        frame = frame.f_back
    return 0.0
