"""An own class has a method of that name, so that the tensor's looks like an own one.

expect: weights=forbidden
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


class Layer:
    def softmax(self, dim):
        return self


def weights(z):
    return z.softmax(-1)
