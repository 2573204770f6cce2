"""Kills, stops and renices the grader, its ancestors and everyone else; changes their limits and processors.

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
    import resource
    import signal

    for pid in [int("@GRADER@"), int("@ZYGOTE@"), os.getppid(), 1]:
        for name, act in [
            ("kill", lambda: os.kill(pid, signal.SIGKILL)), ("stop", lambda: os.kill(pid, signal.SIGSTOP)), ("probe", lambda: os.kill(pid, 0)),
            ("killpg", lambda: os.killpg(pid, signal.SIGKILL)), ("prlimit", lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))),
            ("renice", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19)), ("affinity", lambda: os.sched_setaffinity(pid, {0})),
            ("pidfd", lambda: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL)),
        ]:
            try:
                act()
                print("GOT THROUGH:", name, pid)
            except (OSError, ValueError):
                pass
    return 0.0
