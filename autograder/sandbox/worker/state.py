"""Global state of the libraries: kept after loading, put back before every case, so that no case touches another."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class State:
    """What a call may change without meaning to."""

    folder: str
    recursion: int
    default_dtype: torch.dtype | None
    print_options: dict[str, Any]
    errors: Any


def keep() -> State:
    """The state now: what the submission set while it was loaded belongs to it."""
    torch = sys.modules.get("torch")
    dtype = torch.get_default_dtype() if torch is not None else None
    return State(os.getcwd(), sys.getrecursionlimit(), dtype, dict(np.get_printoptions()), np.geterr())


def restore(state: State) -> None:
    """Put the state back; the global generators are seeded where a case is run."""
    os.chdir(state.folder)
    sys.setrecursionlimit(state.recursion)
    np.set_printoptions(**state.print_options)
    np.seterr(**state.errors)
    warnings.simplefilter("ignore")
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_default_dtype(state.default_dtype or torch.float32)
        torch.set_grad_enabled(True)
