"""Raises what test runners take for a skipped test.

expect: energy=error weights=error
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


import unittest


def energy(x):
    raise unittest.SkipTest("not today")


def weights(z):
    class Skipped(BaseException):
        __module__ = "_pytest.outcomes"
        allow_module_level = True

    raise Skipped("not today")
