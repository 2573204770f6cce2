"""Fingerprinting: every machine-made mistake run in every cheap case and world, and what came back in a dozen bytes.

Mutants here are those that every case must see, and more (more_operators.py). What passes leaves no trace, and an
answer that cannot be told from the right one, or says nothing (a time limit, a crash), is noted as dim; and so is every
wrong one where the reference itself comes back with other bytes the second time (memory that was taken, for example).
Cases that take long are left out: they neither speak for a reading nor against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.checks.fingerprints import Fingerprint, ending, fingerprint
from autograder.grading.plan import Seeds
from autograder.grading.reach import reach_of
from autograder.grading.readings import MachineMade, Shown
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.verify.alone import alone
from autograder.verify.gate import Exam
from autograder.verify.judging import Judge
from autograder.verify.luck import lucky
from autograder.verify.more_operators import more_mutants
from autograder.verify.mutation import LEAST_SECONDS, SLOWER
from autograder.verify.nearby import Nearby
from autograder.verify.operators import Mutant, mutants
from autograder.verify.spread import spread
from autograder.verify.words import reading_of

CHEAP = 0.3
"""Seconds of one run of the reference above which a case is left out."""
_SILENT = ("timeout", "memory", "crashed", "protocol", "broken", "forbidden")
Rows = dict[tuple[str, int], Fingerprint | None]
"""(case, world) → the fingerprint of a wrong answer; None for a dim one."""


def all_mutants(exam: Exam) -> tuple[Mutant, ...]:
    """Every mutant that can be recognised, no two with the same text; of those that every case must see first."""
    source = exam.source
    where = str(source.private_folder / source.spec.submission.file)
    question = {name: q for q, names in exam.shop.to_write.items() for name in names}
    made = {m.text: m for m in mutants(source.reference, where)}
    for mutant in more_mutants(source.reference, where, question):
        made.setdefault(mutant.text, mutant)
    called = frozenset().union(*reach_of(source.reference, source.cases).calls.values())
    for mutant in [m for m in made.values() if m.function in called]:
        if (other := alone(source.reference, mutant)) is not None:
            made.setdefault(other.text, other)
    only = exam.options.only
    return tuple(m for m in made.values() if not only or only in {question.get(n) for n in m.function.split(", ")})


def functions_of(mutant: Mutant) -> frozenset[str]:
    """The functions that a mutant changes; none where it changes something outside of them."""
    return frozenset(mutant.function.split(", ")) if mutant.function else frozenset()


@dataclass(frozen=True)
class Ran:
    """What came of one mutant: its rows, and the cases whose loss hangs on the world."""

    rows: Rows
    lucky: tuple[str, ...]


class Field:
    """Where mutants are run: the cheap cases that each of them reaches."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self.reach = reach_of(exam.usable.reference, exam.usable.cases)
        self.nearby = Nearby(exam.usable, {c: max(LEAST_SECONDS, SLOWER * s) for c, s in exam.seconds.items()})
        self.scope = Scope(exam.judge)

    def answers(self, name: str, text: str, functions: Collection[str] = ()) -> dict[str, tuple[Answer, ...]]:
        """Case → what a program came back with, world by world.

        Args:
            functions: those that differ from the reference's; all when empty.
        """
        return self.nearby.answers(name, text, self.seeds(functions))

    def seeds(self, functions: Collection[str] = ()) -> Seeds:
        """The runs of a program in which these functions differ."""
        cases, expected = self.exam.usable.cases, self.exam.judge.bundle.expected
        reached = [c for c in self.reach.cases(set(functions) or None) if self.exam.seconds.get(c, CHEAP + 1) <= CHEAP]
        return {c: tuple(e.seed for e in expected[c]) for c in reached if cases.get(c).kind == "case"}

    def answers_of(self, mutant: Mutant) -> dict[str, tuple[Answer, ...]]:
        """What a mutant came back with; one whose change others do not see is run where a case calls it itself."""
        seeds = self.seeds(functions_of(mutant))
        seen = {c: s for c, s in seeds.items() if not mutant.direct or mutant.function in self.reach.calls[c]}
        return self.nearby.answers(mutant.operator, mutant.text, seen)

    def ran(self, mutant: Mutant) -> Ran:
        """All that is to be known of a mutant."""
        answers = self.answers_of(mutant)
        return Ran(self.rows_of(answers), self.scope.lucky(answers))

    def all_ran(self, made: Sequence[Mutant]) -> list[Ran]:
        """The same of many, by all processors."""
        self.unsteady  # noqa: B018  # once for all
        progress = self.exam.matrix.progress
        return spread(self.ran, made, self.exam.options.jobs, lambda done: progress("fingerprints", done, len(made)))

    @cached_property
    def unsteady(self) -> frozenset[tuple[str, int]]:
        """Cases and worlds in which the reference does not come back with the recorded bytes."""
        expected = self.exam.judge.bundle.expected
        found = self.answers("reference", self.exam.source.reference)
        return frozenset(
            (case, world)
            for case, several in found.items()
            for world, answer in enumerate(several)
            if answer.payload != expected[case][world].payload
        )

    def rows(self, mutant: Mutant) -> Rows:
        """The fingerprints of what came back wrong."""
        return self.rows_of(self.answers_of(mutant))

    def rows_of(self, answers: dict[str, tuple[Answer, ...]]) -> Rows:
        """The fingerprints of a program's wrong answers."""
        return {place: None if place in self.unsteady else mark for place, mark in self.scope.rows(answers).items()}


class Scope:
    """The answers of one mutant as fingerprints."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def lucky(self, answers: dict[str, tuple[Answer, ...]]) -> tuple[str, ...]:
        """Cases whose loss hangs on the world."""
        return tuple(case for case, _ in lucky(self.judge.worlds(answers)))

    def rows(self, answers: dict[str, tuple[Answer, ...]]) -> Rows:
        """See the module."""
        found: Rows = {}
        for case, several in answers.items():
            for world, answer in enumerate(several):
                if not self.judge.case(case, answer, world).status.passed:
                    found[case, world] = self.one(case, world, answer)
        return found

    def one(self, case: str, world: int, answer: Answer) -> Fingerprint | None:
        """The fingerprint of a wrong answer; None for a dim one."""
        if answer.status in _SILENT:
            return None
        if answer.status != "returned":
            mark = ending(answer.status, answer.message)
            return mark if mark.telling else None
        bundle, check = self.judge.bundle, check_of(self.judge.bundle.cases.get(case))
        expected, at = bundle.expected_value(case, Recorded(world)), Recorded(world)
        tolerance = bundle.tolerances.get(case, 0.0)
        mine = fingerprint(decode(answer.payload), expected, check, bundle.world(case, at), tolerance)
        right = fingerprint(expected, expected, check, bundle.world(case, at), tolerance)
        alike = mine.form == right.form and abs(mine.mark - right.mark) <= 10 * max(mine.reach, right.reach)
        return mine if mine.telling and not alike else None


def alike(made: Sequence[Mutant], found: Mapping[int, Rows]) -> list[list[int]]:
    """Mutants that are recognised, those with the same words that returned the same together: one number each."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, mutant in enumerate(made):
        rows = found[number]
        if any(rows.values()):
            shown = ((place, mark and (mark.form, mark.mark)) for place, mark in sorted(rows.items()))
            groups.setdefault((reading_of(mutant), *shown), []).append(number)
    return list(groups.values())


def as_made(exam: Exam, made: Sequence[Mutant], found: Mapping[int, Rows]) -> MachineMade:
    """All rows by case and world; of mutants with the same words that returned the same one is enough."""
    kept = [group[0] for group in alike(made, found)]
    readings = [reading_of(made[n]) for n in kept]
    order = {r: i for i, r in enumerate(dict.fromkeys(readings))}
    shown: dict[str, list[Shown]] = {}
    for case, several in exam.judge.bundle.expected.items():
        if exam.seconds.get(case, CHEAP + 1) > CHEAP:
            continue
        for world in range(len(several)):
            here = [(i, found[n][case, world]) for i, n in enumerate(kept) if (case, world) in found[n]]
            marks = [(i, mark) for i, mark in here if mark is not None]
            shown.setdefault(case, []).append(Shown.of(marks, [i for i, mark in here if mark is None]))
    return MachineMade(tuple(order), tuple(order[r] for r in readings), {c: tuple(s) for c, s in shown.items()})
