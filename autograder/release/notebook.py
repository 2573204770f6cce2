"""The notebook of a handout, made from the stub by jupytext, with a grader cell and a check cell per question.

A question begins at a markdown heading that names it: by its id in backquotes, in parentheses or before a colon
(`## Question 1: A single neuron (`perceptron`)`, `## perceptron: A single neuron`), or else by its title. It ends where
the next question begins, or at a heading of its own level or above. Its check cell stands after its last cell that is
not empty.

Cell ids count from one and nothing else varies, so the same stub gives the same notebook, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import jupytext
import nbformat

from autograder.errors import AuthorError
from autograder.spec.models import Question

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$", re.MULTILINE)
GRADER_CELL = """\
# Run this cell first. It needs the files of the handout beside this notebook.
import otter

grader = otter.Notebook()"""
EXPORT_HEADING = """\
## Hand in

Restart the kernel, run all cells, save, then run the next cell (or submit this notebook as it is)."""
EXPORT_CELL = "grader.export(pdf=False, force_save=True)"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make_notebook(stub: str, questions: Sequence[Question], where: str) -> str:
    """The .ipynb text of a stub; `where` is its file name, for messages.

    Raises:
        AuthorError: a question of kind code or theory that no heading names.
    """
    cells = list(jupytext.reads(stub, fmt="py:percent").cells)
    after = _check_positions(cells, questions, where)
    out: list[Any] = []
    for index, cell in enumerate(cells):
        if cell.cell_type == "code" and not any(_ours(c) for c in out):
            out.append(_our_cell(GRADER_CELL))
        out.append(_clean(cell))
        out.extend(_our_cell(f'grader.check("{question}")') for question in after.get(index, ()))
    out.append(nbformat.v4.new_markdown_cell(EXPORT_HEADING))
    out.append(_our_cell(EXPORT_CELL))
    for number, cell in enumerate(out, 1):
        cell["id"] = f"cell-{number:03d}"
    notebook = nbformat.v4.new_notebook(cells=out, metadata=_METADATA)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def names_question(heading: str, question: Question) -> bool:
    """Whether a heading's text names the question (by id as above, or by its title)."""
    name = re.escape(question.id)
    by_id = re.search(rf"`{name}`|\((?:question:\s*)?{name}\)|^(?:question\s+)?{name}\s*(?::|—|–|$)", heading)
    return bool(by_id) or question.title.casefold() in heading.casefold()


def _check_positions(cells: Sequence[Any], questions: Sequence[Question], where: str) -> dict[int, list[str]]:
    """index of a cell -> questions whose check follows it."""
    starts = [(_heading_of(cells, question, where), question) for question in questions if question.kind != "written"]
    every = {start[0] for start, _ in starts}
    after: dict[int, list[str]] = {}
    for (start, level), question in sorted(starts, key=lambda pair: pair[0]):
        end = start + 1
        while end < len(cells) and end not in every and not _leaves_section(cells[end], level):
            end += 1
        while end > start + 1 and not cells[end - 1].source.strip():
            end -= 1
        after.setdefault(end - 1, []).append(question.id)
    return after


def _heading_of(cells: Sequence[Any], question: Question, where: str) -> tuple[int, int]:
    """(index of the cell, level) of the heading that names the question; an id counts before a title."""
    found: list[tuple[bool, int, int]] = []
    for index, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        for hashes, heading in _HEADING.findall(cell.source):
            if names_question(heading, question):
                by_title = not names_question(heading, question.model_copy(update={"title": "\0"}))
                found.append((by_title, index, len(hashes)))
    if not found:
        raise AuthorError(
            f"no heading names the question {question.id!r}",
            where=where,
            expected=f"a markdown cell with a heading such as `## {question.title} (`{question.id}`)`",
        )
    _, index, level = min(found)
    return index, level


def _leaves_section(cell: Any, level: int) -> bool:
    """Whether a cell starts a section at the level of the question's heading, or above."""
    if cell.cell_type != "markdown":
        return False
    first = _HEADING.match(cell.source.lstrip())
    return first is not None and len(first.group(1)) <= level


def _our_cell(source: str) -> Any:
    """A code cell for the student's machine only: Otter and our grader leave it out."""
    return nbformat.v4.new_code_cell(source, metadata={"deletable": False, "tags": ["otter_ignore"]})


def _ours(cell: Any) -> bool:
    return "otter_ignore" in cell.metadata.get("tags", [])


def _clean(cell: Any) -> Any:
    """The cell with nothing but its kind, its text and its tags."""
    tags = cell.metadata.get("tags")
    metadata = {"tags": tags} if tags else {}
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell(cell.source, metadata=metadata)
    return nbformat.v4.new_markdown_cell(cell.source, metadata=metadata)
