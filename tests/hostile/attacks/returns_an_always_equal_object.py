"""An object that is equal to everything, true, and zero away from everything.

expect: energy=error
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


class Always:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    def __abs__(self):
        return 0.0

    def __le__(self, other):
        return True

    def __sub__(self, other):
        return self

    __lt__ = __ge__ = __gt__ = __le__
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__


def energy(x):
    return Always()
