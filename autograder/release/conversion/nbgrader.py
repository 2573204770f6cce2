"""Notebooks of nbgrader: each cell's metadata says what it is.

Source: nbgrader's documentation, "Creating and grading assignments" and "The nbgrader metadata schema" (version 3).
"""

from __future__ import annotations

import ast
import re
import textwrap

from autograder.release.conversion.marks import for_reference
from autograder.release.conversion.parts import Cell, Notebook, Question, Test, points_of, title_of

_HIDDEN = re.compile(
    r"^[ \t]*#+ BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*#+ END HIDDEN TESTS[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_REGION = re.compile(r"#+\s*(?:BEGIN|END) (?:SOLUTION|MARK SCHEME)\s*\n?")


def read_nbgrader(cells: list[Cell]) -> Notebook:
    """The parts of a notebook of nbgrader. A cell of tests ends a question: the answers above it are its solution."""
    book = Notebook("nbgrader")
    text: list[str] = []
    answers: list[Cell] = []
    for cell in cells:
        note = cell.nbgrader
        grade, solution, task = (bool(note.get(key)) for key in ("grade", "solution", "task"))
        if task or (grade and solution):
            _flush(book, text, answers)
            book.pieces.append(_written(book, cell, text, task))
            text, answers = [], []
        elif grade and not (answers or text) and _tests_more(book, cell):
            continue
        elif grade:
            book.pieces.append(_tested(book, cell, text, answers))
            text, answers = [], []
        elif solution:
            answers.append(cell)
        elif cell.kind == "markdown" and not answers:
            text.append(cell.source)
        elif cell.kind != "raw":
            _flush(book, text, answers)
            text, answers = [], []
            book.pieces.append(cell)
    _flush(book, text, answers)
    return book


def _flush(book: Notebook, text: list[str], answers: list[Cell]) -> None:
    """What belongs to no tests: text stays text, and an answer stays code that is given, with a note."""
    book.pieces += [Cell("markdown", one) for one in text]
    for cell in answers:
        book.pieces.append(Cell("code", for_reference(cell.source)))
        name = cell.nbgrader.get("grade_id", "a cell")
        book.notes.append(
            f"`{name}` is an answer that no cell of tests follows: it is given code now; make it a question?"
        )
    text.clear()
    answers.clear()


def _heads(text: list[str]) -> int:
    """How many of some Markdown cells stand before a question's own: all above the last one with a heading."""
    return next((n for n in range(len(text) - 1, 0, -1) if text[n].lstrip().startswith("#")), 0)


def _question(book: Notebook, name: str, text: list[str], points: object) -> Question:
    before = _heads(text)
    book.pieces += [Cell("markdown", one) for one in text[:before]]
    own = text[before:]
    return Question(book.take_id(name), title_of(own, name), points_of(points), text=own)


def _written(book: Notebook, cell: Cell, text: list[str], task: bool) -> Question:
    question = _question(book, str(cell.nbgrader.get("grade_id", "written")), text, cell.nbgrader.get("points"))
    question.written = True
    (question.text if task else question.answer).append(_REGION.sub("", cell.source))
    if cell.kind == "code":
        question.notes.append("code that a person grades: it is a written question now; a case may grade it")
    return question


def _tested(book: Notebook, cell: Cell, text: list[str], answers: list[Cell]) -> Question:
    """A question of a cell of tests and the answers above it."""
    name = str((answers[-1].nbgrader if answers else cell.nbgrader).get("grade_id", "question"))
    question = _question(book, name, text, cell.nbgrader.get("points"))
    question.code = [for_reference(answer.source) for answer in answers]
    question.tests = _tests(cell.source)
    if not answers:
        question.notes.append("its tests follow no answer: they test what an earlier question asked for")
    return question


def _tests_more(book: Notebook, cell: Cell) -> bool:
    """Whether a cell of tests is a further one of the question above it, which then has its points too."""
    last = book.pieces[-1] if book.pieces else None
    if not isinstance(last, Question) or last.written:
        return False
    last.tests += _tests(cell.source)
    last.points += points_of(cell.nbgrader.get("points"))
    return True


def _tests(source: str) -> list[Test]:
    """The visible part of a cell of tests, and its hidden ones with what they build on."""
    seen = _HIDDEN.sub("", source)
    hidden = [Test(f"{_setup(seen)}\n{textwrap.dedent(part)}", hidden=True) for part in _HIDDEN.findall(source)]
    return [*([Test(seen)] if seen.strip() else []), *hidden]


def _setup(code: str) -> str:
    """What hidden tests may build on: the statements of the visible ones that assert nothing."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(s) for s in body if not any(isinstance(n, ast.Assert) for n in ast.walk(s)))
