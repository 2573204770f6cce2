"""What is read from a notebook: text and given code in order, and questions with their solutions and tests."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.errors import UsageError

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
_NUMBER = re.compile(r"^(?:(?:question|exercise|problem|part)\s+(?:\d[\d.]*\w?|[a-z])\b|\d[\d.]*)\s*[:.)–—-]?\s*", re.I)
_POINTS = re.compile(r"\s*[(\[]\s*\d+(?:\.\d+)?\s*(?:points?|pts?)\.?\s*[)\]]", re.I)
_POINTS_TEXT = re.compile(r"\d+(?:\.\d*)?|\.\d+|\d+/0*[1-9]\d*")
_MOST_POINTS = 10_000
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Cell:
    """A cell as it stands: `code`, `markdown` or `raw`; what nbgrader notes of it."""

    kind: str
    source: str
    nbgrader: dict[str, Any] = field(default_factory=dict)


@dataclass
class Test:
    """A cell of tests, or its hidden part."""

    code: str
    hidden: bool = False


@dataclass
class Question:
    """A question.

    Attributes:
        text: Markdown that a student reads.
        code: solution cells, with the markers of a reference.
        answer: Markdown of the solution of a written question.
        notes: what a person has to look at.
    """

    id: str
    title: str
    points: Fraction
    written: bool = False
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Notebook:
    """All of it; `pieces` are given cells and questions in order."""

    form: str
    title: str = ""
    pieces: list[Cell | Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        """The questions in order."""
        return [p for p in self.pieces if isinstance(p, Question)]

    def take_id(self, wanted: str) -> str:
        """A name that no question has: lower-case letters, digits and _."""
        plain = unicodedata.normalize("NFKD", wanted.lower()).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "question"
        name = name if name[0].isalpha() else f"q{name}"
        taken, number, found = {q.id for q in self.questions}, 2, name[:50]
        while found in taken:
            found, number = f"{name[:50]}_{number}", number + 1
        return found


def distinct_titles(questions: list[Question]) -> None:
    """Add the id to titles that stand in another question's heading: headings are told apart by them."""
    for one in questions:
        others = (f"{q.title} (`{q.id}`)".casefold() for q in questions if q is not one)
        if any(one.title.casefold() in heading for heading in others):
            one.title = f"{one.title} ({one.id})"


def title_of(texts: list[str], fallback: str) -> str:
    """The last heading or bold beginning of some Markdown, without its number; else a name, as words."""
    for text in reversed(texts):
        found = _HEADING.findall(text) or _BOLD.findall(text[:200])
        if found:
            plain = _POINTS.sub("", _NUMBER.sub("", re.sub(r"[`*]", "", found[-1]))).strip(" .:")
            return plain or fallback.replace("_", " ").capitalize()
    return fallback.replace("_", " ").capitalize()


def points_of(value: Any, where: str, tests: int = 1) -> Fraction:
    """Points as the two tools write them: a number, a list, `{"each": 2}`; 1 where there is none.

    Args:
        where: the question or cell, for messages.

    Raises:
        UsageError: something else, which must not become a guess.
    """
    if isinstance(value, dict):
        return points_of(value.get("each", 1), where) * max(tests, 1)
    if isinstance(value, list):
        return sum((points_of(one, where) for one in value), Fraction(0))
    if value is None:
        return Fraction(1)
    text = str(value)
    if len(text) > 20 or not _POINTS_TEXT.fullmatch(text.strip()) or (points := Fraction(text)) > _MOST_POINTS:
        raise UsageError("its points are none", where=where, found=text[:60], fix="write a number, as 2, 0.5 or 1/3",
                         expected=f"a number from 0 to {_MOST_POINTS}")  # fmt: skip
    return points
