"""Sets trace and profile functions that rewrite whatever the worker does next.

expect: energy=failed|error|protocol|crashed
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

    def spy(frame, event, arg):
        if event == "return" and frame.f_code.co_name in ("encode", "_plain"):
            for name in ("status", "payload"):
                frame.f_locals[name] = "passed"
        return spy

    sys.settrace(spy)
    sys.setprofile(spy)
    return 0.0
