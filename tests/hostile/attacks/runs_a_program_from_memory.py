"""memfd_create, then execveat on the descriptor.

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
    import os

    try:
        fd = os.memfd_create("hostile")
        os.write(fd, open("/bin/true", "rb").read())
    except OSError:
        return 0.0
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_char_p * 2)(b"true", None)
    libc.syscall(322, fd, b"", arguments, arguments, 0x1000)
    try:
        os.execv(f"/proc/self/fd/{fd}", ["true"])
    except OSError:
        pass
    return 0.0
