"""Notebooks for `otter assign` (version 1 and later): raw cells mark questions, solutions and tests.

Source: Otter-Grader's documentation, "Otter Assign / Python notebook format".
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

import yaml

from autograder.errors import UsageError
from autograder.release.conversion.marks import for_reference
from autograder.release.conversion.parts import Cell, Notebook, Question, Test, points_of, title_of

_CONFIG = re.compile(
    r"\A\s*(?:\w+\s*=\s*)?\"\"\"\s*#\s*BEGIN TEST CONFIG\s*\n(.*?)\"\"\"\s*#\s*END TEST CONFIG\s*\n?",
    re.DOTALL | re.IGNORECASE,
)
_UNTOLD = {"files", "autograder_files", "plugins", "seed", "environment", "requirements"}
_LOST = {
    "points": "give its case points by `case_points` in assignment.toml",
    "failure_message": "a misconception says such a thing, in its feedback",
    "success_message": "nothing came of it",
    "all_or_nothing": "nothing came of it",
}
_EXPORT = re.compile(r"\bexport|grader\.check_all|\bYou(?:'re| are) (?:all )?done\b", re.IGNORECASE)
_MARKS = re.compile(r"[ \t]*#\s*(?:(?:BEGIN|END) )?SOLUTION(?: NO PROMPT)?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_HIDDEN = re.compile(r"\A\s*#\s*HIDDEN\s*\n?", re.IGNORECASE)


def is_marker(cell: Cell, marker: str) -> bool:
    """Whether a raw cell begins with `# MARKER`."""
    first = cell.source.strip().split("\n")[0]
    return cell.kind == "raw" and re.fullmatch(rf"#\s*{marker}\s*", first, re.IGNORECASE) is not None


def read_otter(cells: list[Cell], where: str = "") -> Notebook:
    """The parts of a notebook for `otter assign`; `where` is its file, for messages.

    Raises:
        UsageError: a configuration that is no YAML, or points that are none.
    """
    book = Notebook("Otter assign")
    reader = _Reader(book)
    for number, cell in enumerate(cells, 1):
        reader.at = f"{where}, cell {number}".lstrip(", ")
        reader.take(cell)
    if reader.question is not None:
        book.notes.append(f"`{reader.question.id}` has no # END QUESTION: it was ended at the notebook's end")
        reader.end()
    return book


class _Reader:
    """Goes through the cells; `where` is the block that a cell is in."""

    def __init__(self, book: Notebook) -> None:
        self.book, self.where = book, ""
        self.at = self.begun = ""
        self.config: dict[str, Any] = {}
        self.question: Question | None = None

    def take(self, cell: Cell) -> None:
        """One cell more."""
        if is_marker(cell, "ASSIGNMENT CONFIG"):
            self._assignment(_config(cell.source, self.at))
        elif is_marker(cell, "BEGIN QUESTION"):
            self.config, self.begun = _config(cell.source, self.at), self.at
            name = str(self.config.get("name", "question"))
            self.question = Question(self.book.take_id(name), name, Fraction(1), bool(self.config.get("manual")))
        elif is_marker(cell, "END QUESTION"):
            self.end()
        elif is_marker(cell, "BEGIN (SOLUTION|TESTS|PROMPT)"):
            self.where = cell.source.strip().split("\n")[0].split()[-1].upper()
        elif is_marker(cell, "END (SOLUTION|TESTS|PROMPT)"):
            self.where = ""
        elif self.question is None and self.book.questions and _EXPORT.search(cell.source):
            self.book.notes.append(f"the notebook's words on exporting were left out: {cell.source.strip()[:60]!r}")
        elif self.question is None:
            self.book.pieces.append(cell)
        else:
            self._inside(cell, self.question)

    def _assignment(self, config: dict[str, Any]) -> None:
        self.book.title = str(config.get("assignment_name") or config.get("name") or "")
        for key in sorted(key for key in set(config) & _UNTOLD if config[key]):
            self.book.notes.append(f"# ASSIGNMENT CONFIG has `{key}`: {config[key]!r}; nothing came of it")

    def _inside(self, cell: Cell, question: Question) -> None:
        if self.where == "TESTS" and cell.kind == "code":
            test, lost = _test(cell.source, self.at)
            question.tests.append(test)
            question.notes += lost
        elif self.where == "PROMPT":
            question.notes.append(f"a prompt was left out: the stub says what is to be written: {cell.source[:60]!r}")
        elif cell.kind == "markdown":
            solution = self.where == "SOLUTION"
            (question.answer if solution else question.text).append(_plain(cell.source) if solution else cell.source)
        elif cell.kind == "code" and question.written:
            question.answer.append(f"```python\n{_MARKS.sub('', cell.source).strip()}\n```")
        elif cell.kind == "code":
            question.code.append(for_reference(cell.source))

    def end(self) -> None:
        """The question is whole."""
        question = self.question
        if question is None:
            return
        question.title = title_of(question.text, question.title)
        question.points = points_of(self.config.get("points"), self.begun, len(question.tests))
        if isinstance(own := self.config.get("points"), list):
            question.notes.append(f"its tests had points of their own, {own}: `case_points` in assignment.toml")
        if self.config.get("all_or_nothing"):
            question.notes.append("all_or_nothing: nothing came of it, each case counts by itself")
        if question.written and question.tests:
            question.notes.append("it is graded by hand and has tests: they were left out")
        self.book.pieces.append(question)
        self.question, self.where = None, ""


def _config(source: str, where: str) -> dict[str, Any]:
    """What a marker's cell says below its first line."""
    lines = source.strip().split("\n")
    return _yaml("\n".join(lines[1:]), f"{where} ({lines[0].lstrip('# ').strip()})")


def _yaml(text: str, where: str) -> dict[str, Any]:
    """A configuration; refused where it is none, for a name, points or `hidden` would be guessed."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError("its configuration is no YAML", where=where, found=_said(error),
                         fix="write KEY: VALUE, one a line, and close every bracket and quote") from None  # fmt: skip
    if found is not None and not isinstance(found, dict):
        raise UsageError("its configuration has no keys", where=where, found=repr(found)[:60],
                         fix="write KEY: VALUE, one a line")  # fmt: skip
    return found or {}


def _said(error: Exception) -> str:
    """What YAML says of it, with the line below the cell's first."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f"line {mark.line + 2} of the cell: " if mark else ""
    return f"{place}{problem or str(error) or 'too many brackets'}"[:160]


def _plain(source: str) -> str:
    """Markdown of a solution without its marker."""
    return re.sub(r"\s*(\*\*)?SOLUTION:?(\*\*)?:?\s*", "", source, count=1) if "SOLUTION" in source else source


def _test(source: str, where: str) -> tuple[Test, list[str]]:
    """A test cell: its configuration, or the old mark for hidden ones, and what is tested; and what is lost of it."""
    config = _CONFIG.match(source)
    hidden, lost = False, []
    if config:
        said = _yaml(config[1], f"{where} (BEGIN TEST CONFIG)")
        hidden = bool(said.get("hidden"))
        lost = [f"a test has `{key}`: {said[key]!r}; {way}" for key, way in _LOST.items() if said.get(key) is not None]
        source = source[config.end() :]
    if _HIDDEN.match(source):
        hidden, source = True, _HIDDEN.sub("", source)
    return Test(_asserted(source), hidden), lost


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
