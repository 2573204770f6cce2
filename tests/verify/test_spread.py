"""Work in forked children."""

from __future__ import annotations

import subprocess
import sys

THREADS = """
import torch
from autograder.verify.spread import spread

torch.set_num_threads(2)


def work(n):
    return float(torch.ones(3000, 3000).tril().sum()) + n


work(0)  # from here on OpenMP has threads that no child inherits
print(spread(work, range(24), 2)[-1])
"""


def test_children_do_not_wait_for_threads_of_their_parent() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["4501523.0"], done.stderr
