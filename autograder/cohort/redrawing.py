"""Redrawing: the material of stored milestones made once more, before their outputs are judged by it.

The outputs of a milestone were made from data that the evidence does not hold, only a sha256 of. What is drawn today
from the same seed must be the same: a changed world, another NumPy or another secret would otherwise judge outputs by
what they were never asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.errors import CasesError
from autograder.grading.bundle import Bundle
from autograder.grading.drawing import prints
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings, draws_for, materials_of, run_draws, worlds_for
from autograder.grading.run import run_submission
from autograder.grading.trained import parted
from autograder.grading.worlds import Worlds
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from autograder.spec.models import Assignment

_WORDS = {"given": "the inputs", "kept": "what they are judged by", "supply": "the training data"}


def drawn_otherwise(bundle: Bundle, evidence: Evidence, old: Assignment) -> dict[str, str]:
    """Case → why its stored outputs cannot be judged by what is drawn today; empty where all is the same.

    Args:
        old: the assignment as it was when they were made.
    """
    known = {c.name: c.question for c in bundle.cases.cases if c.kind != "case"}
    found = {c: "its budgets changed" for c, q in known.items() if _budgets(bundle.spec, q) != _budgets(old, q)}
    for case, parts in evidence.materials.items():
        if case not in known or case in found:
            continue
        try:
            now = prints(bundle.material(case, evidence.worlds[case]))
        except CasesError as error:
            found[case] = error.sentence()
            continue
        others = [words for part, words in _WORDS.items() if now.get(part) != parts.get(part)]
        if others:
            found[case] = f"its seed gives other data than then: {', '.join(others)}"
    return found


def _budgets(spec: Assignment, question: str) -> dict[str, int]:
    """What is counted; how many hand-ins of a day are judged changes no verdict."""
    table = next((q.milestone for q in spec.questions if q.id == question), None)
    return table.model_dump(exclude={"attempts_per_day"}) if table is not None else {}


def worlds_now(bundle: Bundle, evidence: Evidence, settings: Settings, team: str) -> Worlds:
    """The world of every case: that of the evidence, and a new one for a case that it does not know."""
    drawn = draws_for(bundle, evidence.digest, team or evidence.submission, settings)
    worlds = {**worlds_for(bundle, evidence.digest, settings), **drawn, **evidence.worlds}
    return {c.name: worlds[c.name] for c in bundle.cases.cases}


def run_anew(
    sandbox: Sandbox, bundle: Bundle, submission: Submission, worlds: Worlds
) -> tuple[dict[str, Answer], Mapping[str, Mapping[str, str]]]:
    """The answers of these cases from another run, replays included, and what was drawn for milestones among them."""
    code, own = parted(submission, bundle.spec)
    draws = {c.name: worlds[c.name] for c in bundle.cases.cases if c.kind != "case" and c.name in worlds}
    ran = run_draws(sandbox, bundle, code, own, draws, replay=True)
    seeds = {c: (bundle.expectation(c, w).seed,) for c, w in worlds.items() if c not in draws}
    plain = run_submission(sandbox, bundle.spec, bundle.cases, code, seeds, bundle.support) if seeds else {}
    answers = {case: several[0] for case, several in plain.items()} | {case: one.answer for case, one in ran.items()}
    return answers, materials_of(ran)
