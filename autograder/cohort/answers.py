"""Answers to written questions, taken out of what was handed in: the Markdown that a student wrote below a heading.

Nothing of a submission runs. What the handout says below the same heading is left out, cell by cell.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

import jupytext
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.release.page import mathml
from autograder.release.teaching import named_by
from autograder.report.text import harmless
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import Question

_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)", re.MULTILINE)
_PROMPT = re.compile(r"^\W*(your answer|answer|write your answer here)\W*$", re.IGNORECASE)
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup",
    "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "mstyle",
    "mpadded", "mphantom", "menclose", "mfenced",
})  # fmt: skip
_ATTRIBUTES = frozenset({"display", "displaystyle", "scriptlevel", "stretchy", "fence", "form", "mathvariant", "accent",
                         "columnalign", "linethickness", "movablelimits", "largeop", "separator"})  # fmt: skip
LAID_OUT, SHOWN, MOST_TABLE = 12_000, 40_000, 20_000
NONE = "<p><em>no answer</em></p>"
Cells = Sequence[tuple[str, str]]
"""Type and text of every cell."""


def answers_in(submission: Submission, stub: str, questions: Sequence[Question]) -> dict[str, str]:
    """Question -> the student's Markdown, "" where there is none.

    Args:
        stub: the handout's script, whose own text is left out.
    """
    given = {text.strip() for _, text in _script(stub)}
    found: dict[str, list[str]] = {q.id: [] for q in questions if q.kind == "written"}
    for question, text in _by_question(_cells(submission), questions):
        if question in found and text.strip() and text.strip() not in given:
            own = _without_prompt(text, given)
            found[question] += [own] if own else []
    return {question: "\n\n".join(texts) for question, texts in found.items()}


def _cells(submission: Submission) -> Cells:
    text = dict(submission.files)[submission.main].decode("utf-8", "replace")
    if PurePosixPath(submission.main).suffix == ".ipynb":
        return [(str(c["cell_type"]), "".join(c["source"])) for c in json.loads(text)["cells"]]
    return _script(text)


def _script(text: str) -> Cells:
    try:
        return [(cell.cell_type, cell.source) for cell in jupytext.reads(text, fmt="py:percent").cells]
    except Exception:  # whatever a student's file is: it has no cells then
        return []


def _by_question(cells: Cells, questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """Every cell of text with the question whose section it is in."""
    current = ""
    every = [_bare(heading) for kind, text in cells if kind == "markdown" for heading in _HEADING.findall(text)]
    named = iter(named_by(every, questions))
    for kind, text in cells:
        if kind == "markdown":
            for _ in _HEADING.findall(text):
                question = next(named)
                current = question.id if question is not None else current
            yield current, text
        elif kind == "code" and all(line.lstrip().startswith("#") for line in text.split("\n") if line.strip()):
            # an answer in comments
            yield current, re.sub(r"^# ?", "", text, flags=re.MULTILINE)


def _bare(heading: str) -> str:
    return heading.rstrip().rstrip("#").rstrip()


def _without_prompt(text: str, given: set[str]) -> str:
    """The text without what the handout put into the same cell: a heading with its question, "Your answer:"."""
    for part in sorted(given, key=len, reverse=True):
        if part and text.strip().startswith(part):
            text = text.strip()[len(part) :]
            break
    lines = text.strip().split("\n")
    while lines and (not lines[0].strip() or _PROMPT.match(lines[0])):
        lines.pop(0)
    return "\n".join(lines).strip()


def rendered(text: str) -> str:
    """An answer's Markdown as HTML: nothing in it runs, and nothing is fetched. Formulas are MathML.

    One that is longer than LAID_OUT is shown as it was written, up to SHOWN characters: brackets and rows of tables
    take the time of a reader's machine by their number (45 µs for each "[").
    """
    if not text:
        return NONE
    if len(text) > LAID_OUT:
        return f"<p><em>longer than {LAID_OUT:,} characters: as it was written</em></p>\n{_as_written(text)}"
    made = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
    if _cells_at_most(text) > MOST_TABLE:
        made.disable("table")
    made.use(dollarmath_plugin, renderer=_formula, allow_space=False, allow_digits=True, double_inline=True)
    return str(made.render(harmless(text, LAID_OUT)))


def _as_written(text: str) -> str:
    return f"<pre>{html.escape(harmless(text, SHOWN))}</pre>"


def _cells_at_most(text: str) -> int:
    """Cells that a table in the text can come to: rows that are too short are filled up."""
    lines = text.split("\n")
    return len(lines) * max(line.count("|") for line in lines)


def _formula(latex: str, options: dict[str, Any]) -> str:
    """MathML of a student's LaTeX, of whose elements and attributes only harmless ones are let through."""
    try:
        tree = ElementTree.fromstring(mathml(latex, options))
        for element in tree.iter():
            element.tag = element.tag.removeprefix(_MATHML)
            if element.tag not in _ELEMENTS:
                raise ValueError(element.tag)
            for name in set(element.attrib) - _ATTRIBUTES:
                del element.attrib[name]
    except (ElementTree.ParseError, ValueError, RecursionError):
        return f"<code>{html.escape(latex)}</code>"
    return ElementTree.tostring(tree, encoding="unicode")
