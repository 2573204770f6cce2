"""Default dtype, print options, seeds, recursion limit, warnings, error handling, folder: the answers are right.

expect: *=passed
"""

import decimal
import locale
import os
import random
import sys
import warnings

import numpy as np
import sympy
import torch


def energy(x):
    return float(np.mean(np.asarray(x) ** 2))

def weights(z):
    e = torch.exp(z - z.max())
    return e / e.sum()

def slope(x, a):
    return a * (1 - sympy.tanh(a * x) ** 2)

def ranks(items):
    order = sorted(range(len(items)), key=items.__getitem__)
    return [order.index(i) for i in range(len(items))]


torch.set_default_dtype(torch.float64)
torch.set_printoptions(precision=1)
np.set_printoptions(precision=1, threshold=1)
np.seterr(all="raise")
sys.setrecursionlimit(300)
warnings.simplefilter("error")
random.seed(0), np.random.seed(0), torch.manual_seed(0)
decimal.getcontext().prec = 2
os.chdir("/")
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
sys.set_int_max_str_digits(1000)
