"""Fingerprinting: every machine-made mistake run in every cheap case and world, and what came back in a dozen bytes.

Mutants here are those that every case must see, and more (more_operators.py). What passes leaves no trace, and an
answer that cannot be told from the right one, or says nothing (a time limit, a crash), is noted as dim. Cases that take
long are left out: they neither speak for a reading nor against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from autograder.checks.fingerprints import Fingerprint, ending, fingerprint
from autograder.grading.cells import Program
from autograder.grading.reach import reach_of
from autograder.grading.readings import MachineMade, Reading, Shown
from autograder.grading.terms import check_of
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode
from autograder.verify.gate import Exam
from autograder.verify.more_operators import more_mutants
from autograder.verify.mutation import Arena
from autograder.verify.operators import Mutant, mutants
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
    only = exam.options.only
    return tuple(m for m in made.values() if not only or only in {question.get(n) for n in m.function.split(", ")})


def fingerprinted(exam: Exam, made: Sequence[Mutant], worlds: int | None = None) -> MachineMade:
    """What the mutants returned.

    Args:
        worlds: how many of each case's worlds; all when None.
    """
    source, judge = exam.usable, exam.judge
    reach = reach_of(source.reference, source.cases)
    arena = Arena(exam.matrix, source, judge, exam.seconds, reach, {}, full=True)
    scope = _Scope(exam, worlds)

    def run(mutant: Mutant) -> Rows:
        names = set(mutant.function.split(", ")) if mutant.function else None
        reached = [c for c in reach.cases(names) if exam.seconds.get(c, CHEAP + 1) <= CHEAP]
        with exam.matrix.runs(Program(mutant.operator, mutant.text, wrong=True)) as runs:
            return scope.rows(arena.everything(runs, reached, worlds))

    found: dict[int, Rows] = {}
    with ThreadPoolExecutor(exam.matrix.jobs) as pool:
        futures = {pool.submit(run, mutant): number for number, mutant in enumerate(made)}
        for done, future in enumerate(as_completed(futures), 1):
            found[futures[future]] = future.result()
            exam.matrix.progress("fingerprints", done, len(made))
    return _as_made(exam, made, found)


class _Scope:
    """The answers of one mutant as fingerprints."""

    def __init__(self, exam: Exam, worlds: int | None) -> None:
        self.judge, self.worlds = exam.judge, worlds

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


def twins(exam: Exam, made: MachineMade) -> dict[str, Reading]:
    """Listed mistake → another one that public cases, in the handout's world, cannot tell from it.

    Where that is so, nobody is told the listed one in public: half of those who were would have made the other.
    """
    bundle, scope = exam.judge.bundle, _Scope(exam, 1)
    question, public = (
        {c.name: c.question for c in bundle.cases.cases},
        {c.name for c in bundle.cases.cases if c.public},
    )
    found = {}
    for record in bundle.misconceptions:
        failed: dict[str, tuple[int, Fingerprint]] = {}
        for case, ((status, payload), *_) in record.outputs.items():
            text = "" if status == "returned" else payload.decode(errors="replace")
            mark = scope.one(case, 0, Answer(case, status, payload=b"" if text else payload, message=text))  # type: ignore[arg-type]
            if mark is not None and case in made.shown:
                failed[case] = 0, mark
        shown = {c: f for c, f in failed.items() if c in public}
        asked = {question[c] for c in shown}
        passed = [c for c in made.shown if question[c] in asked and c not in record.outputs]
        alike = made.fitting(shown, [c for c in passed if c in public]) - made.fitting(failed, passed)
        if alike:
            found[record.id] = made.readings[made.of[min(alike)]]
    return found


def _as_made(exam: Exam, made: Sequence[Mutant], found: dict[int, Rows]) -> MachineMade:
    """All rows by case and world; of mutants with the same words that returned the same one is enough."""
    numbers: dict[tuple[object, ...], int] = {}
    readings = [reading_of(m) for m in made]
    for number in range(len(made)):
        rows = found[number]
        if any(rows.values()):
            key = readings[number], *((place, mark and (mark.form, mark.mark)) for place, mark in sorted(rows.items()))
            numbers.setdefault(key, number)
    kept = sorted(numbers.values())
    order = {r: i for i, r in enumerate(dict.fromkeys(readings[n] for n in kept))}
    shown: dict[str, list[Shown]] = {}
    for case, several in exam.judge.bundle.expected.items():
        if exam.seconds.get(case, CHEAP + 1) > CHEAP:
            continue
        for world in range(len(several)):
            here = [(i, found[n][case, world]) for i, n in enumerate(kept) if (case, world) in found[n]]
            marks = [(i, mark) for i, mark in here if mark is not None]
            shown.setdefault(case, []).append(Shown.of(marks, [i for i, mark in here if mark is None]))
    return MachineMade(tuple(order), tuple(order[readings[n]] for n in kept), {c: tuple(s) for c, s in shown.items()})
