"""The mistakes of a class that nobody has named: wrong answers grouped by what they returned, largest group first.

Two submissions are in one group where the same cases of a question fail in the same way (by status, by what could be
said of the values, by the wrong function where it was looked for) and where, in worlds that both were graded in, they
returned the same. Students who get other worlds return other values: of those the rest decides.
Not covered: mistakes that a listed one is named for, and questions in which a student made several mistakes that no
other student made together.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.checks.fingerprints import Fingerprint
from autograder.cohort.locating import Ground
from autograder.cohort.sources import cells_of
from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.cohort.winnowing import statements
from autograder.errors import StoredError
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.explainers import mark_of
from autograder.grading.source import AssignmentSource
from autograder.grading.status import Status
from autograder.grading.totals import added
from autograder.grading.verdict import Verdict
from autograder.intake.opening import open_hand_in
from autograder.sandbox.wire.messages import Submission
from autograder.values.parsing import tree_of
from autograder.values.rendering import without_place
from autograder.verify.operators import Mutant, mutants
from autograder.verify.words import reading_of

MOST_LINES = 40
_Key = tuple[object, ...]
Marks = Mapping[tuple[str, str], Fingerprint]


@dataclass
class Group:
    """Submissions that made what looks like one mistake in a question.

    Attributes:
        said: what is told about it now, the commonest sentence first.
        functions: those that are wrong, where that was looked for; else those that its cases call.
        points: lost by all of its students in these cases.
        mutants: small changes of the reference that come to the same, as diffs of two lines.
        code: one student's text of the functions.
    """

    question: str
    cases: tuple[str, ...]
    students: list[str] = field(default_factory=list)
    points: Fraction = Fraction(0)
    said: Counter[str] = field(default_factory=Counter)
    functions: tuple[str, ...] = ()
    located: bool = False
    mutants: tuple[str, ...] = ()
    code: str = ""
    marks: dict[tuple[str, str], Fingerprint] = field(default_factory=dict, repr=False)

    def takes(self, marks: Marks) -> bool:
        """Whether answers in the worlds that are known agree."""
        return all(_alike(self.marks[place], mark) for place, mark in marks.items() if place in self.marks)


def _alike(a: Fingerprint, b: Fingerprint) -> bool:
    return a.form == b.form and abs(a.mark - b.mark) <= max(a.reach, b.reach)


def mistakes(store: Store, source: AssignmentSource, least: int = 1) -> list[Group]:
    """The groups of the newest grades, largest first.

    Args:
        source: of the assignment, for the functions and the nearest small changes.
        least: groups of fewer students are left out.
    """
    every, events = grouped(store)
    found = [g for g in every if len(g.students) >= least]
    found.sort(key=lambda g: (-len(g.students), -g.points, g.question, g.cases))
    ground = Ground(source)
    made = mutants(source.reference, source.spec.submission.file)
    for group in found:
        _describe(group, ground, made, events)
    return found


def grouped(store: Store) -> tuple[list[Group], dict[str, Event]]:
    """The groups of the newest grades in no order, nothing said of their functions; and whose grades they are."""
    groups: dict[_Key, list[Group]] = {}
    events: dict[str, Event] = {}
    for event in store.current():
        try:
            grade, evidence = store.grade(event), store.evidence(event)
        except StoredError:  # said by the commands that grade
            continue
        if evidence is None or not evidence.digest:
            continue
        bundle, events[event.who] = store.bundle(event.bundle), event
        for question, failed in _unnamed(grade.verdicts):
            _sort_in(groups, event.who, question, failed, _marks(bundle, failed, evidence))
    return [g for several in groups.values() for g in several], events


def _unnamed(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, list[Verdict]]]:
    """Question → its failing cases, where none of them has a listed mistake's name."""
    by_question: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.status.explained and "is still to be written" not in verdict.message:
            by_question.setdefault(verdict.question, []).append(verdict)
    for question, failed in by_question.items():
        if not any(v.misconception for v in failed):
            yield question, failed


def _marks(bundle: Bundle, failed: Sequence[Verdict], evidence: Evidence) -> dict[tuple[str, str], Fingerprint]:
    found = {}
    for verdict in failed:
        answer = evidence.answers.get(verdict.case)
        mark = mark_of(bundle, verdict, answer) if answer is not None else None
        if mark is not None:
            found[verdict.case, str(verdict.world)] = mark
    return found


def _sort_in(
    groups: dict[_Key, list[Group]], who: str, question: str, failed: Sequence[Verdict],
    marks: Mapping[tuple[str, str], Fingerprint],
) -> None:  # fmt: skip
    key = question, *((v.case, v.status, v.located, _said(v)) for v in failed)
    several = groups.setdefault(key, [])
    group = next((g for g in several if g.takes(marks)), None)
    if group is None:
        group = Group(question, tuple(v.case for v in failed))
        several.append(group)
    group.students.append(who)
    group.points += added(v.max_points - v.points for v in failed)
    group.said.update(text for v in failed if (text := _said(v)))
    group.functions = group.functions or tuple(dict.fromkeys(n for v in failed for n in v.located.split(", ") if n))
    group.marks.update(marks)


def _said(verdict: Verdict) -> str:
    return verdict.diagnosis or (without_place(verdict.message) if verdict.status is not Status.FAILED else "")


def _describe(group: Group, ground: Ground, made: Sequence[Mutant], events: Mapping[str, Event]) -> None:
    """Functions, nearest small changes, and a student's code."""
    group.located = bool(group.functions)
    if not group.functions:
        called = [set(ground.reach.calls[c]) & set(ground.asked) for c in group.cases if c in ground.reach.calls]
        group.functions = tuple(n for n in ground.asked if any(n in names for names in called))
    near = [m for m in made if reading_of(m).words in " ".join(group.said) and m.function in group.functions]
    group.mutants = tuple(m.diff for m in near[:3])
    event = events[group.students[0]]
    opened = open_hand_in(hand_in_of(event.handed), ground.source.spec.submission)
    if opened.submission is not None and opened.digest == event.digest:
        group.code = code_of(opened.submission, group.functions)


def code_of(submission: Submission, functions: Sequence[str]) -> str:
    """A submission's text of some functions, as far as it can be read; at most MOST_LINES lines."""
    data = dict(submission.files)[submission.main]
    if submission.main.endswith(".ipynb"):
        try:
            texts = [text for _, text in cells_of(data.decode("utf-8", "replace"))]
        except ValueError:
            return ""
    else:
        texts = [data.decode("utf-8-sig", "replace")]
    pieces = [piece for text in texts for piece in _pieces(text, functions)]
    lines = "\n\n\n".join(pieces).splitlines()
    return "\n".join([*lines[:MOST_LINES], "…"] if len(lines) > MOST_LINES else lines)


def _pieces(text: str, functions: Sequence[str]) -> Iterator[str]:
    """The text of the functions, though magics and what is broken may stand beside them."""
    whole = _body(text)
    parts = [(text, whole)] if whole else [(part, _body(part)) for _, part in statements(text)]
    for part, body in parts:
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and statement.name in functions:
                yield ast.get_source_segment(part, statement) or ""


def _body(text: str) -> list[ast.stmt]:
    try:
        return tree_of(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def draft(group: Group, name: str) -> str:
    """A catalogue entry for the author to finish: the student's functions stand for the mistake."""
    quoted = group.code.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    fails = ", ".join(f'"{case}"' for case in group.cases)
    told = "; ".join(text for text, _ in group.said.most_common(2)) or "only that the values differ"
    return (
        f"# A draft. {len(group.students)} students; told so far: {_one_line(told)}\n"
        "# Write the function anew in your own words (this one is a student's), and say what to look at.\n"
        "[[misconceptions]]\n"
        f'id = "{name}"\nquestion = "{group.question}"\nfails = [{fails}]\n'
        'feedback = "TODO"\n'
        f'function = """\n{quoted}\n"""\n'
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
