"""chmod, chown, utime, xattr, truncate, link, rename and unlink on files that are not its own.

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

    for place in ["@DEN@/secret.txt", "@DEN@/results.json", "@REPO@/autograder/__init__.py", "/usr/bin/env", "/etc/passwd", "/proc/self/oom_score_adj"]:
        for name, act in [
            ("chmod", lambda: os.chmod(place, 0o777)), ("chown", lambda: os.chown(place, os.getuid(), -1)), ("utime", lambda: os.utime(place, (0, 0))),
            ("xattr", lambda: os.setxattr(place, "user.hostile", b"1")), ("truncate", lambda: os.truncate(place, 0)),
            ("link", lambda: os.link(place, "hostile-link")), ("append", lambda: open(place, "a")),
            ("rename", lambda: os.rename(place, "hostile-moved")), ("unlink", lambda: os.unlink(place)),
        ]:
            if "/usr/" in place and name in ("rename", "unlink", "truncate"):
                continue  # should the wall fall, the machine must live on
            if place == "/etc/passwd" and name != "append":
                continue
            try:
                act()
                print("GOT THROUGH:", name, place)
            except OSError:
                pass
    return 0.0
