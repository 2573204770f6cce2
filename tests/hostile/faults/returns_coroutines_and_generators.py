"""async def and yield where a value is asked for; None, a function, a class, a module.

expect: energy=error weights=error slope=error|failed ranks=error
"""

import numpy as np
import sympy
import torch



async def energy(x):
    return 0.0


def weights(z):
    yield z


def slope(x, a):
    return lambda: x


def ranks(items):
    return np
