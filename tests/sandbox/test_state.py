"""Global state is put back."""

from __future__ import annotations

import os
import random
import sys
import warnings
from pathlib import Path

import numpy as np
import torch

from autograder.sandbox.worker.state import keep, restore


def test_what_a_call_changes_is_back_before_the_next(tmp_path: Path) -> None:
    here, before = os.getcwd(), keep()
    with warnings.catch_warnings():
        try:
            torch.set_default_dtype(torch.float64)
            torch.set_grad_enabled(False)
            np.set_printoptions(precision=1)
            np.seterr(all="raise")
            sys.setrecursionlimit(5000)
            os.chdir(tmp_path)
        finally:
            restore(before, 1)
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()
    assert (np.get_printoptions()["precision"], np.geterr()["over"]) == (8, "warn")
    assert (sys.getrecursionlimit(), os.getcwd()) == (before.recursion, here)


def test_the_generators_are_seeded_alike() -> None:
    before = keep()
    draws = []
    with warnings.catch_warnings():
        for _ in range(2):
            restore(before, 2**62 + 5)
            draws.append((random.random(), np.random.rand(), torch.rand(1).item()))
    assert draws[0] == draws[1]
