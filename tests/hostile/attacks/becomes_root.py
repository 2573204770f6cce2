"""setuid, setgroups, capabilities and a file with the setuid bit.

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

    for act in [lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.seteuid(0),
                lambda: os.setreuid(0, 0), lambda: os.initgroups("root", 0)]:
        try:
            act()
            print("GOT THROUGH: an identity call worked")
        except OSError:
            pass
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    if libc.capset(header, data) == 0:
        print("GOT THROUGH: capset")
    for option, value in ((38, 0), (4, 1), (8, 1), (28, 0)):
        libc.prctl(option, value, 0, 0, 0)
    try:
        with open("hostile-setuid", "wb") as file:
            file.write(b"#!/bin/sh")
        os.chmod("hostile-setuid", 0o6755)
        print("GOT THROUGH: chmod")
    except OSError:
        pass
    return 0.0
