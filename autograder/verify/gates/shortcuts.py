"""Shortcuts: what a question forbids stands in its text, and is found wherever a function asked for uses it."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from typing import Any

from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.worker.uses import Text, index_of, mentions_of
from autograder.spec.groups import PREFIX
from autograder.spec.models import Question
from autograder.verify.allowed import REPORTED
from autograder.verify.gate import Exam
from autograder.verify.report import Problem, Row, row
from autograder.verify.variants import stub_text, to_write

SHORTCUTS = "shortcuts"


def shortcuts_gate(exam: Exam) -> Row | None:
    """See the module."""
    source = exam.source
    questions = [q for q in source.spec.graded() if q.forbidden]
    if not questions:
        return None
    problems = [p for q in questions for p in (*_unsaid(source, q), *_unseen(source, q))]
    names = {name for q in questions for name in q.forbidden_names}
    figures = f"{len(names)} names forbidden in {len(questions)} questions"
    return row(SHORTCUTS, figures, problems, warn=SHORTCUTS in REPORTED)


def _unsaid(source: AssignmentSource, question: Question) -> Iterator[Problem]:
    """Texts of the question without the sentence that assignment.toml makes."""
    sentence = question.forbidden_text
    handout = source.public_folder / "handout.md"
    texts = {
        "handout.md": handout.read_text(encoding="utf-8") if handout.is_file() else "",
        source.spec.submission.file: re.sub(r"^# ?", "", stub_text(source), flags=re.MULTILINE),
    }
    for file, text in texts.items():
        if _plain(sentence) not in _plain(_section(text, question)):
            what = f"the section of `{question.id}` does not say what may not be used"
            yield Problem(file, what, f"write there: {sentence}")


def _section(text: str, question: Question) -> str:
    """From the question's heading to the next heading of its level."""
    headings = list(re.finditer(r"^(#{1,6})\s+(.*)$", text, re.MULTILINE))
    for number, heading in enumerate(headings):
        if f"`{question.id}`" in heading.group(2) or question.title.rstrip(".") in heading.group(2):
            level = len(heading.group(1))
            ends = (h.start() for h in headings[number + 1 :] if len(h.group(1)) <= level)
            return text[heading.start() : next(ends, len(text))]
    return ""


def _plain(text: str) -> str:
    """Words alone: line breaks and comment signs do not count."""
    return " ".join(re.sub(r"[\n#>]", " ", text).split()).rstrip(".")


def _unseen(source: AssignmentSource, question: Question) -> Iterator[Problem]:
    """Forbidden names that no library has, or that are not found where a function of the question uses them."""
    where = f"question `{question.id}`"
    for name in question.forbidden:
        if not name.startswith(PREFIX) and not _exists(name):
            what = f"forbids `{name}`, which `{name.partition('.')[0]}` does not have"
            yield Problem(where, what, "correct the name: library.module.function")
    roots = mentions_of(source.cases.probes([c.name for c in source.cases.of(question.id)]))
    called = sorted(set(to_write(source)[question.id]) & roots)
    for name in question.forbidden_names if called else ():
        text = f"import {name.partition('.')[0]}\ndef {called[0]}(*given):\n    return {name}(*given)\n"
        index = index_of([Text(source.spec.submission.file, text)])
        if not find_forbidden(index, roots, question.forbidden_names):
            yield Problem(where, f"`{name}` is not found where `{called[0]}` uses it", "name the function itself")


def _exists(name: str) -> bool:
    """Whether a library that is installed has it; of others nothing is known."""
    root, *parts = name.split(".")
    if importlib.util.find_spec(root) is None:
        return True
    thing: Any = importlib.import_module(root)
    for number, part in enumerate(parts, 2):
        if not hasattr(thing, part):
            try:
                importlib.import_module(".".join(name.split(".")[:number]))
            except ImportError:
                return False
        thing = getattr(thing, part)
    return True
