"""Forks, and opens a socket."""

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
    import socket

    try:
        if os.fork() == 0:
            os.setsid()
            import time

            time.sleep(600)
        print("GOT THROUGH: fork")
    except OSError:
        pass
    try:
        socket.socket().close()
        print("GOT THROUGH: socket")
    except OSError:
        pass
    return 0.0
