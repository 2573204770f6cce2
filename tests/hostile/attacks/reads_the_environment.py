"""Prints its environment and that of every process it can see, the command lines too.

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
    import ctypes
    import glob
    import os

    print(dict(os.environ))
    for name in ["self", "1", str(os.getppid()), "@GRADER@", "@ZYGOTE@", *[p.split("/")[2] for p in glob.glob("/proc/[0-9]*")[:50]]]:
        for part in ("environ", "cmdline", "auxv"):
            try:
                print(open(f"/proc/{name}/{part}", "rb").read())
            except OSError:
                pass
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    i = 0
    while environ and environ[i]:
        print(environ[i])
        i += 1
    return 0.0
