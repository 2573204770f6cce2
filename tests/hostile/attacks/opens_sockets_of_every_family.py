"""socket and socketpair, for all families, types and a few protocols.

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
    import socket

    for family in range(47):
        for kind in (1, 2, 3, 5):
            for protocol in (0, 1, 255):
                try:
                    socket.socket(family, kind, protocol).close()
                    print("GOT THROUGH: socket", family, kind, protocol)
                except (OSError, ValueError):
                    pass
    try:
        socket.socketpair()
        print("GOT THROUGH: socketpair")
    except OSError:
        pass
    return 0.0
