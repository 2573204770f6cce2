"""Looks for the scratch folders and files of other submissions and prints what is there.

expect: energy=failed
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
    import glob
    import os

    for place in ["..", "../..", "../../..", "/tmp", "/var/tmp", "/dev/shm", "/run", "/home", "@DEN@", "@DEN@/submissions"]:
        try:
            names = os.listdir(place)
            print("GOT THROUGH: listed", place, names)
        except OSError:
            pass
    for place in [*glob.glob("/tmp/autograder-*/*/work/*"), "@DEN@/submissions/other.py", "@DEN@/secret.txt"]:
        try:
            print("GOT THROUGH: read", place, open(place).read())
        except OSError:
            pass
    return 0.0
