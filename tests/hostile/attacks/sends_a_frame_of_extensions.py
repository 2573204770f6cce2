"""Extension types, timestamps, maps with odd keys, invalid text.

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
    import msgpack

    send(msgpack.packb({"id": worker().request, "status": "returned", "inline": b"", "x": msgpack.Timestamp(1), "y": msgpack.ExtType(5, b"z" * 99)}))
    send(b"\x81\xa2\xff\xfe\x01")
    while True:
        pass
