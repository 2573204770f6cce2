"""The modules of `storyteller` and of its handout, imported by name for a test and forgotten afterwards."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from autograder.authoring.loading import modules_from

ROOT = Path(__file__).parents[2]
PRIVATE, PUBLIC = ROOT / "solutions" / "storyteller", ROOT / "assignments" / "storyteller"
REFERENCE = PRIVATE / "storyteller.py"


@contextmanager
def modules(*names: str) -> Iterator[list[ModuleType]]:
    """These modules; inside, all others of the assignment can be imported too."""
    folders = (PRIVATE, PRIVATE / "cases", PUBLIC)
    texts = {p.stem: p.read_text() for folder in folders for p in folder.glob("*.py") if p.stem != "storyteller"}
    with modules_from(texts):
        yield [importlib.import_module(name) for name in names]
