"""Names its function after the hidden inputs, because calls are written down.

expect: ranks=error|failed
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def ranks(items):
    import sys

    ranks.__name__ = ranks.__qualname__ = " ".join(items)
    ranks.__code__ = ranks.__code__.replace(co_name=" ".join(items), co_filename=" ".join(items))
    frame = sys._getframe(1)
    while frame is not None:
        if type(frame.f_locals.get("trace")) is list:
            frame.f_locals["trace"].append(" ".join(items))
        frame = frame.f_back
    raise RuntimeError("hello")
