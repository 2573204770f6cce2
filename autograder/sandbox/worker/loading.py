"""The submission loaded as a module: what it defines, and what went wrong on the way.

A .py that stops half way keeps what was defined before; a notebook's failing cell does not stop the rest. The places
and messages of failures are kept, because a name that is missing later is best explained by them.
"""

from __future__ import annotations

import _imp
import linecache
import marshal
import os
import sys
import types
import warnings
from dataclasses import dataclass, field

from autograder.sandbox.worker.cells import Cell, code_cells
from autograder.sandbox.worker.explaining import Origin, explain

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


@dataclass(frozen=True)
class Unit:
    """A piece of the submission's top level that is run as a whole: the file, or a cell; `code` is None if it fails."""

    filename: str
    source: str | bytes
    code: types.CodeType | None


def compiled(loaded: Loaded, cells: list[Cell], known: bytes = b"") -> list[Unit]:
    """The submission's top level as code; runs nothing of the student's.

    Args:
        known: what `packed` gave for the same submission in another worker.
    """
    path = str(loaded.module.__file__)
    sources: list[tuple[str, str | bytes]] = [(cell_name(cell), cell.text) for cell in cells]
    if not path.endswith(".ipynb"):
        with open(path, "rb") as file:
            sources = [(path, file.read())]
    codes = _moved(marshal.loads(known), sources) if known else [_code(source, name) for name, source in sources]
    return [Unit(name, source, code) for (name, source), code in zip(sources, codes, strict=True)]


def packed(units: list[Unit]) -> bytes:
    """The code of all units, for `compiled` in a worker that comes later; nothing where it is nested too deep."""
    try:
        return marshal.dumps([unit.code for unit in units])
    except ValueError:
        return b""


def _moved(codes: list[types.CodeType | None], sources: list[tuple[str, str | bytes]]) -> list[types.CodeType | None]:
    """The code with the names of files here: each worker's scratch has its own folder, and messages look lines up."""
    for code, (name, _) in zip(codes, sources, strict=True):
        if code is not None:
            _imp._fix_co_filename(code, name)  # type: ignore[attr-defined]  # what the import system does with cached code
    return codes


def _code(source: str | bytes, filename: str) -> types.CodeType | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are given when the unit is run, if at all
            return compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def load(loaded: Loaded, units: list[Unit]) -> None:
    """Run the submission's top level, once."""
    sys.modules[loaded.module.__name__] = loaded.module
    for unit in units:
        if isinstance(unit.source, str):
            remember(unit.filename, unit.source)
        _run(loaded, unit)


def cell_name(cell: Cell) -> str:
    """The file name under which a cell is compiled, and which messages show."""
    return f"cell {cell.number}"


def remember(filename: str, text: str) -> None:
    """Let tracebacks show lines of a text that is no file."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)


def _run(loaded: Loaded, unit: Unit) -> None:
    try:
        code = unit.code or compile(unit.source, unit.filename, "exec", dont_inherit=True)
        exec(code, loaded.module.__dict__)
    except BaseException as error:  # SystemExit too: what was defined before counts
        if len(loaded.problems) < MOST_PROBLEMS:
            loaded.problems.append(explain(error, loaded.origin))
