"""Code cells of a notebook as plain Python: magics and shell lines are blanked, so that line numbers stay."""

from __future__ import annotations

import ast
import json
import re
import warnings
from dataclasses import dataclass

_MAGIC = re.compile(r"^(\s*)(?:[%!]|\?|[\w.]+\s*\?{1,2}\s*$|[\w.,\s]+=\s*[!%])")
_RUN_THE_BODY = {"time", "timeit", "capture", "prun"}


@dataclass(frozen=True)
class Cell:
    """A code cell: its number in the notebook, counted from 1 over cells of all kinds, and its text."""

    number: int
    text: str


def code_cells(data: bytes) -> list[Cell]:
    """Code cells of a notebook's bytes, in order, as Python text."""
    notebook = json.loads(data.decode("utf-8-sig"))
    cells: list[Cell] = []
    for number, cell in enumerate(notebook["cells"], 1):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = source if isinstance(source, str) else "".join(source)
            cells.append(Cell(number, plain_python(text)))
    return cells


def plain_python(text: str) -> str:
    """The cell without what only IPython understands; a cell in another language becomes empty."""
    first = text.lstrip().split("\n", 1)[0]
    if first.startswith("%%"):
        name = first[2:].split(" ", 1)[0].strip()
        if name not in _RUN_THE_BODY:
            return ""
        text = text.replace(first, "", 1)
    if parses(text):
        return text  # a `%` at the start of a line may also be arithmetic or text
    return "\n".join(_MAGIC.sub(r"\1pass  # ", line) if _MAGIC.match(line) else line for line in text.split("\n"))


def parses(text: str) -> bool:
    """Whether this is Python as it stands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
