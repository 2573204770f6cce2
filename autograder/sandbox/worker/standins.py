"""What a notebook finds around it and a worker has not: `get_ipython()`, `display`, a grader; none does anything.

The stand-in starts no process, reaches no network and is not Colab. What is asked of it comes back as something that
may be called, indexed and asked again, and is false. Code that is handed to it at run time is not run, except for files
of the submission's own folder (`%run helper.py`) and files that a cell writes there (`%%writefile`).
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import os
import sys
import types
from typing import Any

_OWN = ".py"


class Nothing:
    """Whatever is asked of it is nothing again."""

    def __call__(self, *_: Any, **__: Any) -> Nothing:
        return self

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: Any) -> Nothing:
        return self

    def __setitem__(self, *_: Any) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __repr__(self) -> str:
        return "<nothing>"


class Lines(list[str]):
    """What `x = !command` gives, of a command that was not run."""

    s = n = p = ""
    l: list[str] = []  # noqa: E741, RUF012  # IPython's own name

    def grep(self, *_: Any, **__: Any) -> Lines:
        """Nothing is found."""
        return Lines()

    def fields(self, *_: Any) -> Lines:
        """There are none."""
        return Lines()


class Timed:
    """What `t = %timeit -o f()` gives, of a call that was not timed."""

    average = best = worst = stdev = compile_time = 0.0
    loops = repeat = 1
    timings: tuple[float, ...] = (0.0,)
    all_runs: tuple[float, ...] = (0.0,)


class Shell:
    """`get_ipython()`."""

    user_ns: dict[str, Any]

    def __init__(self, namespace: dict[str, Any], folder: str) -> None:
        self.user_ns = self.user_global_ns = namespace
        self._folder = folder

    def run_line_magic(self, name: str, line: str = "", *_: Any, **__: Any) -> Any:
        """A magic of one line."""
        if name == "timeit":
            return Timed()
        if name == "run":
            return self._run_file(line)
        return Lines() if name in ("sx", "system") else None

    def run_cell_magic(self, name: str, line: str = "", cell: str = "", **_: Any) -> Any:
        """A magic of a whole cell."""
        if name in ("writefile", "file"):
            return self._write_file(line, cell)
        return Timed() if name == "timeit" else None

    def magic(self, text: str) -> Any:
        """The same by one text, as IPython once had it."""
        name, _, line = text.lstrip("%").partition(" ")
        return self.run_line_magic(name, line)

    def system(self, *_: Any) -> None:
        """Nothing is started."""

    def getoutput(self, *_: Any, **__: Any) -> Lines:
        """Nothing is started."""
        return Lines()

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __repr__(self) -> str:
        return "<a stand-in for IPython>"

    def _own_path(self, name: str) -> str:
        path = os.path.normpath(os.path.join(self._folder, name.strip("'\"")))
        return path if path.startswith(self._folder + os.sep) else ""

    def _run_file(self, line: str) -> None:
        words = [word for word in line.split() if not word.startswith("-")]
        path = self._own_path(words[0] if words and words[0].endswith(_OWN) else f"{words[0]}{_OWN}") if words else ""
        if not path:
            return
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec", dont_inherit=True), self.user_ns)

    def _write_file(self, line: str, text: str) -> None:
        words = [word for word in line.split() if not word.startswith("-")]
        path = self._own_path(words[0]) if words else ""
        if not path:
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a" if "-a" in line.split() else "w", encoding="utf-8") as file:
            file.write(text)
        importlib.invalidate_caches()


def stand_in(module: types.ModuleType, folder: str, ipython: bool) -> None:
    """Put the stand-ins where a submission looks for them.

    Args:
        ipython: whether the submission names IPython, whose own `get_ipython` knows of no shell here.
    """
    shell = Shell(module.__dict__, folder)

    def get_ipython() -> Shell:
        """IPython's running shell."""
        return shell

    builtins.get_ipython = get_ipython  # type: ignore[attr-defined]
    builtins.display = _display  # type: ignore[attr-defined]
    if ipython:
        with contextlib.suppress(ImportError):
            importlib.import_module("IPython.core.getipython")
    for name in ("IPython", "IPython.core.getipython"):
        if name in sys.modules:
            sys.modules[name].get_ipython = get_ipython  # type: ignore[attr-defined]


def without_graders(*modules: str) -> None:
    """`import otter` gives nothing, quickly: tests and exports are no part of a submission, nor is a `grader`.

    Args:
        modules: those that give none.
    """
    for name in modules:
        module = types.ModuleType(name)
        module.Notebook = Nothing()  # type: ignore[attr-defined]
        sys.modules[name] = module
    builtins.grader = Nothing()  # type: ignore[attr-defined]  # its cell is not run, and calls of it may be anywhere


def _display(*values: Any, **_: Any) -> None:
    for value in values:
        print(value)
