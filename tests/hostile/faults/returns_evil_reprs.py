"""Values whose repr and str raise, are endless or are no text.

expect: energy=error weights=error ranks=error
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


class Evil:
    def __repr__(self):
        raise SystemExit

    __str__ = __format__ = __repr__

    def __getattr__(self, name):
        raise SystemExit


class Name(type):
    def __getattribute__(cls, name):
        raise SystemExit


class Worse(metaclass=Name):
    pass


def energy(x):
    return Evil()


def weights(z):
    return {Evil(): 1}


def ranks(items):
    return [Worse()]
