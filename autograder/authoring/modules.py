"""Modules from texts: what the author's files import of each other, found before anything of that name on disk."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


def module_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Module name → text of the Python files among `files`."""
    return {name.removesuffix(".py"): data.decode() for name, data in files.items() if name.endswith(".py")}


class _TextFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from a mapping of texts."""

    def __init__(self, texts: Mapping[str, str], places: Mapping[str, str]) -> None:
        self.texts, self.places = texts, places

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.texts:
            return importlib.util.spec_from_loader(fullname, self, origin=f"{fullname}.py")
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        place = self.places.get(module.__name__, f"{module.__name__}.py")
        exec(compile(self.texts[module.__name__], place, "exec"), module.__dict__)


@contextmanager
def modules_from(texts: Mapping[str, str], places: Mapping[str, str] | None = None) -> Iterator[None]:
    """Inside, `import name` finds these texts first; afterwards no trace of them is left in `sys.modules`.

    Args:
        places: module name -> path for tracebacks.
    """
    finder = _TextFinder(texts, places or {})
    hidden = {name: sys.modules.pop(name) for name in texts if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in texts:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)
