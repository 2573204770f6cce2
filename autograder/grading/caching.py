"""A judge who remembers: the same answer in the same world is judged once, the same answers to all explained once.

A verdict hangs on the case, the world and what came back, and on nothing else; most right answers of a class are alike.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from autograder.authoring.case import Case
from autograder.grading.bundle import Bundle
from autograder.grading.judging import InProcess
from autograder.grading.terms import check_of
from autograder.grading.verdict import Observation, Verdict
from autograder.grading.worlds import WorldRef, Worlds
from autograder.sandbox.wire.messages import Answer

MOST = 16_384
K = TypeVar("K")
T = TypeVar("T")
_Key = tuple[object, ...]
"""What is judged under (see `Scope`), case, world, and on each ground an answer's status, digest and texts."""
Scope = Callable[[Bundle, Case], object]


def known_by(case: str, answer: Answer | None, world: WorldRef) -> _Key:
    """All that a verdict without an explanation hangs on, for one bundle."""
    if answer is None:
        return case, world
    own = answer.status, hashlib.sha256(answer.payload).digest(), answer.message, answer.told
    return case, world, *own, *(known_by(case, answer.given, world) if answer.given is not None else ())


def by_bundle(bundle: Bundle, case: Case) -> object:
    """Another bundle is another question."""
    return bundle.digest


def by_tolerance(bundle: Bundle, case: Case) -> object:
    """For one assignment under several tolerances: a verdict hangs on the one in force."""
    own = check_of(case).tolerance
    return bundle.tolerances.get(case.name) if own is None else own


class Caching:
    """Keeps the `most` newest verdicts, and as many whole submissions' explanations."""

    def __init__(self, inner: InProcess | None = None, most: int = MOST, scope: Scope = by_bundle) -> None:
        self.inner = inner or InProcess()
        self.most = most
        self.scope = scope
        self._verdicts: OrderedDict[_Key, Verdict] = OrderedDict()
        self._explained: OrderedDict[_Key, tuple[Verdict, ...]] = OrderedDict()

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds) -> tuple[Verdict, ...]:
        """See `judging.Judge`."""
        return self.of_these(bundle, answers, worlds)

    def of_these(
        self,
        bundle: Bundle,
        answers: Mapping[str, Answer],
        worlds: Worlds,
        run: tuple[str, ...] = (),
        explain: bool = True,
    ) -> tuple[Verdict, ...]:
        """The same for some cases of a submission that was run on those in `run`, explained or not."""
        cases = [c for c in bundle.cases.cases if c.name in worlds]
        if not explain:
            return tuple(self.case(bundle, c, answers.get(c.name), worlds[c.name]) for c in cases)
        known = {c.name: self._key(bundle, c, answers.get(c.name), worlds[c.name]) for c in cases}

        def judge() -> tuple[Verdict, ...]:
            found = [self._case(known[c.name], bundle, c, answers.get(c.name), worlds[c.name]) for c in cases]
            return self.inner.explained(bundle, found, answers, run)

        whole = self._once(self._explained, (run, *known.values()), judge)
        return tuple(_of_this_run(v, answers.get(v.case)) for v in whole)

    def case(self, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef) -> Verdict:
        """The verdict of one case, without an explanation."""
        found = self._case(self._key(bundle, case, answer, world), bundle, case, answer, world)
        return _of_this_run(found, answer)

    def learn(self, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef, verdict: Verdict) -> None:
        """What another process has judged of one case, without an explanation."""
        self._once(self._verdicts, self._key(bundle, case, answer, world), lambda: verdict)

    def explained(
        self, bundle: Bundle, verdicts: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str] = ()
    ) -> tuple[Verdict, ...]:
        """As `InProcess.explained`, anew each time: what surrounds a case may be another."""
        return self.inner.explained(bundle, verdicts, answers, run)

    def _case(self, key: _Key, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef) -> Verdict:
        return self._once(self._verdicts, key, lambda: self.inner.case(bundle, case, answer, world))

    def _key(self, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef) -> _Key:
        return self.scope(bundle, case), *known_by(case.name, answer, world)

    def _once(self, memory: OrderedDict[K, T], key: K, make: Callable[[], T]) -> T:
        if key in memory:
            memory.move_to_end(key)
        else:
            memory[key] = make()
            if len(memory) > self.most:
                memory.popitem(last=False)
        return memory[key]


def _of_this_run(verdict: Verdict, answer: Answer | None) -> Verdict:
    """The verdict with what was seen in this very run."""
    if answer is None:
        return verdict
    return verdict.seen(Observation.of(answer, verdict.world))
