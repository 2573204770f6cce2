"""Bytes and object arrays that run a command when somebody unpickles them.

expect: energy=failed weights=error
"""

import numpy as np
import sympy
import torch


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


import pickle


class Bomb:
    def __reduce__(self):
        import os

        return os.system, ("touch @DEN@/hostile-pickle /tmp/hostile-pickle",)


def energy(x):
    return pickle.dumps(Bomb())


def weights(z):
    return np.array([Bomb()], dtype=object)
