"""A formula with a hundred thousand terms.

expect: slope=failed|error|protocol|timeout|memory
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def worker():
    import sys

    frame = sys._getframe()
    while frame is not None:
        if hasattr(frame.f_locals.get("self"), "channel"):
            return frame.f_locals["self"]
        frame = frame.f_back


def send(body, length=None):
    import os
    import struct

    os.write(worker().channel.sock.fileno(), struct.pack("!I", len(body) if length is None else length) + body)


def reply(**fields):
    import msgpack

    send(msgpack.packb({"id": worker().request, "status": "returned", **fields}, use_bin_type=True))


def slope(x, a):
    deep = x
    for n in range(400):
        deep = sympy.sin(deep, evaluate=False)
    return deep + sympy.Add(*[sympy.Symbol(f"s{n}") for n in range(5000)])
