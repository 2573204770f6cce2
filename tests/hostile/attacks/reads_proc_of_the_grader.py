"""Opens memory, files and descriptors of the grader and of its own ancestors by /proc.

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

    for pid in ["@GRADER@", "@ZYGOTE@", str(os.getppid()), "1"]:
        for part in ("mem", "maps", "environ", "stack", "syscall", "fd", "root/@DEN@/secret.txt", "cwd"):
            place = f"/proc/{pid}/{part}"
            try:
                print("GOT THROUGH:", place, os.listdir(place) if part == "fd" else open(place, "rb").read(100))
            except OSError:
                pass
        for fd in range(40):
            for mode in (os.O_RDONLY, os.O_WRONLY):
                try:
                    os.close(os.open(f"/proc/{pid}/fd/{fd}", mode))
                    print("GOT THROUGH: a descriptor of", pid)
                except OSError:
                    pass
    return 0.0
