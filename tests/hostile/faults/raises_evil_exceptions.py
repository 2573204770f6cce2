"""Exceptions whose str, repr, class, traceback and arguments raise or lie.

expect: energy=error weights=error slope=error ranks=error
"""

import numpy as np
import sympy
import torch



class Evil(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__

    @property
    def __class__(self):
        raise KeyboardInterrupt

    @property
    def __traceback__(self):
        return 17

    @property
    def args(self):
        return self


class Meta(type):
    __name__ = property(lambda cls: 1 / 0)

    def __instancecheck__(cls, thing):
        raise RuntimeError

    __subclasscheck__ = __instancecheck__


class Worse(Exception, metaclass=Meta):
    pass


def energy(x):
    raise Evil


def weights(z):
    raise Worse


def slope(x, a):
    raise ValueError("x" * 10**7)


def ranks(items):
    raise ValueError("\ud800\x00\x1b[2J" * 1000)
