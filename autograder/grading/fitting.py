"""Whether milestones and replays fit the question that they belong to."""

from __future__ import annotations

from collections.abc import Collection

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.errors import AuthorError, CasesError, SpecError
from autograder.spec.models import Question


def check_milestones_fit(question: Question, cases: CaseSet) -> None:
    """A question has [questions.milestone] exactly if it has a milestone or a replay; these name each other rightly.

    Raises:
        SpecError: the table is missing, or is there without a case that needs it.
        CasesError: `predict` or `caps` names no such milestone.
    """
    own = [c for c in cases.of(question.id) if c.kind != "case"]
    if own and question.milestone is None:
        raise SpecError(
            f"questions.{question.id}.milestone: missing, but `{own[0].name}` is a {own[0].kind}",
            where="assignment.toml",
            fix=f"add [questions.milestone] with `parameters = …` below the question `{question.id}`",
        )
    if question.milestone is not None and not own:
        raise SpecError(
            f"questions.{question.id}.milestone: no case of the question is a @milestone or a @replay",
            where="assignment.toml",
            fix="remove the table, or write the case",
        )
    for case in own:
        _check_names(case, cases)


def check_patch(misconception: str, hunks: int, weights: Collection[str], where: str) -> None:
    """A misconception changes the code, or has weights of its own.

    Raises:
        AuthorError: neither.
    """
    if not hunks and misconception not in weights:
        fix = f"give a patch, or weights/{misconception}.safetensors"
        raise AuthorError(f"misconception `{misconception}` changes nothing: it has no patch", where=where, fix=fix)


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
