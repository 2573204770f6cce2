"""Global state of the libraries: kept after loading, put back before every case, so that no case touches another."""

from __future__ import annotations

import os
import random
import signal
import sys
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True)
class State:
    """What a call may change without meaning to."""

    folder: str
    recursion: int
    default_dtype: torch.dtype
    print_options: dict[str, Any]
    errors: Any


def keep() -> State:
    """The state now: what the submission set while it was loaded belongs to it."""
    options = dict(np.get_printoptions())
    return State(os.getcwd(), sys.getrecursionlimit(), torch.get_default_dtype(), options, np.geterr())


def restore(state: State, seed: int) -> None:
    """Put the state back and seed the global generators, which makes a grading repeatable."""
    os.chdir(state.folder)
    sys.setrecursionlimit(state.recursion)
    torch.set_default_dtype(state.default_dtype)
    torch.set_grad_enabled(True)
    np.set_printoptions(**state.print_options)
    np.seterr(**state.errors)
    warnings.simplefilter("ignore")
    signal.setitimer(signal.ITIMER_REAL, 0)
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.random.default_generator.manual_seed(seed)
