"""exec, spawn, system and a shell, by every door of the standard library.

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
    import subprocess

    for run in [
        lambda: os.system("touch @DEN@/hostile-shell") == 0, lambda: subprocess.run(["/bin/true"]).returncode == 0,
        lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: os.popen("id").read(), lambda: os.spawnv(os.P_WAIT, "/bin/true", ["true"]) == 0,
        lambda: os.forkpty(),
    ]:
        try:
            if run():
                print("GOT THROUGH: a program ran")
        except OSError:
            pass
    try:
        os.execv("/bin/true", ["true"])
    except OSError:
        pass
    return 0.0
