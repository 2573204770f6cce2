"""Agreement: one id names a question in the text, the reference, the cases and the misconceptions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.errors import AuthorError, near
from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import for_practice
from autograder.release.sections import names_by_question
from autograder.release.teaching import named_by
from autograder.spec.models import Question
from autograder.values.parsing import tree_of
from autograder.verify.places import place, reference_place
from autograder.verify.report import Problem
from autograder.verify.variants import stub_text, to_write

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*$")
_HALF_CELL = re.compile(r"# ?%(?!%)\s*(\[markdown\])?\s*$")
_POINTS = re.compile(r"(\d+(?:\.\d+)?|\d+/\d+)\s*points?")
_IDS = re.compile(r"`([a-z][a-z0-9_]*)`")


def id_problems(source: AssignmentSource) -> list[Problem]:
    """Headings of handout.md and of the reference that do not fit assignment.toml."""
    return [*_handout(source), *_reference(source)]


def _handout(source: AssignmentSource) -> Iterator[Problem]:
    path = source.public_folder / "handout.md"
    shown = place(source, path)
    if not path.is_file():
        yield Problem(shown, "there is none", "write the text that students read")
        return
    headings = list(_headings(path.read_text(encoding="utf-8")))
    found: list[tuple[int, str]] = []
    for question in source.spec.questions:
        own = [(line, h) for line, h in headings if f"`{question.id}`" in h]
        head = f"## {len(found) + 1}. {question.title} (`{question.id}`, {question.points} points)"
        if not own:
            yield Problem(shown, f"no heading carries `{question.id}`", f"head the question with: {head}")
        elif len(own) > 1:
            lines = ", ".join(str(line) for line, _ in own)
            yield Problem(f"{shown}:{own[1][0]}", f"lines {lines} are headed `{question.id}`", "keep one of them")
        found += own[:1]
        yield from (Problem(f"{shown}:{line}", what, fix) for line, what, fix in _points_of(question, own[:1], head))
    yield from _unknown(source, shown, headings)
    if found != [h for h in headings if h in found]:
        yield Problem(shown, "the questions stand in another order than in assignment.toml", "reorder them")


def _points_of(question: Question, own: list[tuple[int, str]], head: str) -> Iterator[tuple[int, str, str]]:
    """(line, what, fix) of a heading whose points are missing, or others than those of assignment.toml."""
    for line, heading in own:
        points = _POINTS.search(heading)
        if points is None:
            yield line, f"the heading of `{question.id}` does not say its {question.points} points", f"write: {head}"
        elif points.group(1) != str(question.points):
            what = f"the heading of `{question.id}` says {points.group(1)} points, assignment.toml {question.points}"
            yield line, what, "points are decided in assignment.toml: correct the heading"


def _unknown(source: AssignmentSource, shown: str, headings: list[tuple[int, str]]) -> Iterator[Problem]:
    known = {q.id for q in source.spec.questions}
    for line, heading in headings:
        for name in _IDS.findall(heading):
            if name not in known and _POINTS.search(heading):
                fix = near(name, known) or f"known: {', '.join(sorted(known))}"
                yield Problem(f"{shown}:{line}", f"the heading of `{name}` names no question", fix)


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the headings outside blocks of code."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        inside ^= line.startswith("```")
        if not inside and (found := _HEADING.match(line)):
            yield number, found[2]


def _reference(source: AssignmentSource) -> Iterator[Problem]:
    shown = reference_place(source)
    lines = source.reference.splitlines()
    for number, line in enumerate(lines, 1):
        if _HALF_CELL.match(line):
            yield Problem(f"{shown}:{number}", f"`{line.strip()}` begins no cell", "write # %%, two percent signs")
    headings = [(n, line[2:].lstrip("#").strip()) for n, line in enumerate(lines, 1) if re.match(r"# #{1,6}\s", line)]
    sections = names_by_question(source.reference, source.spec.questions)
    named = named_by([heading for _, heading in headings], source.spec.questions)
    for question in source.spec.questions:
        own = [n for (n, _), q in zip(headings, named, strict=True) if q is question]
        if len(own) != 1:
            where = f"{shown}:{own[1]}" if own else shown
            lines_of = f" (lines {', '.join(map(str, own))})" if own else ""
            what = f"{len(own) or 'no'} heading{'s name' if own else ' names'} the question `{question.id}`{lines_of}"
            yield Problem(where, what, f"one markdown cell with the heading: ## {question.title} (`{question.id}`)")
        elif question.kind != "written" and question.milestone is None and not sections[question.id]:
            what = f"the section of `{question.id}` defines no function"
            yield Problem(f"{shown}:{own[0]}", what, "put its functions into a cell (# %%) below the heading")


def empty_questions(source: AssignmentSource) -> frozenset[str]:
    """Questions in which a student has nothing to write; none where the reference is no Python."""
    graded = {q.id for q in source.spec.graded() if q.milestone is None}  # trained work may be that of an earlier one
    try:
        return frozenset(q for q, names in to_write(source).items() if q in graded and not names)
    except AuthorError:
        return frozenset()


def coverage_problems(source: AssignmentSource) -> list[Problem]:
    """What the rules for cases ask for, question by question; a warning, since an assignment grows."""
    found: list[Problem] = []
    for question in (q for q in source.spec.graded() if not q.instead_of):  # one milestone is what it may have
        public = len(source.cases.of(question.id, True))
        hidden = len(source.cases.of(question.id, False))
        mistakes = sum(m.question == question.id for m in source.misconceptions)
        where = f"question `{question.id}`"
        if public < 1 or hidden < 2:
            found.append(Problem(where, f"{public} public and {hidden} hidden cases", "at least 1 public and 2 hidden"))
        if mistakes < 3:
            found.append(Problem(where, f"{mistakes} misconceptions", "at least 3, each failing a hidden case"))
    if len(source.alternates) < 5:
        found.append(Problem("alternates/", f"{len(source.alternates)} alternates", "at least 5 other right solutions"))
    return found


def points_problems(source: AssignmentSource) -> list[Problem]:
    """Questions whose points nobody can earn: the handout ships the only world of every case."""
    fix = "let a case use its world (worlds=3 in @case), or write a hidden one"
    return [
        Problem(f"question `{q.id}`", "the handout ships what every case expects: its points cannot be earned", fix)
        for q in source.spec.graded()
        if q.points and all(for_practice(c) for c in source.cases.of(q.id))
    ]


def stub_file_problems(source: AssignmentSource) -> list[Problem]:
    """The generated stub beside the handout: there, and fresh."""
    path = source.public_folder / source.spec.submission.file
    fix = f"autograder stub {source.spec.id}"
    if not path.is_file():
        return [Problem(place(source, path), "there is no stub", fix)]
    if path.read_text(encoding="utf-8") != stub_text(source):
        return [Problem(place(source, path), "the stub is stale", fix)]
    return []


def unmarked_problems(source: AssignmentSource, only: str = "") -> list[Problem]:
    """Questions whose answer stands in the stub, because nothing of it is marked as a student's.

    Args:
        only: the question that is looked at; all by default.
    """
    empty = empty_questions(source)
    return [_nothing_to_write(source, q.id) for q in source.spec.questions if q.id in empty and only in ("", q.id)]


def _nothing_to_write(source: AssignmentSource, question: str) -> Problem:
    """At the first function of its section, where there is one."""
    names = names_by_question(source.reference, source.spec.questions)[question]
    lines = {s.name: s.lineno for s in tree_of(source.reference).body if isinstance(s, (ast.FunctionDef, ast.ClassDef))}
    where = reference_place(source, lines.get(names[0], 0) if names else 0)
    fix = "mark what students write with # BEGIN SOLUTION … # END SOLUTION; its cases are examined then"
    return Problem(where, f"question `{question}` has nothing to write", fix)
