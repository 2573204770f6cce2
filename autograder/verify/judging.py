"""Judging variants: their answers in every world, as verdicts with named feedback."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.grading.bundle import Bundle
from autograder.grading.judge import Verdict, explained, judge_case
from autograder.verify.variants import Answers

Verdicts = Mapping[str, tuple[Verdict, ...]]


def judge_worlds(bundle: Bundle, answers: Answers, explain: bool = False) -> dict[str, tuple[Verdict, ...]]:
    """Verdicts per case, one for each world that was run, in the order of the bundle's worlds.

    Args:
        explain: whether to look for the mistake behind each failure, world by world, as for a submission.
    """
    found: dict[str, list[Verdict]] = {name: [] for name in answers}
    for world in range(max((len(a) for a in answers.values()), default=0)):
        worlds = {name: min(world, len(several) - 1) for name, several in answers.items()}
        run = {name: answers[name][index] for name, index in worlds.items()}
        wanted = [name for name in run if explain or worlds[name] == world]
        verdicts = [judge_case(bundle, bundle.cases.get(name), run[name], worlds[name]) for name in wanted]
        for verdict in explained(bundle, verdicts, run) if explain else verdicts:
            if verdict.world == world:
                found[verdict.case].append(verdict)
    return {name: tuple(several) for name, several in found.items()}


def broken(verdicts: Verdicts) -> Verdict | None:
    """The first verdict that is the grader's own fault."""
    return next((v for several in verdicts.values() for v in several if v.status == "broken"), None)
