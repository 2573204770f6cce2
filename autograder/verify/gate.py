"""A gate: the programs that it needs run, and the row that it judges from their answers; and the exam that it asks.

Gates do not know each other; holding.py holds them.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.certificate import measured_alike
from autograder.grading.fixtures import REFERENCE, exam_keys, recorded_name
from autograder.grading.reach import numbered
from autograder.grading.record import misconception_record
from autograder.grading.source import AssignmentSource
from autograder.verify.agreement import empty_questions
from autograder.verify.calibration import Margin, calibrate
from autograder.verify.flaky import Reseeded, planned, reseed
from autograder.verify.judging import Judge, Verdicts
from autograder.verify.matrix import Answers, Matrix
from autograder.verify.mutation import Mutation
from autograder.verify.places import case_place, problem_of, reference_place
from autograder.verify.probes import probe_problems
from autograder.verify.report import Problem, Row
from autograder.verify.spread import spread
from autograder.verify.training import stale
from autograder.verify.unjudged import bare_judge, unjudged
from autograder.verify.variants import RIGHT, Made, Variant, Workshop

Maker = Callable[[Workshop], Made]
DEAR = 1.0
"""Seconds of one run above which a case is run in one world only by gates that make up many programs."""


@dataclass(frozen=True)
class Gate:
    """One demand on an assignment.

    Attributes:
        name: as the table shows it.
        judge: the row; None where the assignment has nothing that the gate speaks of.
        needs: makers of the programs whose answers it judges.
        runs: whether it asks for answers at all; such a gate is skipped where the reference gives none.
        whole: whether it speaks of the assignment as a whole, and not of a single question.
    """

    name: str
    judge: Callable[[Exam], Row | None]
    needs: tuple[Maker, ...] = ()
    runs: bool = True
    whole: bool = False


@dataclass(frozen=True)
class Options:
    """What an exam is to do.

    Attributes:
        mutate: run the machine-made mutants too.
        full: run every mutant in every case and world that it reaches, not only until it is killed.
        write: calibrate anew, re-seed, and make a certificate when everything passes.
        flaky: re-seeded runs of the reference and each alternate, per case.
        flaky_seconds: time for them; expensive cases get fewer, and the certificate says how many.
        fingerprints: run every mutant in every cheap case and world, for the explanations of wrong answers.
        jobs: programs that run at a time.
        only: the question whose cases are examined; "" for all.
    """

    mutate: bool = False
    full: bool = False
    fingerprints: bool = False
    write: bool = False
    flaky: int = 200
    flaky_seconds: float = 60.0
    jobs: int = 2
    only: str = ""


@dataclass
class Exam:
    """One assignment in its exam. What a gate asks for is found out when the first gate asks.

    Attributes:
        source: the assignment as it was loaded.
        makers: of all programs that the gates need; `made_by` has what each of them made.
        mutation: what the mutation run came to, once there was one.
        fingerprints: content of fingerprints.bin, once it was made.
    """

    source: AssignmentSource
    options: Options
    matrix: Matrix
    makers: tuple[Maker, ...]
    mutation: Mutation | None = None
    fingerprints: bytes = b""
    made_by: dict[Maker, list[Variant]] = field(default_factory=dict)
    _faults: dict[Maker, list[Problem]] = field(default_factory=dict)

    @cached_property
    def asked(self) -> AssignmentSource:
        """The assignment with the cases that are to be examined, and that can be."""
        only = self.options.only
        empty = empty_questions(self.source)
        chosen = (c for c in self.source.cases.cases if only in ("", c.question) and c.question not in empty)
        return _part(self.source, {c.name for c in chosen if c.name not in self.odd_probes})

    @cached_property
    def odd_probes(self) -> Mapping[str, tuple[Problem, ...]]:
        """Case → what is wrong with its probe by its text."""
        return probe_problems(self.source)

    @cached_property
    def reference(self) -> tuple[Mapping[str, tuple[Expectation, ...]], tuple[Problem, ...]]:
        """What the reference returned, case by case, and the cases in which it did not."""
        try:
            compile(self.source.reference, self.source.spec.submission.file, "exec")
        except SyntaxError as error:
            place = reference_place(self.source, error.lineno or 0)
            return {}, (Problem(place, f"the reference is not valid Python: {error.msg}", "mend the line"),)
        program = Workshop(self.asked).with_reference()
        self.matrix.fill([program])
        expected, problems = {}, []
        for case, answers in self.matrix.made[program.key].items():
            bad = next((a for a in answers if a.status != "returned"), None)
            if bad is not None:
                where = case_place(self.source, case)
                what = f"the reference ends with `{bad.status}` in case `{case}`: {bad.message}"
                problems.append(Problem(where, what, self._way_out(case)))
                continue
            pairs = zip(program.seeds[case], answers, strict=True)
            expected[case] = tuple(Expectation(seed, answer.payload, draws=answer.draws) for seed, answer in pairs)
        return expected, tuple(problems)

    def _way_out(self, case: str) -> str:
        """What helps where the reference fails in a case: trained work has its weights first."""
        drawn = self.source.cases.get(case).kind != "case" and self.source.cases.fixture is not None
        if drawn and not {REFERENCE, recorded_name(REFERENCE, case)}.isdisjoint(stale(self.source)):
            return f"autograder train {self.source.spec.id}"
        return "mend the reference or the probe; the other cases were examined"

    @cached_property
    def _bare(self) -> Judge:
        """A judge who knows what the reference returned, and no mistakes."""
        judge = bare_judge(_part(self.asked, set(self.reference[0])), self.reference[0])
        self._spread(judge, {c: {c: several} for c, several in self._own.items() if c in self.reference[0]})
        return judge

    @property
    def _own(self) -> Answers:
        return self.matrix.made["reference", "reference"]

    @cached_property
    def unjudged(self) -> Mapping[str, Problem]:
        """Case → why its check cannot judge what the reference itself returns."""
        return unjudged(self.source, self._bare, self._own) if self.reference[0] else {}

    @cached_property
    def usable(self) -> AssignmentSource:
        """The part of the assignment in which the reference gives something to judge by, and the check judges it."""
        return _part(self.asked, set(self.reference[0]) - {*self.unjudged})

    @cached_property
    def shop(self) -> Workshop:
        """Where the programs of this exam are made."""
        return Workshop(self.usable, frozenset(c for c, seconds in self.seconds.items() if seconds > DEAR))

    @cached_property
    def programs(self) -> tuple[Variant, ...]:
        """All programs that the gates need, run."""
        for maker in self.makers:
            try:
                found = list(maker(self.shop))
            except AuthorError as error:
                found = [problem_of(error)]
            self._faults[maker] = [one for one in found if isinstance(one, Problem)]
            self.made_by[maker] = [one for one in found if isinstance(one, Variant)]
        made = tuple(one for several in self.made_by.values() for one in several)
        self.matrix.fill(made)
        return made

    def faults_of(self, maker: Maker) -> list[Problem]:
        """What is wrong with programs that a maker could not make."""
        self.programs  # noqa: B018  # makes them, if no gate has asked yet
        return self._faults[maker]

    def answers(self, kind: str) -> dict[str, Answers]:
        """Name → answers of the programs of a kind."""
        return {v.name: self.matrix.made[v.key] for v in self.programs if v.kind == kind}

    @cached_property
    def seconds(self) -> dict[str, float]:
        """Case → mean time of one run of the reference."""
        return {case: statistics.fmean(a.seconds for a in self._own[case]) for case in self.reference[0]}

    @cached_property
    def _recorded(self) -> Judge:
        """A judge at the tolerances of the certificate."""
        source, mistakes = self.usable, self.answers("misconception")
        return self._bare.at(
            Bundle(
                spec=source.spec,
                spec_text=source.spec_text,
                cases=source.cases,
                support=source.support,
                expected=self.reference[0],
                misconceptions=tuple(
                    misconception_record(m, _plain(source, mistakes[m.id]))
                    for m in source.misconceptions
                    if m.id in mistakes
                ),
                tolerances=source.tolerances,
                draws=exam_keys(source),
                reach=numbered(self.shop.reach),
            )
        )

    @cached_property
    def _measured(self) -> tuple[dict[str, Margin], Reseeded | None, Judge]:
        """Margins, re-seeded runs, and the judge at the tolerances in force (measured anew with `options.write`)."""
        judge = self._recorded
        right: dict[str, Verdicts] = {n: judge.worlds(a) for kind in RIGHT for n, a in self.answers(kind).items()}
        reseeded = self._reseeded(judge)
        if reseeded is not None:
            right |= {f"{name}, re-seeded": verdicts for name, verdicts in reseeded.verdicts.items()}
        write = self.options.write
        stored = measured_alike(self.source) if write else self.source.tolerances
        margins = calibrate(judge.bundle, right, self._wrong(judge), stored, anew=write)
        tolerances = {m.case: m.tolerance for m in margins.values() if m.tolerance is not None}
        reseeded = reseeded.at(tolerances) if reseeded is not None else None
        return margins, reseeded, judge.at(replace(judge.bundle, tolerances=tolerances))

    def _wrong(self, judge: Judge) -> dict[str, Verdicts]:
        """Verdicts of the misconceptions in the cases that they must fail."""
        every = self.answers("misconception")
        failing = {
            m.id: {c: a for c, a in every[m.id].items() if c in m.fails}
            for m in self.usable.misconceptions
            if m.id in every
        }
        return self._spread(judge, failing)

    def _spread(self, judge: Judge, answers: Mapping[str, Answers], explain: bool = False) -> dict[str, Verdicts]:
        """Name → verdicts, by all processors; what they judged is remembered here."""
        judged = spread(lambda name: judge.worlds(answers[name], explain), list(answers), self.options.jobs)
        found: dict[str, Verdicts] = dict(zip(answers, judged, strict=True))
        if not explain:
            for name, verdicts in found.items():
                judge.learn(answers[name], verdicts)
        return found

    def _reseeded(self, judge: Judge) -> Reseeded | None:
        if not (self.options.write and self.options.flaky):
            return None
        right = [v for v in self.programs if v.kind in RIGHT]
        programs = Counter(case for v in self.programs for case in v.seeds)
        plan = planned(self._with_judging(judge), programs, self.options.flaky, self.options.flaky_seconds)
        return reseed(self.matrix, judge, right, plan)

    def _with_judging(self, judge: Judge) -> dict[str, float]:
        """Case → time of one run and one judgement."""
        found = {}
        for case, several in self._own.items():
            if case in self.seconds and self.source.cases.get(case).kind != "replay":
                started = time.monotonic()
                judge.case(case, several[0], 0)
                found[case] = self.seconds[case] + time.monotonic() - started
        return found

    @property
    def margins(self) -> dict[str, Margin]:
        """The figures of every case."""
        return self._measured[0]

    @property
    def reseeded(self) -> Reseeded | None:
        """Runs in worlds that were never recorded; None without `options.write`."""
        return self._measured[1]

    @property
    def judge(self) -> Judge:
        """The judge at the tolerances in force."""
        return self._measured[2]

    def verdicts(self, kind: str, explain: bool = False) -> dict[str, Verdicts]:
        """Name → verdicts, per case and world, of the programs of a kind.

        Args:
            explain: whether to look for the mistake behind each failure, as for a submission.
        """
        key = (kind, explain)
        if key not in self._judged:
            self._judged[key] = self._spread(self.judge, self.answers(kind), explain)
        return self._judged[key]

    @cached_property
    def _judged(self) -> dict[tuple[str, bool], dict[str, Verdicts]]:
        return {}


def _plain(source: AssignmentSource, answers: Answers) -> Answers:
    """Answers to plain cases: nobody is told a mistake by what a milestone returned, for its draws never come again."""
    return {c: several for c, several in answers.items() if source.cases.get(c).kind == "case"}


def _part(source: AssignmentSource, cases: set[str]) -> AssignmentSource:
    """The assignment with these cases only; a misconception keeps what it fails among them."""
    if len(cases) == len(source.cases.cases):
        return source
    chosen = replace(source.cases, cases=tuple(c for c in source.cases.cases if c.name in cases))
    mistakes = [
        m.model_copy(update={"fails": fails})
        for m in source.misconceptions
        if (fails := tuple(c for c in m.fails if c in cases))
    ]
    return replace(source, cases=chosen, misconceptions=tuple(mistakes))
