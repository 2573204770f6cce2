"""Results at home: what the public cases of a question came to, what that covers, and what is still to be written."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.grading.verdict import Verdict
from autograder.home.facts import QuestionFacts


def _sum(points: Iterable[Fraction]) -> Fraction:
    return sum(points, Fraction(0))


@dataclass(frozen=True)
class CaseResult:
    """A case: its verdict, and the values that were compared, as far as there are any."""

    verdict: Verdict
    got: Any = None
    expected: Any = None
    tolerance: float | None = None
    compared: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """A question.

    Attributes:
        unwritten: functions of it that are still to be written.
        problems: what went wrong while the work was loaded, a line each.
    """

    facts: QuestionFacts
    cases: tuple[CaseResult, ...]
    unwritten: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """In the order of the cases."""
        return tuple(case.verdict for case in self.cases)

    @property
    def passed(self) -> int:
        """How many cases pass."""
        return sum(v.status.passed for v in self.verdicts)

    @property
    def points(self) -> Fraction:
        """Points that the public cases would give."""
        return _sum(v.points for v in self.verdicts)

    @property
    def good(self) -> bool:
        """All public cases pass, and nothing is left to write."""
        return self.passed == len(self.facts.cases) and not self.unwritten


def worth(verdict: Verdict, question: QuestionFacts) -> Verdict:
    """The verdict with the points that its case has in grading; a handout's bundle knows public cases only."""
    full = next(c.points for c in question.cases if c.name == verdict.case)
    return verdict.but(points=full * verdict.credit, max_points=full)


def unwritten(question: QuestionFacts, names: Mapping[str, Any], whole: bool = True) -> tuple[str, ...]:
    """Functions of a question that still raise what the stub raises, or that are not there.

    Args:
        names: the global names of the work.
        whole: whether all of it was loaded; what is not there is else missing for another reason.
    """
    return tuple(name for name in question.functions if _open(name, names, whole))


def _open(name: str, names: Mapping[str, Any], whole: bool) -> bool:
    first, _, rest = name.partition(".")
    thing = names.get(first)
    if thing is None:
        return whole and first not in names
    for part in filter(None, rest.split(".")):
        thing = vars(thing).get(part) if isinstance(thing, type) else None
    code = getattr(thing, "__code__", None)
    return isinstance(code, types.CodeType) and _says_so(code, name)


def _says_so(code: types.CodeType, name: str) -> bool:
    """Whether code raises the stub's NotImplementedError, in itself or in a function inside."""
    if "NotImplementedError" in code.co_names and f"write {name}" in code.co_consts:
        return True
    return any(_says_so(inner, name) for inner in code.co_consts if isinstance(inner, types.CodeType))


@dataclass(frozen=True)
class Total:
    """The public part of several questions."""

    passed: int
    cases: int
    points: Fraction
    most: Fraction
    hidden: int
    hidden_points: Fraction
    written: Fraction

    @staticmethod
    def of(results: Iterable[QuestionResult], questions: Sequence[QuestionFacts]) -> Total:
        """Over results; `questions` are those that were asked for, all or some of the assignment's."""
        done = list(results)
        return Total(
            sum(r.passed for r in done),
            sum(len(q.cases) for q in questions),
            _sum(r.points for r in done),
            _sum(q.public_points for q in questions),
            sum(q.hidden for q in questions),
            _sum(q.hidden_points for q in questions),
            _sum(q.points for q in questions if q.kind == "written"),
        )
