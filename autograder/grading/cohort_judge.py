"""The judge of a cohort: the same answer in the same world is judged once, the same answers to all explained once.

A verdict hangs on the case, the world and what came back, and on nothing else; most right answers of a class are alike.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from autograder.authoring.case import Case
from autograder.grading.bundle import Bundle
from autograder.grading.judge import Verdict, explained, judge_case
from autograder.sandbox.wire.messages import Answer

MOST = 16_384
_SEEN = ("trace", "stdout", "seconds", "evidence")
K = TypeVar("K")
T = TypeVar("T")
_Key = tuple[str, str, int, str, bytes, str]
"""Bundle, case, world, and an answer's status, payload (its sha256) and message."""


class CohortJudge:
    """Keeps the `most` newest verdicts, and as many whole submissions' explanations."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._verdicts: OrderedDict[_Key, Verdict] = OrderedDict()
        self._explained: OrderedDict[tuple[_Key, ...], tuple[Verdict, ...]] = OrderedDict()

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Mapping[str, int]) -> tuple[Verdict, ...]:
        """Verdicts of the cases in `worlds`, as `judge_answers` gives them; all of them need an answer."""
        cases = [c for c in bundle.cases.cases if c.name in worlds]
        keys = tuple(_key(bundle, answers[c.name], worlds[c.name]) for c in cases)

        def judge(case: Case) -> Verdict:
            return judge_case(bundle, case, answers[case.name], worlds[case.name])

        def whole() -> tuple[Verdict, ...]:
            pairs = zip(cases, keys, strict=True)
            found = [self._once(self._verdicts, key, partial(judge, case)) for case, key in pairs]
            return explained(bundle, found, answers)

        return tuple(_of_this_run(v, answers[v.case]) for v in self._once(self._explained, keys, whole))

    def _once(self, memory: OrderedDict[K, T], key: K, make: Callable[[], T]) -> T:
        if key in memory:
            memory.move_to_end(key)
        else:
            memory[key] = make()
            if len(memory) > self.most:
                memory.popitem(last=False)
        return memory[key]


def _key(bundle: Bundle, answer: Answer, world: int) -> _Key:
    payload = hashlib.sha256(answer.payload).digest()
    return bundle.digest, answer.case, world, answer.status, payload, answer.message


def _of_this_run(verdict: Verdict, answer: Answer) -> Verdict:
    """The verdict with what was seen in this very run."""
    if all(getattr(verdict, name) == getattr(answer, name) for name in _SEEN):
        return verdict
    return replace(verdict, **{name: getattr(answer, name) for name in _SEEN})
