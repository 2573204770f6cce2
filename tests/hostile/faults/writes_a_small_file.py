"""What an honest student may do: keep something in a file and read it again.

expect: *=passed
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
    import tempfile

    with tempfile.TemporaryFile() as file, open("notes.txt", "w") as notes:
        np.save(file, x)
        notes.write("kept")
        file.seek(0)
        return float(np.mean(np.load(file) ** 2))
