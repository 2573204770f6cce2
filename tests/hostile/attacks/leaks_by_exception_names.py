"""Hides the inputs in the class name, the notes, the cause and the file name of an exception.

expect: ranks=error
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
    text = " ".join(items)
    error = type("Error_" + text.replace("-", "_"), (SyntaxError,), {})(text, (text, 1, 1, text))
    error.add_note(text)
    raise error from KeyError(text)
