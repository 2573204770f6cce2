"""Notebooks of nbgrader: each cell's metadata says what it is.

Source: nbgrader's documentation, "Creating and grading assignments" and "The nbgrader metadata schema" (version 3).
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import replace

from autograder.release.conversion.functions import binds
from autograder.release.conversion.marks import SCOPES, cut, for_reference, with_regions
from autograder.release.conversion.parts import Cell, Notebook, Question, Test, points_of, title_of
from autograder.release.conversion.probes import asserts

_SECRET = ("SOLUTION", "MARK SCHEME", "HIDDEN TESTS")
_DELIMITER = re.compile(rf"\b(BEGIN|END) ?({'|'.join(_SECRET)})\b")
_TITLE = re.compile(r"\s*# ")
_WORD = re.compile(r"[^\W\d]\w*")


def read_nbgrader(cells: list[Cell], where: str = "") -> Notebook:
    """The parts of a notebook of nbgrader; `where` is its file, for messages.

    A cell of tests ends a question: answers above it are its solution, whatever stands between.

    Raises:
        UsageError: points that are none.
    """
    reader = _Reader(where)
    for number, cell in enumerate(cells, 1):
        reader.take(cell, f"{where}, cell {number}".lstrip(", "))
    reader.end()
    return reader.book


class _Reader:
    """Goes through the cells.

    Attributes:
        open: texts and answers that no question has yet, in order.
        after: given code that needs what the open answers define.
    """

    def __init__(self, where: str) -> None:
        self.book, self.at = Notebook("nbgrader"), where
        self.open: list[Cell] = []
        self.after: list[Cell] = []

    def take(self, cell: Cell, at: str) -> None:
        """One cell more, with its place."""
        self.at = at
        grade, solution, task = (bool(cell.nbgrader.get(key)) for key in ("grade", "solution", "task"))
        if cell.kind == "raw":
            return
        if task or (grade and solution):
            self._written(cell, task)
        elif grade:
            self._tested(replace(cell, source=self._without(cell.source, "SOLUTION", "MARK SCHEME")))
        elif solution and cell.kind == "code":
            source = self._without(cell.source, "HIDDEN TESTS", "MARK SCHEME")
            self.open.append(replace(cell, source=for_reference(source)))
        elif cell.kind == "code":
            self._given(replace(cell, source=self._without(cell.source, "HIDDEN TESTS", "MARK SCHEME")))
        else:
            self._text(cell, solution)

    def _without(self, source: str, *words: str) -> str:
        """A cell's text without regions that a student does not get; they are told."""
        outside, regions = cut(source, *words)
        self._note("such a cell has no region like this", regions)
        return outside

    def _note(self, what: str, regions: list[str]) -> None:
        self.book.notes += [f"{self.at}: {what}, it was left out: {r.strip()[:60]!r}" for r in regions]

    def _text(self, cell: Cell, solution: bool) -> None:
        """Markdown that is no question: a student's own answer in it earns nothing, and nobody gets the solution."""
        outside, regions = cut(cell.source, *_SECRET)
        if solution and not regions:
            outside, regions = "", [cell.source]
        self._note("a solution in a text without points", regions)
        if outside.strip():
            self.open.append(Cell("markdown", outside))

    def _given(self, cell: Cell) -> None:
        """Code that students get: before the open answers' question, or after it where it needs them."""
        answers = [c for c in self.open if c.kind == "code"]
        if set(_WORD.findall(cell.source)) & {name for c in (*answers, *self.after) for name in _names(c.source)}:
            self.after.append(cell)
            return
        if not answers and not any(isinstance(p, Question) or _TITLE.match(p.source) for p in self.book.pieces):
            title = next((n for n, c in enumerate(self.open) if _TITLE.match(c.source)), -1)  # no question's text
            self.book.pieces += self.open[: title + 1]
            del self.open[: title + 1]
        self.book.pieces.append(cell)

    def _question(self, name: str, text: list[str], points: object) -> Question:
        before = _heads(text)
        self.book.pieces += [Cell("markdown", one) for one in text[:before]]
        own = text[before:]
        return Question(self.book.take_id(name), title_of(own, name), points_of(points, self.at), text=own)

    def _written(self, cell: Cell, task: bool) -> None:
        """A question for a person; answers above it stay open, for tests may follow."""
        place = 1 + max((n for n, c in enumerate(self.open) if c.kind == "code"), default=-1)
        outside, regions = cut(cell.source, *_SECRET)
        texts = [c.source for c in self.open[place:]]
        shown = task or (bool(regions) and cell.kind == "markdown")
        if shown and outside.strip():
            texts.append(outside)
        del self.open[place:]
        name = str(cell.nbgrader.get("grade_id", "written"))
        question = self._question(name, texts, cell.nbgrader.get("points"))
        question.written = True
        plain = (line for line in cell.source.split("\n") if not _DELIMITER.search(line))
        question.answer += regions if shown else ["\n".join(plain)]
        if cell.kind == "code":
            question.notes.append("code that a person grades: it is a written question now; a case may grade it")
        self.book.pieces.append(question)

    def _tested(self, cell: Cell) -> None:
        """A question of a cell of tests and the answers above it; or more tests of the question above."""
        taken = self._asked(set(_WORD.findall(cell.source)))
        if not taken and self._tests_more(cell):
            return
        place = max(taken, default=len(self.open))
        texts = [c.source for c in self.open[:place] if c.kind == "markdown"]
        below = [c.source for c in self.open[place:] if c.kind == "markdown"]
        for number, one in enumerate(self.open):
            if one.kind == "code" and number not in taken:
                self._left(one)
        answers = [self.open[n] for n in taken]
        name = str((answers[-1].nbgrader if answers else cell.nbgrader).get("grade_id", "question"))
        question = self._question(name, texts, cell.nbgrader.get("points"))
        question.text += below
        question.code = [answer.source for answer in answers]
        question.tests = _tests(cell.source)
        if not answers:
            question.notes.append("its tests follow no answer: they test what an earlier question asked for")
        self.book.pieces += [question, *self.after]
        self.open, self.after = [], []

    def _asked(self, words: set[str]) -> list[int]:
        """Where the answers of a cell of tests stand in `open`.

        They are the last one, those below its heading, and further ones whose names the tests use.
        """
        taken: list[int] = []
        apart = False
        for number in range(len(self.open) - 1, -1, -1):
            one = self.open[number]
            if one.kind == "markdown":
                apart = apart or (bool(taken) and _headed(one.source))
            elif not apart or words & set(_names(one.source)):
                taken.insert(0, number)
        return taken

    def _tests_more(self, cell: Cell) -> bool:
        """Whether a cell of tests is a further one of the question above it, which then has its points too."""
        last = next((p for p in reversed(self.book.pieces) if isinstance(p, Question)), None)
        if last is None or last.written or any(_headed(c.source) for c in self.open):
            return False
        last.text += [c.source for c in self.open]
        last.tests += _tests(cell.source)
        last.points += points_of(cell.nbgrader.get("points"), self.at)
        self.open = []
        return True

    def _left(self, answer: Cell) -> None:
        """An answer that no tests ask for: students write it all the same, so it is marked as a solution is."""
        name = answer.nbgrader.get("grade_id", "a cell")
        try:
            self.book.pieces.append(Cell("code", with_regions(answer.source)))
        except SyntaxError as error:
            why = f"no cell of tests asks for it, and it is no Python (line {error.lineno}: {error.msg})"
            self.book.notes.append(f"`{name}` was left out: {why}")
            return
        self.book.notes.append(
            f"`{name}` is an answer that no cell of tests asks for: students write it and it earns nothing; "
            "make it a question?"
        )

    def end(self) -> None:
        """What belongs to no tests: text stays text."""
        for one in self.open:
            if one.kind == "code":
                self._left(one)
            else:
                self.book.pieces.append(one)
        self.book.pieces += self.after


def _headed(text: str) -> bool:
    return text.lstrip().startswith("#")


def _heads(text: list[str]) -> int:
    """How many of some Markdown cells stand before a question's own: all above the last one with a heading."""
    return next((n for n in range(len(text) - 1, 0, -1) if _headed(text[n])), 0)


def _names(code: str) -> list[str]:
    """What code defines at its top, as far as it is Python."""
    try:
        body = ast.parse(for_reference(code)).body
    except SyntaxError:
        return []
    return [n for s in body for n in ([s.name] if isinstance(s, SCOPES) else binds(s))]


def _tests(source: str) -> list[Test]:
    """The visible part of a cell of tests, and its hidden ones with what they build on."""
    seen, regions = cut(source, "HIDDEN TESTS")
    hidden = [Test(f"{_setup(seen)}\n{textwrap.dedent(part)}", hidden=True) for part in regions]
    return [*([Test(seen)] if seen.strip() else []), *hidden]


def _setup(code: str) -> str:
    """What hidden tests may build on: the statements of the visible ones that assert nothing."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(s) for s in body if not asserts(s))
