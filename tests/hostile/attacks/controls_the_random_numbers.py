"""Replaces the generators that inputs come from, so that every input would be zero.

expect: energy=failed weights=failed
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


def energy(x):
    return 0.0


import sys

for name in ("normal", "uniform", "integers"):
    world = sys.modules.get("autograder.authoring.world")
    if world is not None and name == "normal":
        world.World.normal = lambda self, shape=(), **kwargs: np.zeros(shape)
np.random.seed = torch.manual_seed = lambda *args: None
