"""Judging variants: their answers in every world, as verdicts with named feedback; the same outputs are judged once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.grading.bundle import Bundle
from autograder.grading.caching import Caching, by_tolerance
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.verify.matrix import Answers

Verdicts = Mapping[str, tuple[Verdict, ...]]
MOST = 2**20  # a whole exam


@dataclass
class Judge:
    """A judge who remembers: most variants give the reference's own outputs in most cases."""

    bundle: Bundle
    memory: Caching = field(default_factory=lambda: Caching(most=MOST, scope=by_tolerance))

    def at(self, bundle: Bundle) -> Judge:
        """The same memory for a bundle with other tolerances."""
        return Judge(bundle, self.memory)

    def case(self, case: str, answer: Answer, world: int) -> Verdict:
        """The verdict of one answer."""
        return self.memory.case(self.bundle, self.bundle.cases.get(case), answer, Recorded(world))

    def learn(self, answers: Answers, verdicts: Verdicts) -> None:
        """Remember what another process found with `worlds`, unexplained."""
        for name, several in verdicts.items():
            case = self.bundle.cases.get(name)
            for answer, verdict in zip(answers[name], several, strict=True):
                self.memory.learn(self.bundle, case, answer, verdict.world, verdict)

    def worlds(self, answers: Answers, explain: bool = False) -> dict[str, tuple[Verdict, ...]]:
        """Verdicts per case, one for each world that was run, in the order of the bundle's worlds.

        Args:
            explain: whether to look for the mistake behind each failure, world by world, as for a submission; cases
                that a variant cannot reach were not run, and count as passed.
        """
        found: dict[str, list[Verdict]] = {name: [] for name in answers}
        every = [c.name for c in self.bundle.cases.cases]
        for world in range(max((len(a) for a in answers.values()), default=0)):
            run = {name: several[min(world, len(several) - 1)] for name, several in answers.items()}
            verdicts = [self.case(n, answer, min(world, len(answers[n]) - 1)) for n, answer in run.items()]
            for verdict in self.memory.explained(self.bundle, verdicts, run, every) if explain else verdicts:
                if verdict.world == Recorded(world):
                    found[verdict.case].append(verdict)
        return {name: tuple(several) for name, several in found.items()}
