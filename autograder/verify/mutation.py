"""The mutation run: every machine-made mutant against the cases in its reach, hidden and public ones apart.

A mutant is killed by a case that does not pass. Cases of the mutated function's own question come first, in one world;
then their other worlds, then other questions. The first kill ends the run of that visibility, unless the full matrix is
asked for: then every mutant is run in every case and world that it reaches, for who asks what it loses where.

No mutant is trained: a milestone judges it with the reference's weights, and replays are left out. So a survivor in a
function that training reaches and no plain case does is neither killed nor surviving; it is counted by itself.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from autograder.errors import AuthorError
from autograder.grading.cells import Program, Runs
from autograder.grading.plan import Seeds
from autograder.grading.reach import Names, Reach, reach_of, training_only
from autograder.grading.source import AssignmentSource
from autograder.grading.status import Status
from autograder.grading.verdict import Verdict
from autograder.release.sections import names_by_question
from autograder.sandbox.wire.messages import Answer
from autograder.verify.equivalents import Equivalent, excuse, load_equivalents
from autograder.verify.judging import Judge, Verdicts
from autograder.verify.matrix import Answers, Matrix
from autograder.verify.operators import Mutant, mutants
from autograder.verify.places import case_place
from autograder.verify.report import Problem, Row, row

SLOWER = 10.0
LEAST_SECONDS = 1.0


Kill = tuple[Verdict, Answer]


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: the first hidden and the first public verdict that killed it, or None.

    `verdicts` are those of all cases and worlds in its reach, in a full run only. `training` says that it stands in a
    function which only training reaches.
    """

    mutant: Mutant
    hidden: Verdict | None
    public: Verdict | None
    reason: str = ""
    verdicts: Verdicts | None = None
    training: bool = False

    @property
    def untold(self) -> bool:
        """Only training could tell: nobody knows whether it is a mistake."""
        return self.training and self.hidden is None and not self.reason

    @property
    def survived(self) -> bool:
        """A hidden case could have seen it, none did, and nobody said why that is right."""
        return self.hidden is None and not self.reason and not self.training


@dataclass(frozen=True)
class Mutation:
    """A whole run. `seconds` is wall time."""

    fates: tuple[Fate, ...]
    seconds: float = 0.0

    @property
    def counted(self) -> tuple[Fate, ...]:
        """Mutants that cases can tell: all but the recorded equivalents and those that only training reaches."""
        return tuple(f for f in self.fates if not f.reason and not f.untold)

    @property
    def untold(self) -> dict[str, int]:
        """Function → how many of its mutants are reached by training only."""
        return dict(sorted(Counter(f.mutant.function for f in self.fates if f.untold).items()))

    def score(self, public: bool = False) -> float:
        """Share of them that hidden (or public) cases kill; 1 when there are none."""
        killed = [f for f in self.counted if (f.public if public else f.hidden) is not None]
        return len(killed) / len(self.counted) if self.counted else 1.0

    def to_json(self) -> dict[str, Any]:
        """Figures for certificate.json and `--json`."""
        wrong = [v for f in self.counted if (v := f.hidden or f.public) is not None and v.status is Status.FAILED]
        told = [v for v in wrong if v.misconception or v.diagnosis]
        return {
            "mutants": len(self.fates),
            "equivalent": sum(bool(f.reason) for f in self.fates),
            "training_only": self.untold,
            "hidden_score": round(self.score(), 4),
            "public_score": round(self.score(public=True), 4),
            "survivors": [
                {"function": f.mutant.function, "line": f.mutant.line, "operator": f.mutant.operator,
                 "before": f.mutant.before, "after": f.mutant.after}
                for f in self.fates if f.survived
            ],
            "failed_with_values": len(wrong),
            "named": sum(bool(v.misconception) for v in wrong),
            "diagnosed": len(told) - sum(bool(v.misconception) for v in wrong),
            "by_operator": dict(sorted(Counter(f.mutant.operator for f in self.fates).items())),
            "seconds": round(self.seconds, 1),
        }  # fmt: skip


def run_mutation(
    matrix: Matrix, source: AssignmentSource, judge: Judge, seconds: Mapping[str, float], full: bool, only: str = ""
) -> Mutation:
    """Run every mutant.

    Args:
        judge: at the tolerances in force.
        seconds: case → what the reference takes; mutants get ten times that, at least a second.
        full: run every one in all of its cases and worlds.
        only: the question whose functions are mutated; "" for all.
    """
    started = time.monotonic()
    made = mutants(source.reference, str(source.private_folder / source.spec.submission.file))
    entries = load_equivalents(source)
    sections = names_by_question(source.reference, source.spec.questions)
    owner = {name: question for question, names in sections.items() for name in names}
    made = tuple(m for m in made if not only or owner.get(m.function) == only)
    reach = reach_of(source.reference, source.cases)
    arena = Arena(matrix, source, judge, seconds, reach, owner, full, training_only(reach, source.cases))
    fates: dict[str, Fate] = {}
    with ThreadPoolExecutor(matrix.jobs) as pool:
        futures = {pool.submit(arena.fate, mutant, excuse(entries, mutant)): mutant for mutant in made}
        for number, future in enumerate(as_completed(futures), 1):
            mutant = futures[future]
            fates[mutant.text] = future.result()
            matrix.progress(f"mutant {mutant.function}:{mutant.line} {mutant.operator}", number, len(made))
    return Mutation(tuple(fates[m.text] for m in made), time.monotonic() - started)


@dataclass(frozen=True)
class Arena:
    """What every mutant meets."""

    matrix: Matrix
    source: AssignmentSource
    judge: Judge
    seconds: Mapping[str, float]
    reach: Reach
    owner: Mapping[str, str]
    full: bool
    training: Names = frozenset()

    def fate(self, mutant: Mutant, entry: Equivalent | None) -> Fate:
        """Run one mutant until a hidden and a public case killed it, or none is left."""
        reached = self.reach.cases({mutant.function} if mutant.function else None)
        reached = tuple(c for c in reached if self.source.cases.get(c).kind != "replay")  # no mutant is trained
        own = self.owner.get(mutant.function, "")
        with self.matrix.runs(Program(mutant.operator, mutant.text, wrong=True)) as runs:
            public = self._first_kill(runs, reached, own, public=True)
            hidden = self._first_kill(runs, reached, own, public=False)
            verdicts = self._everywhere(runs, reached) if self.full else None
        reason = entry.reason if entry and (hidden is None or not entry.whole_line) else ""
        if hidden is None:
            training = mutant.function in self.training
            return Fate(mutant, None, self._explained(public), reason, verdicts, training)
        return Fate(mutant, self._explained(hidden), public[0] if public else None, reason, verdicts)

    def _explained(self, kill: Kill | None) -> Verdict | None:
        """The verdict with what is behind it."""
        return self.judge.memory.explained(self.judge.bundle, [kill[0]], {kill[0].case: kill[1]})[0] if kill else None

    def _everywhere(self, runs: Runs, reached: Sequence[str]) -> Verdicts:
        """Verdicts of all cases in reach, in all of their worlds."""
        every = {name: range(self.source.cases.get(name).worlds) for name in reached}
        answers: dict[str, tuple[Answer, ...]] = {}
        for public in (True, False):
            for seeds, limit in self._parts(every, public):
                answers |= runs.answers(seeds, limit)
        return self.judge.worlds(answers)

    def _first_kill(self, runs: Runs, reached: Sequence[str], own: str, public: bool) -> Kill | None:
        for stage in self._stages(reached, own, public):
            for seeds, limit in self._parts(stage, public):
                kill = self._kill(runs.answers(seeds, limit), stage)
                if kill is not None:
                    return kill
        return None

    def _stages(self, reached: Sequence[str], own: str, public: bool) -> Iterator[dict[str, range]]:
        """Cases with the worlds to run, most telling ones first."""
        cases = [self.source.cases.get(n) for n in reached if self.source.cases.get(n).public == public]
        mine = [c for c in cases if c.question == own]
        yield {c.name: range(1) for c in mine}
        yield {c.name: range(1, c.worlds) for c in mine if c.worlds > 1}
        yield {c.name: range(c.worlds) for c in cases if c.question != own}

    def _parts(self, stage: Mapping[str, range], public: bool) -> Iterator[tuple[Seeds, float]]:
        """The stage question by question, cheap cases first, each with its time limit."""
        for question in self.source.spec.graded():
            cases = self.source.cases.of(question.id, public)
            chosen = sorted((c.name for c in cases if c.name in stage), key=lambda name: self.seconds.get(name, 0.0))
            if chosen:
                limit = max(LEAST_SECONDS, *(SLOWER * self.seconds.get(c.name, 0.0) for c in cases))
                records = self.judge.bundle.expected
                yield {name: tuple(records[name][i].seed for i in stage[name]) for name in chosen}, limit

    def _kill(self, answers: Answers, stage: Mapping[str, range]) -> Kill | None:
        """The first verdict that is not `passed`, and the answer that it is of."""
        for name, several in answers.items():
            for index, answer in zip(stage[name], several, strict=True):
                verdict = self.judge.case(name, answer, index)
                if verdict.status.grader_fault:
                    fix = "a check must take any value that a student may return"
                    raise AuthorError(verdict.message, where=case_place(self.source, name), fix=fix)
                if not verdict.status.passed:
                    return verdict, answer
        return None


def mutation_gate(mutation: Mutation, file: str) -> Row:
    """No survivor without a reason, and no reason for a mutant that is killed."""
    problems: list[Problem] = []
    for fate in mutation.fates:
        if fate.reason and fate.hidden is not None:
            what = f"recorded as equivalent, but `{fate.hidden.case}` tells it apart:\n      {_shown(fate.mutant)}"
            problems.append(Problem(f"{file}:{fate.mutant.line}", what, "remove the entry from equivalent.toml"))
        elif fate.survived:
            seen = f" (the public case `{fate.public.case}` sees it)" if fate.public else ""
            what = f"{fate.mutant.operator} survives all hidden cases{seen}:\n      {_shown(fate.mutant)}"
            fix = "sharpen a hidden case of its question, or record it in equivalent.toml with a reason"
            problems.append(Problem(f"{file}:{fate.mutant.line}", what, fix))
    figures = (
        f"{len(mutation.counted)} mutants, hidden cases kill {mutation.score():.1%}, public ones alone "
        f"{mutation.score(public=True):.1%}"
    )
    if mutation.untold:
        names = ", ".join(f"`{name}`" for name in mutation.untold)
        figures += f"; reached by training only: {sum(mutation.untold.values())} ({names})"
    return row("mutation", figures, problems, seconds=mutation.seconds)


def _shown(mutant: Mutant) -> str:
    return mutant.diff.replace("\n", "\n      ")
