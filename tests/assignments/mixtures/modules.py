"""The modules of "Mixtures", loaded from their folders for a test and forgotten after it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "mixtures", ROOT / "solutions" / "mixtures"
OWN = ("mixtures", "expert_source", "mixture_pictures", "mixtures_judges", "best_values", "expert_judge", "teacher")


@contextmanager
def loaded(*names: str) -> Iterator[tuple[ModuleType, ...]]:
    """Modules by name; a private one wins."""
    before = {name: sys.modules.pop(name, None) for name in OWN}
    folders = [str(PRIVATE), str(PRIVATE / "cases"), str(PUBLIC)]
    sys.path[:0] = folders
    try:
        yield tuple(importlib.import_module(name) for name in names)
    finally:
        for folder in folders:
            sys.path.remove(folder)
        for name in OWN:
            sys.modules.pop(name, None)
        sys.modules.update({name: module for name, module in before.items() if module is not None})


@contextmanager
def reference() -> Iterator[ModuleType]:
    """The reference solution."""
    with loaded("mixtures") as (module,):
        yield module
