"""An exception's text tries to be HTML, Markdown, terminal commands and a spreadsheet formula at once.

expect: weights=error
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
    raise ValueError('=cmd|"/c calc"!A0 ``` </code></pre><script>alert(1)</script> \x1b]8;;http://evil\x07 \u202e\u2066 \x9b2J {{7*7}} {% raw %}')
