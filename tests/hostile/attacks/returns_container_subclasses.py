"""A list that is as long as it needs to be and gives other items every time.

expect: ranks=failed|error|protocol
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


class Liar(list):
    turns = 0

    def __len__(self):
        Liar.turns += 1
        return 5 if Liar.turns % 2 else 10

    def __iter__(self):
        return iter([True] * 3)

    def __eq__(self, other):
        return True


def ranks(items):
    return Liar([0] * 5)
