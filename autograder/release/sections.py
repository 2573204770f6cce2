"""Sections: which functions and classes of a reference belong to which question, read off its headings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import jupytext

from autograder.release.teaching import named_by, names_question
from autograder.spec.models import Question

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
_PROMPT = re.compile(r"\byour answer\b", re.IGNORECASE)
_OPEN = re.compile(r'^\s*raise NotImplementedError\("write ([\w.]+)"\)', re.MULTILINE)


def names_by_question(text: str, questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """Question id → names that its section defines at the top level, in order.

    Args:
        text: a percent-format script; a section begins at a markdown heading that names its question.
        questions: the questions of the assignment; one without a heading has no names.
    """
    found: dict[str, list[str]] = {q.id: [] for q in questions}
    for question, kind, source in _cells(text, questions):
        if question and kind != "markdown":
            found[question] += _defined(source)
    return {question: tuple(names) for question, names in found.items()}


def open_by_question(stub: str, questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """Question id → the functions that its section of a stub leaves to be written, as `f` or `C.f`, in order."""
    found: dict[str, list[str]] = {q.id: [] for q in questions}
    for question, kind, source in _cells(stub, questions):
        if question and kind != "markdown":
            found[question] += _OPEN.findall(source)
    return {question: tuple(dict.fromkeys(names)) for question, names in found.items()}


def without_answer_cell(stub: str, questions: Sequence[Question]) -> tuple[str, ...]:
    """Ids of the questions that have a heading, and no cell or word below it on the answer."""
    texts: dict[str, list[str]] = {}
    for question, kind, source in _cells(stub, questions):
        if question and kind == "markdown":
            texts.setdefault(question, []).append(source)
    return tuple(q for q, cells in texts.items() if len(cells) < 2 and not _PROMPT.search(cells[0]))


def _cells(text: str, questions: Sequence[Question]) -> Iterator[tuple[str, str, str]]:
    """(id of the question whose section it is in, or ""; kind; source) of the cells of a percent-format script."""
    cells = jupytext.reads(text, fmt="py:percent").cells
    every = [h for cell in cells if cell.cell_type == "markdown" for h in _HEADING.findall(cell.source)]
    named = iter(named_by(every, questions))
    current = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            for _ in _HEADING.findall(cell.source):
                question = next(named)
                current = question.id if question is not None else current
        yield current, cell.cell_type, cell.source


def section_of(stub: str, question: Question) -> list[str]:
    """Lines of the markdown cells of a question's section."""
    lines: list[str] = []
    inside = False
    for cell in jupytext.reads(stub, fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            headings = _HEADING.findall(cell.source)
            inside = any(names_question(h, question) for h in headings) if headings else inside
            lines += cell.source.split("\n") if inside else []
    return lines


def _defined(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a cell with notebook magic defines nothing that a case asks for
        return []
    return [s.name for s in body if isinstance(s, (ast.FunctionDef, ast.ClassDef))]
