"""fork, vfork, clone and clone3 without the C library.

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

    libc = ctypes.CDLL(None, use_errno=True)
    me = os.getpid()
    arguments = (ctypes.c_uint64 * 11)()
    arguments[4] = 17
    for call in [(57,), (56, 17, 0, 0, 0, 0), (56, 0x8011, 0, 0, 0, 0), (435, arguments, 88)]:
        result = libc.syscall(*call)
        if libc.syscall(39) != me:
            libc._exit(0)
        if result > 0:
            print("GOT THROUGH: a child by", call[0])
    return 0.0
