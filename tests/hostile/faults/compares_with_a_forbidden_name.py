"""Honest work with what people leave at the end of a file: comparisons with the function that is forbidden.

expect: *=passed
"""

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()


x = torch.randn(5)
print(weights(x), torch.softmax(x, 0))
assert torch.allclose(weights(x), torch.softmax(x, 0))
results = {}
results["torch"] = torch.softmax(x, 0)
for x in (torch.zeros(2), torch.ones(3)):
    print(torch.softmax(x, 0) - weights(x))

if __name__ == "__main__":
    print(torch.softmax(x, 0))
