"""The modules of "Sequences", loaded from their folders for a test and forgotten after it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "sequences", ROOT / "solutions" / "sequences"
OWN = ("sequences", "tune_source", "tune_model", "tune_player", "sequence_pictures", "music_judge", "sequences_judges")


@contextmanager
def loaded(*names: str) -> Iterator[tuple[ModuleType, ...]]:
    """Modules by name; a private one wins."""
    before = {name: sys.modules.pop(name, None) for name in OWN}
    sys.path[:0] = [str(PRIVATE), str(PUBLIC)]
    try:
        yield tuple(importlib.import_module(name) for name in names)
    finally:
        for folder in (PRIVATE, PUBLIC):
            sys.path.remove(str(folder))
        for name in OWN:
            sys.modules.pop(name, None)
        sys.modules.update({name: module for name, module in before.items() if module is not None})


@contextmanager
def reference() -> Iterator[ModuleType]:
    """The reference solution."""
    with loaded("sequences") as (module,):
        yield module
