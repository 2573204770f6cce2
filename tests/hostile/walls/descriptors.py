"""Looks for open descriptors besides the worker's own two."""

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
    import sys

    frame = sys._getframe()
    own = set()
    while frame is not None:
        worker = frame.f_locals.get("self")
        if hasattr(worker, "values_fd"):
            own = {worker.channel.sock.fileno(), worker.values_fd}
        frame = frame.f_back
    null = os.stat("/dev/null").st_rdev
    for fd in range(256):
        try:
            info = os.fstat(fd)
        except OSError:
            continue
        if fd not in own and info.st_rdev != null:
            print("GOT THROUGH: descriptor", fd, "is open")
    return 0.0
