"""The submission loaded as a module: what it defines, and what went wrong on the way.

A .py that stops half way keeps what was defined before; a notebook's failing cell does not stop the rest. The places
and messages of failures are kept, because a name that is missing later is best explained by them.
"""

from __future__ import annotations

import linecache
import os
import sys
import types
from dataclasses import dataclass, field

from autograder.sandbox.cells import Cell, code_cells
from autograder.sandbox.explaining import Origin, explain

MOST_PROBLEMS = 5


@dataclass
class Loaded:
    """A loaded submission. `problems` are one line each."""

    module: types.ModuleType
    origin: Origin
    problems: list[str] = field(default_factory=list)

    def why_missing(self, name: str) -> str:
        """The sentence for a name that a case needs and the submission lacks."""
        text = f"your submission does not define `{name}`"
        if self.problems:
            text += "; loading it met a problem: " + "; ".join(self.problems[:MOST_PROBLEMS])
        return text


def prepare(scratch: str, main: str, module_name: str) -> tuple[Loaded, list[Cell]]:
    """An empty module with its place on the import path; runs nothing of the student's."""
    folder = os.path.normpath(os.path.join(scratch, os.path.dirname(main)))
    path = os.path.join(scratch, main)
    os.chdir(folder)
    sys.path[:] = [p for p in sys.path if p] + [folder]  # last, so that no file of a submission hides a library
    module = types.ModuleType(module_name)
    module.__file__ = path
    cells: list[Cell] = []
    if main.endswith(".ipynb"):
        with open(path, "rb") as file:
            cells = code_cells(file.read())
    return Loaded(module, Origin(folder, frozenset(cell_name(c) for c in cells))), cells


def load(loaded: Loaded, cells: list[Cell]) -> None:
    """Run the submission's top level, once."""
    module = loaded.module
    sys.modules[module.__name__] = module
    if not cells and not str(module.__file__).endswith(".ipynb"):
        with open(str(module.__file__), "rb") as file:
            _run(loaded, file.read(), str(module.__file__))
    for cell in cells:
        remember(cell_name(cell), cell.text)
        _run(loaded, cell.text, cell_name(cell))


def cell_name(cell: Cell) -> str:
    """The file name under which a cell is compiled, and which messages show."""
    return f"cell {cell.number}"


def remember(filename: str, text: str) -> None:
    """Let tracebacks show lines of a text that is no file."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)


def _run(loaded: Loaded, source: str | bytes, filename: str) -> None:
    try:
        exec(compile(source, filename, "exec", dont_inherit=True), loaded.module.__dict__)
    except BaseException as error:  # SystemExit too: what was defined before counts
        if len(loaded.problems) < MOST_PROBLEMS:
            loaded.problems.append(explain(error, loaded.origin))
