"""Sleeps in a hidden case and prints the clock in all: public clocks must not come after the sleep.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def secret():
    """What a hidden probe holds, where this process was given one."""
    import linecache

    text = "".join(linecache.cache["<test case>"][2])
    return text[text.index("CANARY-CONSTANT"):][:15] if "CANARY-CONSTANT" in text else ""


def energy(x):
    import time

    if secret():
        print("HIDDEN CLOCK", time.monotonic())
        time.sleep(0.5)
    return float(np.mean(np.asarray(x) ** 2))


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()


def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)


def ranks(items):
    import time

    if not any("CANARY" in item for item in items):
        print("PUBLIC CLOCK", time.monotonic())
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]
