"""A notebook as it was saved to what counts of it: its cells' texts, as a notebook of format 4 without outputs.

Outputs, attachments, metadata and pictures inside Markdown are dropped before anything is measured: they are no work,
and 40 MB of them are common. Nothing of a notebook runs here.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.errors import SubmissionError
from autograder.sandbox.worker.cells import DRAWING, IGNORED

MOST_ITEMS = 6_000_000
"""Values in the JSON, at most; they are counted before one is built (an empty list takes 64 bytes for 3)."""
_PICTURE, _SHORT = "(data:", 500
_FIX = "open it in Jupyter, save it and submit it again"


def stripped(data: bytes, where: str) -> tuple[bytes, tuple[str, ...]]:
    """The notebook's cells as the bytes of a notebook, and what is to be said about it.

    Raises:
        SubmissionError: it is damaged, or none.
    """
    table = _table(data, where)
    notes: tuple[str, ...] = ()
    if isinstance(table, dict) and "worksheets" in table:
        table, notes = _converted(table, where), ("the notebook has an old format and was converted",)
    cells = table.get("cells") if isinstance(table, dict) else None
    if not isinstance(cells, list) or not all(isinstance(c, dict) and "cell_type" in c for c in cells):
        raise SubmissionError("the notebook has no list of cells", where=where, expected="a Jupyter notebook", fix=_FIX)
    kept = [{"cell_type": _type(cell), "source": _text(cell, n, where)} for n, cell in enumerate(cells, 1)]
    language = _language(table)
    if language not in ("", "python", "python3", "ipython"):
        notes += (f"the notebook says that its language is {language[:40]}; its cells were read as Python",)
    whole = {"cells": kept, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, separators=(",", ":")).encode(), notes


def looks_like_a_notebook(data: bytes) -> bool:
    """Whether the bytes begin as a notebook's JSON does, whatever their file is called."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and any(key in data for key in (b'"cells"', b'"worksheets"', b'"nbformat"'))


def _table(data: bytes, where: str) -> Any:
    if not data.strip():
        raise SubmissionError("the notebook is empty: the file has no content", where=where, fix=_FIX)
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_ITEMS:
        raise SubmissionError("the notebook has too many values in its outputs", where=where,
                              fix="clear its outputs and save it again")  # fmt: skip
    try:
        return json.loads(data.decode(_encoding(data)))
    except UnicodeDecodeError as error:
        raise SubmissionError("the notebook is not text in UTF-8", where=where, found=str(error)[:200],
                              fix=_FIX) from None  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise SubmissionError("the notebook is damaged", where=where, found=str(error)[:200],
                              expected="a Jupyter notebook (JSON)", fix=_FIX) from None  # fmt: skip


def _encoding(data: bytes) -> str:
    return "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _converted(table: dict[str, Any], where: str) -> Any:
    """Format 3 or older, by nbformat's own conversion; outputs are dropped first, for it looks at each."""
    import nbformat  # most hand-ins never need it

    try:
        whole: dict[str, Any] = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0} | table
        for sheet in whole["worksheets"]:
            sheet.setdefault("metadata", {})
            for cell in sheet["cells"]:
                cell.setdefault("metadata", {})
                if cell.get("cell_type") == "code":
                    cell |= {"outputs": [], "language": "python", "collapsed": False}
        return nbformat.convert(nbformat.from_dict(whole), 4)
    except Exception as error:  # whatever is wrong with it: nbformat raises KeyError, AttributeError and its own
        raise SubmissionError("the notebook has an old format, and it is damaged", where=where,
                              found=f"{type(error).__name__}: {error}"[:200], fix=_FIX) from None  # fmt: skip


def _type(cell: dict[str, Any]) -> str:
    """The cell's type; a cell that is tagged as no work is none that runs."""
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    tags, otter = metadata.get("tags"), metadata.get("otter")
    left_out = isinstance(tags, list) and (IGNORED in tags or DRAWING in tags)
    left_out = left_out or (isinstance(otter, dict) and otter.get("ignore") is True)
    return "raw" if left_out else str(cell["cell_type"])[:20]


def _text(cell: dict[str, Any], number: int, where: str) -> str:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionError(f"cell {number} of the notebook has no text", where=where, fix=_FIX)
    return source if cell["cell_type"] == "code" else _without_pictures(source)


def _without_pictures(text: str) -> str:
    """Markdown whose pictures `(data:…)` are `()`; in one go, however many of them begin and do not end."""
    parts, done, begin = list[str](), 0, text.find(_PICTURE)
    while begin >= 0 and (end := text.find(")", begin)) >= 0:
        short = end - begin - len(_PICTURE) < _SHORT
        if not short:
            parts += [text[done:begin], "("]
            done = end
        begin = text.find(_PICTURE, begin + 1 if short else end)
    return "".join([*parts, text[done:]])


def _language(table: dict[str, Any]) -> str:
    metadata = table.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower()
    return ""
