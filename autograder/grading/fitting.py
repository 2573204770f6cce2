"""Whether the files of an assignment fit each other: cases their questions, points their cases, mistakes both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.errors import AuthorError, CasesError, SpecError, near
from autograder.grading.misconceptions import Misconception, line_of_entry
from autograder.grading.worlds import for_practice
from autograder.spec.lines import line_of
from autograder.spec.models import Assignment, Question

Toml = tuple[str, str]
"""Text of assignment.toml, and its path."""


def check_cases_fit(spec: Assignment, cases: CaseSet, toml: Toml) -> None:
    """Every case has a question, every machine-graded question a case, every case point a case.

    Raises:
        CasesError: a case and a question that do not fit.
        SpecError: points of cases that do not.
    """
    known = {q.id: q for q in spec.questions}
    for case in cases.cases:
        question = known.get(case.question)
        if question is None:
            raise CasesError(
                f"case `{case.name}` belongs to no question of assignment.toml",
                where=cases.place_of(case),
                found=case.question,
                expected=f"one of {', '.join(known)}",
                fix=near(case.question, known),
            )
        if question.kind == "written":
            raise CasesError(
                f"case `{case.name}`: `{question.id}` is written, a person grades it",
                where=cases.place_of(case),
                fix='take the case away, or give the question kind = "theory"',
            )
    for fixture, file in cases.fixtures:
        if fixture.weights and fixture.weights not in spec.further_weights:
            expected = f"a `weights` of [questions.milestone]: {', '.join(spec.further_weights) or 'none is there'}"
            what = f"the fixture `{fixture.name}` is of a file that no question asks for"
            raise CasesError(what, where=file.where, found=fixture.weights, expected=expected)
    for index, question in enumerate(spec.questions):
        if question.kind != "written":
            _check_question(question, index, cases, toml)


def _check_question(question: Question, index: int, cases: CaseSet, toml: Toml) -> None:
    names = {c.name for c in cases.of(question.id)}
    if not names:
        raise CasesError(
            f"question `{question.id}` has no case",
            where=cases.where,
            expected=f'at least one @case("{question.id}"), or kind = "written"',
        )
    check_milestones_fit(question, cases, _place(toml, ("questions", index)))
    where = _place(toml, ("questions", index, "case_points"))
    key = f"questions.{question.id}.case_points"
    if question.case_points and set(question.case_points) != names:
        unknown, missing = sorted(set(question.case_points) - names), sorted(names - set(question.case_points))
        wrong = [f"`{name}` is no case of it" for name in unknown] + [f"`{name}` is missing" for name in missing]
        fix = near(unknown[0], missing or names) if unknown else "give every case of the question its points"
        raise SpecError(f"{key} must name every case of the question and no other", where=where,
                        found="; ".join(wrong), fix=fix)  # fmt: skip
    copied = [c.name for c in cases.of(question.id) if for_practice(c) and question.case_points.get(c.name)]
    if copied:
        raise SpecError(
            f"{key}: the handout ships the only world of `{copied[0]}`",
            where=where,
            found=str(question.case_points[copied[0]]),
            expected="0: what it expects can be copied",
            fix=f"or let it use its world, with worlds=3 in @case ({cases.place_of(cases.get(copied[0]))})",
        )


def _place(toml: Toml, location: tuple[int | str, ...]) -> str:
    line = line_of(toml[0], location)
    return f"{toml[1]}, line {line}" if line else toml[1]


def check_misconceptions_fit(
    misconceptions: Sequence[Misconception],
    spec: Assignment,
    cases: CaseSet,
    weights: Collection[str],
    file_of: Callable[[str], Path],
) -> None:
    """Every misconception has an id of its own, a question, cases that there are, and something that it changes.

    Args:
        weights: programs that have weights of their own.
        file_of: question → the file that its misconceptions stand in.

    Raises:
        AuthorError: the first that has not.
    """
    seen: set[str] = set()
    names, questions = {c.name for c in cases.cases}, [q.id for q in spec.graded()]
    for one in misconceptions:
        said, path = f"misconception `{one.id}`", file_of(one.question)
        where = f"{path}:{line_of_entry(path.read_text(encoding='utf-8'), one.id, last=one.id in seen)}"
        if one.id in seen:
            raise AuthorError(f"the id `{one.id}` is used twice", where=where, fix="give one of them another id")
        seen.add(one.id)
        check_misconception(one, cases, weights, where)
        if one.question not in questions:
            raise AuthorError(
                f"{said} names no machine-graded question", where=where, found=one.question,
                expected=f"one of {', '.join(questions)}", fix=near(one.question, questions),
            )  # fmt: skip
        for case in sorted(set(one.fails) - names):
            own = [c.name for c in cases.of(one.question)]
            fix = near(case, names) or f"cases of `{one.question}`: {', '.join(own)}"
            raise AuthorError(f"{said} fails a case that there is not", where=where, found=case, fix=fix)


def check_milestones_fit(question: Question, cases: CaseSet, where: str) -> None:
    """A question has [questions.milestone] exactly if it has a milestone or a replay; these name each other rightly.

    Raises:
        SpecError: the table is missing, or is there without a case that needs it.
        CasesError: `predict` or `caps` names no such milestone.
    """
    own = [c for c in cases.of(question.id) if c.kind != "case"]
    if own and question.milestone is None:
        raise SpecError(
            f"questions.{question.id}.milestone: missing, but `{own[0].name}` is a {own[0].kind}",
            where=where,
            fix=f"add [questions.milestone] with `parameters = …` below the question `{question.id}`",
        )
    if question.milestone is not None and not own:
        raise SpecError(
            f"questions.{question.id}.milestone: no case of the question is a @milestone or a @replay",
            where=where,
            fix="remove the table, or write the case",
        )
    for case in own:
        _check_names(case, cases)
    for name in (question.id, question.instead_of) if question.instead_of else ():
        several = [c.name for c in cases.of(name) if c.kind == "milestone"]
        if len(several) != 1:
            raise CasesError(
                f"`{question.id}` stands in for `{question.instead_of}`: each must have one @milestone, because the "
                "better of the two counts",
                where=where, found=f"`{name}` has {', '.join(several) or 'none'}",
            )  # fmt: skip


def check_misconception(misconception: Misconception, cases: CaseSet, weights: Collection[str], where: str) -> None:
    """A misconception changes the code, is trained on another deck, or has weights that were put there by hand.

    Raises:
        AuthorError: none of these, or a deck where nothing says how to train.
    """
    name = misconception.id
    if misconception.deck and cases.fixture is None:
        fix = "write a @fixture (docs/milestones.md), or remove `deck`"
        raise AuthorError(f"misconception `{name}` has a deck, but the cases have no @fixture", where=where, fix=fix)
    if not misconception.writes and not misconception.deck and name not in weights:
        fix = "give a patch"
        if cases.fixture is not None or weights:
            fix += f", a deck that it is trained on (deck = 1), or weights/{name}.safetensors"
        raise AuthorError(f"misconception `{name}` changes nothing: it has no patch", where=where, fix=fix)


def _check_names(case: Case, cases: CaseSet) -> None:
    known = {c.name: c.question for c in cases.cases if c.kind == "milestone"}
    if case.kind == "replay" and case.predict not in known:
        raise CasesError(
            f"the replay `{case.name}` predicts with `{case.predict}`, which is no @milestone",
            where=cases.place_of(case),
            expected=f"predict = one of {', '.join(sorted(known)) or 'none, there is no milestone'}",
        )
    if case.caps and known.get(case.caps) != case.question:
        mine = sorted(name for name, question in known.items() if question == case.question)
        raise CasesError(
            f"the replay `{case.name}` caps `{case.caps}`, which is no @milestone of its question",
            where=cases.place_of(case),
            expected=f"caps = one of {', '.join(mine) or 'none, the question has no milestone'}",
        )
