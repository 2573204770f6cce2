"""A reply to another request.

expect: energy=protocol
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


def energy(x):
    worker().request += 1
    reply(inline=b"\xc0")
    while True:
        pass
