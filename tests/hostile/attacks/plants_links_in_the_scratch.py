"""Symlinks, hard links and renamed folders in the scratch that point at the grader's files, for the cleaner to follow.

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
    import os

    for n, place in enumerate(["@DEN@", "@DEN@/secret.txt", "@DEN@/results.json", "/etc/passwd", "/", "..", "/proc/self/root"]):
        for act in (lambda: os.symlink(place, f"hostile-link-{n}"), lambda: os.link(place, f"hostile-hard-{n}")):
            try:
                act()
            except OSError:
                pass
    try:
        os.unlink("trial.py")
        os.symlink("@DEN@/secret.txt", "trial.py")
        print(open("trial.py").read())
    except OSError:
        pass
    try:
        os.rename(os.getcwd(), os.getcwd() + "-hostile")
        os.symlink("@DEN@", os.getcwd())
    except OSError:
        pass
    return 0.0
