"""Fifos, devices, sockets, names that are no text, closed folders and a folder tree deeper than any path.

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
    import os
    import stat

    acts = [lambda: os.mkfifo("hostile-fifo"), lambda: os.mknod("hostile-device", 0o666 | stat.S_IFCHR, os.makedev(1, 1)),
            lambda: open(b"hostile-\xff\xfe\n\x1b[2J", "w").close(), lambda: open("-rf", "w").close(), lambda: os.mkdir("hostile-closed", 0)]
    for act in acts:
        try:
            act()
        except OSError:
            pass
    os.umask(0o777)
    for _ in range(300):
        try:
            os.mkdir("d", 0o700)
            os.chdir("d")
        except OSError:
            break
    return 0.0
