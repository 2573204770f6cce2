"""Global state is put back."""

from __future__ import annotations

import os
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
            restore(before)
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()
    assert (np.get_printoptions()["precision"], np.geterr()["over"]) == (8, "warn")
    assert (sys.getrecursionlimit(), os.getcwd()) == (before.recursion, here)
