"""Whether milestones and replays fit the question that they belong to."""

from __future__ import annotations

from collections.abc import Collection

from autograder.authoring.case import Case
from autograder.authoring.loading import CaseSet
from autograder.errors import AuthorError, CasesError, SpecError
from autograder.grading.misconceptions import Misconception
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
