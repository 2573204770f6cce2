"""The pieces that a submission's top level is run in: a notebook's code cells, or a .py, whole or cut at its magics."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.worker.magics import parses, plain_cell, plain_file

_MAY_HAVE_MAGICS = re.compile(rb"^[ \t]*[%!?]|=[ \t]*[!%]|\?[ \t]*\r?$|get_ipython\(|^>>> ", re.M)

IGNORED, DRAWING = "otter_ignore", "drawing"
"""Tags of a notebook's cells that are no work: calls of a grader, and pictures."""


@dataclass(frozen=True)
class Cell:
    """A piece of the top level.

    Attributes:
        number: of a notebook's cell, counted from 1 over cells of all kinds; 0 in a .py.
        text: as Python.
        above: lines that stand above it in its file.
        remark: what is to be said about it, or "".
        writes: files that it writes when it runs: name and text.
    """

    number: int
    text: str
    above: int = 0
    remark: str = ""
    writes: tuple[tuple[str, str], ...] = ()


def code_cells(data: bytes) -> list[Cell]:
    """Code cells of a notebook's bytes, in order; those that are tagged as no work are left out."""
    notebook = json.loads(data.decode("utf-8-sig"))
    cells: list[Cell] = []
    for number, cell in enumerate(notebook["cells"], 1):
        if cell.get("cell_type") == "code" and not _ignored(cell):
            source = cell.get("source", "")
            plain = plain_cell(source if isinstance(source, str) else "".join(source))
            cells.append(Cell(number, plain.text, 0, plain.remark, plain.writes))
    return cells


def _ignored(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and (IGNORED in tags or DRAWING in tags)


def file_pieces(data: bytes) -> list[Cell]:
    """The pieces of a .py that has magics in it; none where it is Python as it stands, and is run as it is."""
    if not _MAY_HAVE_MAGICS.search(data):
        return []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    text = text.replace("\r\n", "\n")
    if "get_ipython" not in text and parses(text):
        return []
    pieces = [Cell(0, p.text, above, p.remark, p.writes) for above, p in plain_file(text)]
    return [] if [p.text for p in pieces] == [text] else pieces
