"""The submission loaded as a module: what it defines, and what went wrong on the way.

A piece that stops half way keeps what was defined before and loses only what cannot be had; a failing cell does not
stop the rest. Places and messages of failures are kept once, because a name that is missing later is explained by them.
"""

from __future__ import annotations

import _imp
import linecache
import marshal
import os
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.sandbox.worker.cells import Cell, code_cells, file_pieces
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.standins import stand_in
from autograder.sandbox.worker.toplevel import Unit, code_of, features_of, run_unit

MOST_PROBLEMS = 5
__all__ = ["Loaded", "Unit", "compiled", "load", "packed", "prepare", "remember", "texts_of"]


@dataclass
class Loaded:
    """A loaded submission. `problems` are one line each: what failed, then what was left out; `remarks` become such."""

    module: types.ModuleType
    origin: Origin
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def why_missing(self, name: str) -> str:
        """The sentence for a name that a case needs and the submission lacks."""
        text = f"your submission does not define `{name}`"
        if name in self.origin.missing:
            return f"{text}: {self.origin.missing[name]}"
        return text + ("; see what went wrong while it was loaded" if self.problems else "")


def prepare(scratch: str, main: str, module_name: str) -> tuple[Loaded, list[Cell]]:
    """An empty module with its place on the import path, and the pieces of its text; runs nothing of the student's.

    A .py that is Python as it stands has no pieces: it is run as the file that it is.
    """
    folder = os.path.normpath(os.path.join(scratch, os.path.dirname(main)))
    path = os.path.join(scratch, main)
    os.chdir(folder)
    sys.path[:] = [p for p in sys.path if p] + [folder]  # last, so that no file of a submission hides a library
    module = types.ModuleType(module_name)
    module.__file__ = path
    with open(path, "rb") as file:
        data = file.read()
    cells = code_cells(data) if main.endswith(".ipynb") else file_pieces(data)
    names = frozenset(cell_name(c) for c in cells if c.number)
    return Loaded(module, Origin(folder, names)), cells


def compiled(loaded: Loaded, cells: list[Cell], known: bytes = b"") -> list[Unit]:
    """The submission's top level as code; runs nothing of the student's.

    Args:
        known: what `packed` gave for the same submission in another worker.
    """
    path = str(loaded.module.__file__)
    sources: list[tuple[str, str | bytes]] = [
        (cell_name(cell) if cell.number else path, "\n" * cell.above + cell.text) for cell in cells
    ]
    if not cells and not path.endswith(".ipynb"):
        with open(path, "rb") as file:
            sources = [(path, file.read())]
    codes = _moved(marshal.loads(known), sources) if known else _codes(sources)
    return [Unit(name, source, code) for (name, source), code in zip(sources, codes, strict=True)]


def texts_of(loaded: Loaded, cells: list[Cell]) -> Iterator[tuple[str, str]]:
    """Label and text of all that the pieces run, and of the files that they write: what a scan must read.

    A .py without pieces is not among them; it is read as the file that it is.
    """
    main = os.path.basename(str(loaded.module.__file__))
    for cell in cells:
        yield cell_name(cell) if cell.number else main, "\n" * cell.above + cell.text
        yield from cell.writes


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


def _codes(sources: list[tuple[str, str | bytes]]) -> list[types.CodeType | None]:
    """The code of each, None where it is no Python: what the compiler says comes when it is run."""
    found: list[types.CodeType | None] = []
    features = 0
    for name, source in sources:
        try:
            found.append(code_of(source, name, features))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found.append(None)
        features |= features_of(found[-1])
    return found


def load(loaded: Loaded, units: list[Unit], cells: list[Cell] | None = None) -> None:
    """Run the submission's top level, once.

    Args:
        cells: its pieces, for what is to be said of those that were not run.
    """
    sys.modules[loaded.module.__name__] = loaded.module
    names_it = any(("IPython" if isinstance(u.source, str) else b"IPython") in u.source for u in units)  # type: ignore[operator]
    stand_in(loaded.module, loaded.origin.folder, ipython=names_it)
    for unit in units:
        if isinstance(unit.source, str) and unit.filename in loaded.origin.cells:
            remember(unit.filename, unit.source)
        problem = run_unit(unit, loaded.module.__dict__, loaded.origin)
        if problem and len(loaded.problems) < MOST_PROBLEMS:
            loaded.problems.append(problem)
    main = os.path.basename(str(loaded.module.__file__))
    remarks = [f"{cell_name(c) if c.number else f'a cell of {main}'} {c.remark}" for c in cells or () if c.remark]
    loaded.problems += [*remarks, *loaded.remarks][:MOST_PROBLEMS]


def cell_name(cell: Cell) -> str:
    """The file name under which a cell is compiled, and which messages show."""
    return f"cell {cell.number}"


def remember(filename: str, text: str) -> None:
    """Let tracebacks show lines of a text that is no file."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
