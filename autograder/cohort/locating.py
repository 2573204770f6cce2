"""Locating: which function of a submission is wrong, case by case, found by replacing one at a time.

Where a failing case passes with the reference's `softmax` in the place of the student's, `softmax` is what is wrong: no
mistake need be known for that. Only where `solutions/` is: the reference runs beside student code, in a session of its
own after everything else, and nothing comes out of it but names of functions. Points never hang on it.
Not covered: cases that fail whatever is replaced (a mistake in code that no question asks for, a file that cannot be
loaded), functions that are still unwritten (the message says so), three mistakes in one case that no other case shows.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath

from autograder.errors import AuthorError
from autograder.grading.artifacts import in_place
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.judging import Judge
from autograder.grading.plan import planned
from autograder.grading.reach import Reach, changed_names, reach_of
from autograder.grading.run import run_plan, session_for
from autograder.grading.source import AssignmentSource
from autograder.grading.status import Status
from autograder.grading.totals import Grade
from autograder.grading.verdict import Verdict
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from autograder.verify.exchange import exchanged
from autograder.verify.variants import to_write

SECONDS = 60.0
MOST_PAIRS = 15
_UNWRITTEN = ("is still to be written", "your submission does not define")
_LOOKED_AT = frozenset({Status.FAILED, Status.ERROR, Status.TIMEOUT, Status.MEMORY, Status.CRASHED})
Names = tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What locating needs of an assignment; made once for a class."""

    source: AssignmentSource

    @cached_property
    def asked(self) -> Names:
        """All names that a student has to write, in the order of the reference."""
        order = self.reach.uses
        every = {n for names in to_write(self.source).values() for n in names}
        return tuple(n for n in order if n in every)

    @cached_property
    def question(self) -> Mapping[str, str]:
        """Function → the question that asks for it."""
        return {n: q for q, names in to_write(self.source).items() for n in names}

    @cached_property
    def reach(self) -> Reach:
        """What each case calls."""
        return reach_of(self.source.reference, self.source.cases)

    @cached_property
    def candidates(self) -> Mapping[str, Names]:
        """Case → the functions that it may hang on."""
        reached = {case: self.reach.of(names) for case, names in self.reach.calls.items()}
        return {case: tuple(n for n in self.asked if n in names) for case, names in reached.items()}

    @cached_property
    def homes(self) -> Mapping[str, frozenset[str]]:
        """Listed mistake → the functions that it changes."""
        found = {}
        for m in self.source.misconceptions:
            with contextlib.suppress(AuthorError):  # a patch that does not apply is the exam's business
                changed = changed_names(self.source.reference, self.source.variant(m))
                found[m.id] = changed or frozenset(self.asked)
        return found


def located(
    sandbox: Sandbox, ground: Ground, bundle: Bundle, submission: Submission, grade: Grade, evidence: Evidence,
    judge: Judge, seconds: float = SECONDS,
) -> Grade:  # fmt: skip
    """The grade with the names of the wrong functions; without a listed mistake's name where that lies elsewhere.

    Args:
        bundle: whose worlds the evidence was made in.
        seconds: wall time after which nothing new is tried.

    Raises:
        MachineError: the sandbox is gone.
    """
    own = {c.name for c in bundle.cases.cases if c.kind == "case"}
    failing = [v for v in grade.verdicts if _looked_at(v) and v.case in evidence.answers and v.case in own]
    if not failing or not evidence.digest:
        return grade
    work = _Locating(sandbox, ground, bundle, submission, evidence, judge, time.monotonic() + seconds)
    found = work.all([v.case for v in failing])
    return replace(grade, verdicts=tuple(_told(v, found.get(v.case, ()), ground) for v in grade.verdicts))


def located_still(verdicts: Sequence[Verdict], before: Grade, ground: Ground) -> tuple[Verdict, ...]:
    """New verdicts on the same work, with the wrong functions that were found in it once."""
    known = {v.case: tuple(v.located.split(", ")) for v in before.verdicts if v.located}
    return tuple(_told(v, known[v.case], ground) if v.case in known and _looked_at(v) else v for v in verdicts)


def _looked_at(verdict: Verdict) -> bool:
    return verdict.status in _LOOKED_AT and not any(words in verdict.message for words in _UNWRITTEN)


def _told(verdict: Verdict, names: Names, ground: Ground) -> Verdict:
    words = {"located": ", ".join(names)}
    if names and verdict.misconception and not ground.homes.get(verdict.misconception, set(names)) & set(names):
        words |= {"misconception": "", "feedback": ""}
    return verdict if words["located"] == verdict.located and len(words) == 1 else verdict.told(**words)


@dataclass
class _Locating:
    """One submission at work."""

    sandbox: Sandbox
    ground: Ground
    bundle: Bundle
    submission: Submission
    evidence: Evidence
    judge: Judge
    until: float
    tried: dict[tuple[Names, str], bool] = field(default_factory=dict)

    def all(self, failing: Sequence[str]) -> dict[str, Names]:
        """Case → the wrong functions, for those that are found; public cases before any hidden probe is sent again."""
        found: dict[str, Names] = {}
        for public in (True, False):
            own = [c for c in failing if self.bundle.cases.get(c).public == public]
            found |= self._part(own, frozenset(n for names in found.values() for n in names))
        return found

    def _part(self, failing: Sequence[str], first: frozenset[str]) -> dict[str, Names]:
        """The same for some cases; functions in `first` are tried before others."""
        asked = self.ground.asked
        left = [c for c in failing if self.ground.candidates.get(c)]
        left = [c for c in left if c in self.passing(asked, left)]
        singles: dict[str, set[str]] = {}
        for name in sorted(asked, key=lambda n: (n not in first, *self._likely(n, left))):
            singles[name] = self.passing((name,), [c for c in left if name in self.ground.candidates[c]])
            if len(singles[name]) == len(left):
                return dict.fromkeys(left, (name,))
        found: dict[str, Names] = {case: (name,) for case in left if (name := self._best(case, singles))}
        known = tuple(n for n in asked if n in first or any(n in names for names in found.values()))
        for case in left:
            if case not in found:
                found |= self._several(case, known)
        return found

    def _likely(self, name: str, cases: Sequence[str]) -> tuple[int, int]:
        """What is to be tried first sorts first: what most of the cases hang on, then what most of them call."""
        reached = sum(name in self.ground.candidates[c] for c in cases)
        return -reached, -sum(name in self.ground.reach.calls[c] for c in cases)

    def _best(self, case: str, singles: Mapping[str, Collection[str]]) -> str:
        """Of the functions that repair a case the one that repairs most; "" where that leaves several."""
        options = [name for name, cases in singles.items() if case in cases]
        most = max((len(singles[name]) for name in options), default=0)
        options = [name for name in options if len(singles[name]) == most]
        own = [name for name in options if self.ground.question[name] == self.bundle.cases.get(case).question]
        return (options if len(options) == 1 else own)[0] if len(options) == 1 or len(own) == 1 else ""

    def _several(self, case: str, known: Names) -> dict[str, Names]:
        """Two or more functions that repair a case together, where one alone does not."""
        for names in self._sets(self.ground.candidates[case], known):
            if case in self.passing(names, [case]):
                return {case: names}
        return {}

    def _sets(self, candidates: Names, known: Names) -> Iterator[Names]:
        mine = [n for n in candidates if n in known]
        pairs = list(itertools.combinations(mine, 2))[:MOST_PAIRS]
        yield from pairs
        if len(mine) > 2:
            yield tuple(mine)
        for name in candidates if mine else ():
            if name not in mine:
                yield tuple(n for n in candidates if n in mine or n == name)
        rest = [p for p in itertools.combinations(candidates, 2) if p not in pairs]
        yield from rest[:MOST_PAIRS] if not mine else ()

    def passing(self, names: Names, cases: Sequence[str]) -> set[str]:
        """Which of these cases pass when these functions are the reference's; none when the time is over."""
        new = [c for c in cases if (names, c) not in self.tried]
        if new and time.monotonic() < self.until:
            self.tried |= dict.fromkeys(((names, c) for c in new), False)
            self.tried |= {(names, c): True for c in self._run(names, new)}
        return {c for c in cases if self.tried.get((names, c))}

    @cached_property
    def _whole(self) -> Submission:
        """The submission, and beside it what the reference reads."""
        theirs, beside = self.submission, PurePosixPath(self.submission.main).parent
        files = {str(beside / path): data for path, data in in_place(self.ground.source.artifacts).items()}
        return Submission.of(theirs.name, theirs.main, dict(theirs.files) | files) if files else theirs

    def _run(self, names: Names, cases: Sequence[str]) -> set[str]:
        bundle, worlds = self.bundle, {c: self.evidence.worlds[c] for c in cases}
        plan = planned(bundle.spec, bundle.cases, {c: (bundle.expectation(c, w).seed,) for c, w in worlds.items()})
        plan = exchanged(plan, self.ground.source.reference, self.ground.asked, names)
        with session_for(self.sandbox, bundle.cases, self._whole, bundle.support) as session:
            answers = {case: several[0] for case, several in run_plan(session, plan).items()}
        return {v.case for v in self.judge.verdicts(bundle, answers, worlds) if v.status.passed}
