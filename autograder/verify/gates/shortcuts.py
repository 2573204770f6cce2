"""Shortcuts: what a question forbids stands in its text and is found where it is used; ways round earn little.

Every function of a question that forbids something is made to use it (spellings.py), and has to be found out.
solutions/<name>/shortcuts/*.py are functions that give right answers by a way that the question does not want: autograd
for a derivation, a library's alias, numbers written out. Each is appended to the reference. Central differences in the
place of gradients that are to be derived are made up (differences.py).
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from autograder.grading.source import AssignmentSource
from autograder.grading.terms import case_points
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.worker.uses import Text, index_of, mentions_of
from autograder.spec.groups import PREFIX
from autograder.spec.models import Question
from autograder.values.parsing import tree_of
from autograder.verify.allowed import Finding, found_row
from autograder.verify.differences import derives, differenced, partners
from autograder.verify.gate import Exam
from autograder.verify.judging import Verdicts
from autograder.verify.report import Problem, Row, row
from autograder.verify.spellings import can_be_made, uses_of, using
from autograder.verify.spread import spread
from autograder.verify.variants import Made, Variant, Workshop, stub_text, to_write

SHORTCUTS = "shortcuts"

HALF = Fraction(1, 2)
FOLDER = "shortcuts"


def written_shortcuts(shop: Workshop) -> Made:
    """The reference with each of the author's shortcuts on top."""
    for path in sorted((shop.source.private_folder / FOLDER).glob("*.py")):
        where = path.relative_to(shop.source.root).as_posix()
        text = path.read_text(encoding="utf-8")
        try:
            functions = {s.name for s in tree_of(text).body if isinstance(s, ast.FunctionDef)}
        except SyntaxError as error:
            yield Problem(f"{where}:{error.lineno or 0}", f"does not compile: {error.msg}", "mend the line")
            continue
        if functions & {n for names in shop.to_write.values() for n in names}:
            yield shop.changed("shortcut", path.stem, f"{shop.source.reference}\n\n# %%\n{text}")
        else:
            yield Problem(where, "defines no function that a student writes", "name it as the stub does")


def made_shortcuts(shop: Workshop) -> Made:
    """The reference with difference quotients in the place of gradients, one function at a time."""
    reference = shop.source.reference
    for question in shop.source.spec.graded():
        own = {c.name for c in shop.source.cases.of(question.id)} - shop.dear
        for name in shop.to_write[question.id] if derives(question) else ():
            cases = shop.one_world(own.intersection(shop.reach.cases({name})))
            if cases:
                text = differenced(reference, name, dict(partners(reference, name)))
                yield Variant("differences", name, text, cases)


def shortcuts_gate(exam: Exam) -> Row | None:
    """See the module."""
    source = exam.source
    questions = [q for q in source.spec.graded() if q.forbidden]
    tried, made_up = exam.verdicts("shortcut"), exam.verdicts("differences")
    if not questions and not (source.private_folder / FOLDER).is_dir():
        return None
    unwritten = [p for q in questions for p in (*_unsaid(source, q), *_unseen(source, q))]
    findings = [found for name, verdicts in tried.items() for found in _written(exam, name, verdicts)]
    for name, verdicts in made_up.items():
        findings += _paid(exam, [name], "with gradients by central differences", verdicts)
    uses, unfound = _unfound(exam)
    names = {name for q in questions for name in q.forbidden_names}
    figures = f"{len(names)} names forbidden in {len(questions)} questions, {uses} uses of them found, "
    figures += f"{len(tried)} shortcuts and {len(made_up)} functions by central differences earn little"
    made = found_row(
        source, SHORTCUTS, figures, [*findings, *unfound], [n for ns in exam.shop.to_write.values() for n in ns]
    )
    return row(SHORTCUTS, made.figures, [*unwritten, *made.problems])


def _written(exam: Exam, name: str, verdicts: Verdicts) -> Iterator[Finding]:
    """Questions of which an author's shortcut gets more than half."""
    text = (exam.source.private_folder / FOLDER / f"{name}.py").read_text(encoding="utf-8")
    defined = [s.name for s in tree_of(text).body if isinstance(s, ast.FunctionDef)]
    yield from _paid(exam, defined, f"by the shortcut `{name}`", verdicts)


def _paid(exam: Exam, defined: Sequence[str], how: str, verdicts: Verdicts) -> Iterator[Finding]:
    """Questions of which functions that were made in another way get more than half, in the cases that call them."""
    bundle = exam.judge.bundle
    for question, names in exam.shop.to_write.items():
        own = [n for n in defined if n in names]
        if not own:
            continue
        points = {c.name: case_points(bundle, c) for c in bundle.cases.of(question) if c.kind == "case"}
        lost = sum(
            (points[c] * (1 - max(v.credit for v in (several[1:] if several[0].public else several) or several))
             for c, several in verdicts.items() if c in points),
            Fraction(0),
        )  # fmt: skip
        asked = sum((points[c] for c in verdicts if c in points), Fraction(0))
        if lost < HALF * asked:
            what = f"{how} it gets {float(asked - lost):.3g} of {float(asked):.3g} points of `{question}`"
            fix = "forbid what it uses, ask for more digits or other inputs, or allow it with a reason"
            yield Finding(own[0], Problem(f"function `{own[0]}`", what, fix))


def _unfound(exam: Exam) -> tuple[int, list[Finding]]:
    """How many made-up uses there are, and those that a case which calls the function does not find."""
    uses = [
        (question, *use)
        for question in exam.source.spec.graded()
        for use in uses_of(
            question, [n for n in exam.shop.to_write[question.id] if can_be_made(exam.source.reference, n)]
        )
    ]
    exam.shop.reach  # noqa: B018  # once for all
    found = spread(lambda use: _blind(exam, *use), uses, exam.options.jobs)
    findings = []
    for (_, function, name, way), blind in zip(uses, found, strict=True):
        if blind:
            what = f"its use of `{name}` {way} is not found in {', '.join(blind)}"
            fix = "forbid it under the name that is used, or allow it with a reason"
            findings.append(Finding(function, Problem(f"function `{function}`", what, fix)))
    return len(uses), findings


def _blind(exam: Exam, question: Question, function: str, name: str, way: str) -> list[str]:
    """Cases that call the function and do not find this use of a forbidden name in it."""
    source = exam.source
    own = {c.name for c in source.cases.of(question.id)}
    index = index_of([Text(source.spec.submission.file, using(source.reference, function, name, way))])
    return [
        f"`{case}`"
        for case in exam.shop.reach.cases({function})
        if case in own and not find_forbidden(index, mentions_of(source.cases.probes([case])), question.forbidden_names)
    ]


def _unsaid(source: AssignmentSource, question: Question) -> Iterator[Problem]:
    """Texts of the question without the sentence that assignment.toml makes."""
    sentence = question.forbidden_text
    handout = source.public_folder / "handout.md"
    texts = {
        handout: handout.read_text(encoding="utf-8") if handout.is_file() else "",
        source.private_folder / source.spec.submission.file: re.sub(r"^# ?", "", stub_text(source), flags=re.MULTILINE),
    }
    for file, text in texts.items():
        if _plain(sentence) not in _plain(_section(text, question)):
            what = f"the section of `{question.id}` does not say what may not be used"
            below = "" if file == handout else ", in the text below its heading"
            yield Problem(file.relative_to(source.root).as_posix(), what, f"write there{below}: {sentence}")


def _section(text: str, question: Question) -> str:
    """From the question's heading to the next heading of its level."""
    headings = list(re.finditer(r"^(#{1,6})\s+(.*)$", text, re.MULTILINE))
    by_id = any(f"`{question.id}`" in heading.group(2) for heading in headings)
    for number, heading in enumerate(headings):
        if (f"`{question.id}`" if by_id else question.title.rstrip(".")) in heading.group(2):
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
