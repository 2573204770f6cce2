"""Flakiness: right solutions run again in worlds that were never recorded; none may fail.

In each re-seeded world the reference sets what is expected; the reference once more and every alternate in reach must
pass. Cheap cases get all the runs that are asked for, expensive ones as many as their share of the time allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.authoring.world import seed_from
from autograder.grading.bundle import Expectation
from autograder.grading.record import world_seeds
from autograder.sandbox.wire.messages import Answer
from autograder.verify.judging import Judge, Verdicts
from autograder.verify.matrix import Answers, Matrix
from autograder.verify.report import Problem, Row, row
from autograder.verify.variants import Variant

LEAST = 3
CHUNK = 25


@dataclass(frozen=True)
class Reseeded:
    """What came of it: case → number of re-seeded worlds, and right solution → its answers and verdicts there."""

    worlds: Mapping[str, int]
    judge: Judge
    answers: Mapping[str, Answers]
    verdicts: Mapping[str, Verdicts]

    def at(self, tolerances: Mapping[str, float]) -> Reseeded:
        """The same runs judged at other tolerances."""
        judge = self.judge.at(replace(self.judge.bundle, tolerances=tolerances))
        return replace(self, judge=judge, verdicts={name: judge.worlds(a) for name, a in self.answers.items()})

    def false_fails(self, case: str) -> int:
        """Runs of right solutions that did not pass."""
        return sum(not v.status.passed for verdicts in self.verdicts.values() for v in verdicts.get(case, ()))

    def runs(self, case: str) -> int:
        """Runs of right solutions."""
        return sum(len(verdicts.get(case, ())) for verdicts in self.verdicts.values())


def planned(seconds: Mapping[str, float], programs: Mapping[str, int], most: int, budget: float) -> dict[str, int]:
    """Re-seeded worlds per case within `budget` seconds in all, cheapest cases first.

    Args:
        seconds: case → time of one run.
        programs: case → number of programs that are run in each world.
    """
    plan: dict[str, int] = {}
    left = budget
    order = sorted(seconds, key=lambda c: seconds[c] * programs[c])
    for index, case in enumerate(order):
        cost = max(seconds[case] * programs[case], 1e-6)
        share = left / (len(order) - index)
        plan[case] = min(most, max(LEAST, int(share / cost)))
        left = max(left - plan[case] * cost, 0.0)
    return plan


def reseed(matrix: Matrix, judge: Judge, right: Sequence[Variant], plan: Mapping[str, int]) -> Reseeded:
    """Run right solutions in the planned worlds and judge them.

    Args:
        judge: with the assignment's bundle; its recorded worlds are replaced.
        right: the reference (first, and once more in another way) and the alternates.
    """
    base = {name: seeds[0] for name, seeds in world_seeds(matrix.source, purpose="re-seeded").items()}
    seeds = {case: tuple(seed_from(base[case], k) for k in range(count)) for case, count in plan.items()}
    programs = [replace(right[0], name="reference", again=0), *right]
    parts = [
        replace(variant, name=f"{variant.name}@{start}", seeds=chosen)
        for variant in programs
        for start in range(0, max(plan.values(), default=0), CHUNK)
        if (chosen := {c: s for c in variant.seeds if (s := seeds.get(c, ())[start : start + CHUNK])})
    ]
    matrix.fill(parts)
    answers: dict[str, dict[str, tuple[Answer, ...]]] = {variant.name: {} for variant in programs}
    for part in parts:
        table = answers[part.name.rsplit("@", 1)[0]]
        for case, several in matrix.made[part.key].items():
            table[case] = table.get(case, ()) + several
    expected = {
        case: tuple(Expectation(seed, a.payload) for seed, a in zip(seeds[case], several, strict=True))
        for case, several in answers["reference"].items()
    }
    there = Judge(replace(judge.bundle, expected=expected, misconceptions=()))
    verdicts = {name: there.worlds(table) for name, table in answers.items()}
    return Reseeded(plan, there, answers, verdicts)


def flaky_gate(found: Reseeded) -> Row:
    """0 false fails."""
    problems = []
    for case, count in found.worlds.items():
        for name, verdicts in found.verdicts.items():
            bad = [v for v in verdicts.get(case, ()) if not v.status.passed]
            if bad:
                said = f"{bad[0].status}, {bad[0].message[:200]}"
                what = f"{name} fails in {len(bad)} of {count} re-seeded worlds: {said}"
                fix = "keep the inputs away from kinks and cancellation, or fix the seeds of what is random"
                problems.append(Problem(f"case `{case}`", what, fix))
    runs = sum(found.runs(c) for c in found.worlds)
    least = min(found.worlds.values(), default=0)
    return row("re-seeded", f"{runs} runs, {least} to {max(found.worlds.values(), default=0)} worlds a case", problems)
