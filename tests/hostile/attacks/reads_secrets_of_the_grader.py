"""Reads the grader's files by path: token, bundle, solutions, shadow, ssh keys, the course's own repository.

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
    for place in ["@DEN@/secret.txt", "@DEN@/bundle/recorded.msgpack", "@DEN@/results.json", "/etc/shadow", "/root/.ssh/id_rsa", "/root/.bashrc",
                  "@REPO@/tests/hostile/course/solutions/trial/trial.py", "@REPO@/tests/hostile/course/solutions/trial/cases.py", "/var/run/docker.sock"]:
        try:
            print("GOT THROUGH:", place, open(place, "rb").read(400))
        except OSError:
            pass
    return 0.0
