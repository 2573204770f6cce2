"""A list with more items than a list may have, in few bytes.

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

    def ext(code, data):
        return msgpack.ExtType(code, data if type(data) is bytes else msgpack.packb(data))


    payload = b"\xdd\x7f\xff\xff\xff" + b"\xc0" * 50_000
    reply(inline=payload)
    while True:
        pass
