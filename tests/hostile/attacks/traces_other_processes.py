"""ptrace, process_vm_readv and pidfd_getfd on the grader and its ancestors.

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
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    for pid in [int("@GRADER@"), int("@ZYGOTE@"), os.getppid(), 1]:
        for name, call in [
            ("ptrace attach", (101, 16, pid, 0, 0)), ("ptrace seize", (101, 0x4206, pid, 0, 0)),
            ("process_vm_readv", (310, pid, 0, 0, 0, 0, 0)), ("pidfd_open", (434, pid, 0)), ("kcmp", (312, pid, pid, 0, 0, 0)),
        ]:
            if libc.syscall(*call) >= 0:
                print("GOT THROUGH:", name, pid)
    if libc.syscall(101, 0, 0, 0, 0) >= 0:
        print("GOT THROUGH: PTRACE_TRACEME")
    return 0.0
