"""The cells of a notebook file, and which of the two formats it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat

from autograder.errors import UsageError
from autograder.release.conversion.nbgrader import read_nbgrader
from autograder.release.conversion.otter import is_marker, read_otter
from autograder.release.conversion.parts import Cell, Notebook

_NEEDED = "a notebook for `otter assign` (raw cells # BEGIN QUESTION) or of nbgrader (cells with a grade_id)"


def read_notebook(path: Path) -> Notebook:
    """A notebook of Otter assign or nbgrader; `.ipynb`, or a text that jupytext knows.

    Raises:
        UsageError: no such file, no notebook, one of neither format, or what stands of a question cannot be read.
    """
    cells = _cells(path)
    if any(cell.nbgrader for cell in cells):
        return read_nbgrader(cells, str(path))
    if any(is_marker(cell, "BEGIN QUESTION") for cell in cells):
        return read_otter(cells, str(path))
    old = any("BEGIN QUESTION" in cell.source for cell in cells)
    fix = "convert it first: otter.assign.v0 notebooks mark questions with Markdown cells" if old else ""
    raise UsageError("has no questions that can be told", where=str(path), expected=_NEEDED, fix=fix)


def _cells(path: Path) -> list[Cell]:
    if not path.is_file():
        raise UsageError("there is no such file", where=str(path), fix="look for a typing error in the path")
    try:
        book = nbformat.read(path, as_version=4) if path.suffix == ".ipynb" else jupytext.read(path)
    except Exception as error:  # nbformat and jupytext raise what they like on damaged files
        raise UsageError(
            "is no notebook that can be read", where=str(path), found=f"{type(error).__name__}: {error}"[:200],
            expected=_NEEDED,
        ) from None  # fmt: skip
    return [Cell(c.cell_type, _text(c.source), _noted(c.metadata)) for c in book.cells]


def _text(source: str) -> str:
    """A cell's text with one kind of line end, and of characters that can be written."""
    return source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _noted(metadata: dict[str, Any]) -> dict[str, Any]:
    found = metadata.get("nbgrader")
    return dict(found) if isinstance(found, dict) else {}
