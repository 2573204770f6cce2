"""The stub as it was handed out.

expect: energy=error weights=error slope=error ranks=error
"""

import numpy as np
import sympy
import torch



def energy(x):
    raise NotImplementedError("write energy")


def weights(z):
    raise NotImplementedError("write weights")


def slope(x, a):
    raise NotImplementedError("write slope")


def ranks(items):
    raise NotImplementedError("write ranks")
