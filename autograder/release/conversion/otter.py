"""Notebooks for `otter assign` (version 1 and later): raw cells mark questions, solutions and tests.

Source: Otter-Grader's documentation, "Otter Assign / Python notebook format".
"""

from __future__ import annotations

import ast
import re
from typing import Any

import yaml

from autograder.release.conversion.marks import for_reference
from autograder.release.conversion.parts import Cell, Notebook, Question, Test, points_of, title_of

_CONFIG = re.compile(
    r"\A\s*(?:\w+\s*=\s*)?\"\"\"\s*#\s*BEGIN TEST CONFIG\s*\n(.*?)\"\"\"\s*#\s*END TEST CONFIG\s*\n?",
    re.DOTALL | re.IGNORECASE,
)
_UNTOLD = {"files", "autograder_files", "plugins", "seed", "environment", "requirements"}
_HIDDEN = re.compile(r"\A\s*#\s*HIDDEN\s*\n?", re.IGNORECASE)


def is_marker(cell: Cell, marker: str) -> bool:
    """Whether a raw cell begins with `# MARKER`."""
    first = cell.source.strip().split("\n")[0]
    return cell.kind == "raw" and re.fullmatch(rf"#\s*{marker}\s*", first, re.IGNORECASE) is not None


def read_otter(cells: list[Cell]) -> Notebook:
    """The parts of a notebook for `otter assign`."""
    book = Notebook("Otter assign")
    reader = _Reader(book)
    for cell in cells:
        reader.take(cell)
    if reader.question is not None:
        book.notes.append(f"`{reader.question.id}` has no # END QUESTION: it was ended at the notebook's end")
        reader.end()
    return book


class _Reader:
    """Goes through the cells; `where` is the block that a cell is in."""

    def __init__(self, book: Notebook) -> None:
        self.book, self.where = book, ""
        self.config: dict[str, Any] = {}
        self.question: Question | None = None

    def take(self, cell: Cell) -> None:
        """One cell more."""
        if is_marker(cell, "ASSIGNMENT CONFIG"):
            self._assignment(_yaml(cell.source))
        elif is_marker(cell, "BEGIN QUESTION"):
            self.config = _yaml(cell.source)
            name = str(self.config.get("name", "question"))
            self.question = Question(self.book.take_id(name), name, points_of(None), bool(self.config.get("manual")))
        elif is_marker(cell, "END QUESTION"):
            self.end()
        elif is_marker(cell, "BEGIN (SOLUTION|TESTS|PROMPT)"):
            self.where = cell.source.split()[2].upper()
        elif is_marker(cell, "END (SOLUTION|TESTS|PROMPT)"):
            self.where = ""
        elif self.question is None:
            self.book.pieces.append(cell)
        else:
            self._inside(cell, self.question)

    def _assignment(self, config: dict[str, Any]) -> None:
        self.book.title = str(config.get("assignment_name") or config.get("name") or "")
        for key in sorted(set(config) & _UNTOLD):
            self.book.notes.append(f"# ASSIGNMENT CONFIG has `{key}`: {config[key]!r}; nothing came of it")

    def _inside(self, cell: Cell, question: Question) -> None:
        if self.where == "TESTS" and cell.kind == "code":
            question.tests.append(_test(cell.source))
        elif self.where == "PROMPT":
            question.notes.append(f"a prompt was left out: the stub says what is to be written: {cell.source[:60]!r}")
        elif cell.kind == "markdown":
            (question.answer if self.where == "SOLUTION" else question.text).append(_plain(cell.source))
        elif cell.kind == "code":
            question.code.append(for_reference(cell.source))

    def end(self) -> None:
        """The question is whole."""
        question = self.question
        if question is None:
            return
        question.title = title_of(question.text, question.title)
        question.points = points_of(self.config.get("points"), len(question.tests))
        if question.written and question.tests:
            question.notes.append("it is graded by hand and has tests: they were left out")
        self.book.pieces.append(question)
        self.question, self.where = None, ""


def _yaml(source: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load("\n".join(source.strip().split("\n")[1:]))
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _plain(source: str) -> str:
    """Markdown of a solution without its marker."""
    return re.sub(r"\s*(\*\*)?SOLUTION:?(\*\*)?:?\s*", "", source, count=1) if "SOLUTION" in source else source


def _test(source: str) -> Test:
    """A test cell: its configuration, or the old mark for hidden ones, and what is tested."""
    config = _CONFIG.match(source)
    hidden = False
    if config:
        table = yaml.safe_load(config[1]) or {}
        hidden = bool(table.get("hidden")) if isinstance(table, dict) else False
        source = source[config.end() :]
    if _HIDDEN.match(source):
        hidden, source = True, _HIDDEN.sub("", source)
    return Test(_asserted(source), hidden)


def _asserted(source: str) -> str:
    """The statements of a test: of `def test_x(env)`, its body; of cells with outputs, their last value asserted."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source
    functions = [s for s in body if isinstance(s, ast.FunctionDef)]
    if len(functions) == 1 and any(isinstance(n, ast.Assert) for n in ast.walk(functions[0])):
        others = [s for s in body if s is not functions[0] and not _calls(s, functions[0].name)]
        return "\n".join(ast.unparse(s) for s in [*others, *functions[0].body])
    asserted = any(isinstance(n, ast.Assert) for s in body for n in ast.walk(s))
    if body and isinstance(body[-1], ast.Expr) and not asserted:
        return "\n".join(f"assert {ast.unparse(s)}" if isinstance(s, ast.Expr) else ast.unparse(s) for s in body)
    return source


def _calls(statement: ast.stmt, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(statement))
