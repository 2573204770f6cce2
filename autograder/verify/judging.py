"""Judging variants: their answers in every world, as verdicts with named feedback; the same outputs are judged once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.grading.bundle import Bundle
from autograder.grading.judge import Verdict, check_of, explained, judge_case
from autograder.sandbox.wire.messages import Answer
from autograder.verify.variants import Answers

Verdicts = Mapping[str, tuple[Verdict, ...]]


@dataclass
class Judge:
    """A judge who remembers: most variants give the reference's own outputs in most cases."""

    bundle: Bundle
    known: dict[tuple[Any, ...], Verdict] = field(default_factory=dict)

    def at(self, bundle: Bundle) -> Judge:
        """The same memory for a bundle with other tolerances."""
        return Judge(bundle, self.known)

    def case(self, case: str, answer: Answer, world: int) -> Verdict:
        """The verdict of one answer."""
        chosen = self.bundle.cases.get(case)
        own = check_of(chosen).tolerance
        tolerance = self.bundle.tolerances.get(case) if own is None else own
        key = (case, world, tolerance, answer.status, answer.payload, answer.message)
        if key not in self.known:
            self.known[key] = judge_case(self.bundle, chosen, answer, world)
        return replace(self.known[key], seconds=answer.seconds)

    def worlds(self, answers: Answers, explain: bool = False) -> dict[str, tuple[Verdict, ...]]:
        """Verdicts per case, one for each world that was run, in the order of the bundle's worlds.

        Args:
            explain: whether to look for the mistake behind each failure, world by world, as for a submission.
        """
        found: dict[str, list[Verdict]] = {name: [] for name in answers}
        for world in range(max((len(a) for a in answers.values()), default=0)):
            run = {name: several[min(world, len(several) - 1)] for name, several in answers.items()}
            verdicts = [self.case(n, answer, min(world, len(answers[n]) - 1)) for n, answer in run.items()]
            for verdict in explained(self.bundle, verdicts, run) if explain else verdicts:
                if verdict.world == world:
                    found[verdict.case].append(verdict)
        return {name: tuple(several) for name, several in found.items()}
