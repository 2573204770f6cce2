"""A float and an int that are equal to everything.

expect: energy=failed|error ranks=failed|error
"""

import numpy as np
import sympy
import torch


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


class Real(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        return self

    def __ne__(self, other):
        return False


class Whole(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


def energy(x):
    return Real(0.0)


def ranks(items):
    return [Whole(0) for _ in items]
