"""KeyboardInterrupt, GeneratorExit, a class of its own below BaseException, a group.

expect: energy=error weights=error slope=error ranks=error
"""

import numpy as np
import sympy
import torch



class Deep(BaseException):
    pass


def energy(x):
    raise KeyboardInterrupt


def weights(z):
    raise GeneratorExit


def slope(x, a):
    raise Deep


def ranks(items):
    raise BaseExceptionGroup("many", [Deep(), SystemExit(0), ExceptionGroup("more", [ValueError()])])
