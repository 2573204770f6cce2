"""Agreement: one id names a question in the text, the reference, the cases and the misconceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.grading.source import AssignmentSource
from autograder.grading.worlds import for_practice
from autograder.release.sections import names_by_question
from autograder.release.teaching import names_question
from autograder.verify.report import Problem
from autograder.verify.variants import stub_text, to_write

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$", re.MULTILINE)
_POINTS = re.compile(r"(\d+(?:\.\d+)?|\d+/\d+)\s*points?")
_IDS = re.compile(r"`([a-z][a-z0-9_]*)`")


def id_problems(source: AssignmentSource) -> list[Problem]:
    """Headings of handout.md and of the reference that do not fit assignment.toml."""
    return [*_handout(source), *_reference(source)]


def _handout(source: AssignmentSource) -> Iterator[Problem]:
    path = source.public_folder / "handout.md"
    if not path.is_file():
        yield Problem("handout.md", "there is none", f"write {path.relative_to(source.root)}")
        return
    headings = [h for _, h in _HEADING.findall(_without_code(path.read_text(encoding="utf-8")))]
    found: list[str] = []
    for question in source.spec.questions:
        own = [h for h in headings if f"`{question.id}`" in h]
        shown = f"## {len(found) + 1}. {question.title} (`{question.id}`, {question.points} points)"
        if len(own) != 1:
            what = f"{len(own)} headings carry `{question.id}`"
            yield Problem("handout.md", what, f"head the question with: {shown}")
        found += own[:1]
        points = _POINTS.search(own[0]) if own else None
        if points and points.group(1) != str(question.points):
            what = f"the heading of `{question.id}` says {points.group(1)} points, assignment.toml {question.points}"
            yield Problem("handout.md", what, "points are decided in assignment.toml: correct the heading")
    known = {q.id for q in source.spec.questions}
    for heading in headings:
        for name in _IDS.findall(heading):
            if name not in known and _POINTS.search(heading):
                yield Problem("handout.md", f"the heading of `{name}` names no question", f"known: {', '.join(known)}")
    if found != [h for h in headings if h in found]:
        yield Problem("handout.md", "the questions stand in another order than in assignment.toml", "reorder them")


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _reference(source: AssignmentSource) -> Iterator[Problem]:
    name = source.spec.submission.file
    headings = re.findall(r"^# #{1,6}\s+(.*?)\s*$", source.reference, re.MULTILINE)
    sections = names_by_question(source.reference, source.spec.questions)
    for question in source.spec.questions:
        own = [h for h in headings if names_question(h, question)]
        if len(own) != 1:
            fix = f"one markdown cell with the heading: ## {question.title}"
            yield Problem(name, f"{len(own)} headings name the question `{question.id}`", fix)
        elif question.kind != "written" and question.milestone is None and not sections[question.id]:
            fix = "put its functions below the heading"
            yield Problem(name, f"the section of `{question.id}` defines no function", fix)


def coverage_problems(source: AssignmentSource) -> list[Problem]:
    """What the rules for cases ask for, question by question; a warning, since an assignment grows."""
    found: list[Problem] = []
    for question in source.spec.graded():
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
        return [Problem(str(path.relative_to(source.root)), "there is no stub", fix)]
    if path.read_text(encoding="utf-8") != stub_text(source):
        return [Problem(str(path.relative_to(source.root)), "the stub is stale", fix)]
    graded = {q.id for q in source.spec.graded() if q.milestone is None}  # trained work may be that of an earlier one
    empty = [q for q, names in to_write(source).items() if q in graded and not names]
    fix = "mark what students write with # BEGIN SOLUTION … # END SOLUTION"
    return [Problem(source.spec.submission.file, f"question `{q}` has nothing to write", fix) for q in empty]
