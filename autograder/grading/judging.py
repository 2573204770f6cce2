"""Judging: answers against a bundle, verdict by verdict; no student code runs here.

A judge says what the answers of one submission come to. Its forms differ in where they work and what they remember,
never in what they say: `InProcess` (here, at once), `Caching` (caching.py: remembers), `Separate` (separate.py: a
process of its own, which may die).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from autograder.authoring.case import Case
from autograder.checks.evaluation import OverBudget, allowance
from autograder.grading.bundle import Bundle
from autograder.grading.explainers import EXPLAINERS, Explainer
from autograder.grading.status import Status
from autograder.grading.terms import case_points, check_of
from autograder.grading.verdict import CaseRef, Explanation, Observation, Outcome, Verdict
from autograder.grading.worlds import WorldRef, Worlds
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import BadValue, decode
from autograder.values.rendering import brief

LONGEST = 4000
EXPLAINING = ""
_STANDS = frozenset({Status.FORBIDDEN, Status.WAITING, Status.BROKEN, Status.SKIPPED})
"""What is no matter of the ground."""


def _nobody(_: str) -> None:
    """Nobody watches."""


class Judge(Protocol):
    """See the module."""

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds) -> tuple[Verdict, ...]:
        """Verdicts of the cases in `worlds`, in the order of the bundle; a case without an answer is `broken`.

        Args:
            answers: case name → what came back.
            worlds: case name → the world that it ran in.
        """


@dataclass(frozen=True)
class InProcess:
    """A judge in this process.

    Attributes:
        explainers: asked in their order; none of them for no explanations.
        last: nobody judges again what this one cannot: memory that runs out makes a case `broken`. Otherwise the
            MemoryError is the caller's.
        watch: is told each case before it is judged, and EXPLAINING before an explainer is asked.
    """

    explainers: tuple[Explainer, ...] = EXPLAINERS
    last: bool = True
    watch: Callable[[str], None] = _nobody

    def verdicts(self, bundle: Bundle, answers: Mapping[str, Answer], worlds: Worlds) -> tuple[Verdict, ...]:
        """See `Judge`."""
        cases = [c for c in bundle.cases.cases if c.name in worlds]
        return self.explained(
            bundle, [self.case(bundle, c, answers.get(c.name), worlds[c.name]) for c in cases], answers
        )

    def case(self, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef) -> Verdict:
        """The verdict of one case, without an explanation: the better one where there is an answer on given ground."""
        own = self.on_one_ground(bundle, case, answer, world)
        if answer is None or answer.given is None or own.status.passed or own.status in _STANDS:
            return own
        given = self.on_one_ground(bundle, case, answer.given, world)
        return _better(own, given, case) if given.credit > own.credit else own

    def on_one_ground(self, bundle: Bundle, case: Case, answer: Answer | None, world: WorldRef) -> Verdict:
        """The verdict of an answer by itself, whatever came back on the other ground."""
        full = case_points(bundle, case)
        if answer is None:
            told = Explanation("the grader has no answer for this case")
            return Verdict(case_ref(case), Outcome.without_credit(Status.BROKEN, full), told)
        seen = Observation.of(answer, world)
        if answer.status != "returned":
            told = Explanation(answer.told if case.public and answer.told else answer.message)
            return Verdict(case_ref(case), Outcome.without_credit(Status(answer.status), full), told, seen)
        self.watch(case.name)
        try:
            outcome, told = _judged(bundle, case, answer.payload, world, full)
        except MemoryError:
            if not self.last:
                raise
            outcome = Outcome.without_credit(Status.BROKEN, full)
            told = Explanation("the grader ran out of memory while it judged this answer")
        return Verdict(case_ref(case), outcome, told, seen)

    def explained(
        self, bundle: Bundle, verdicts: Sequence[Verdict], answers: Mapping[str, Answer], run: Collection[str] = ()
    ) -> tuple[Verdict, ...]:
        """The verdicts of one submission with what is behind its failures, as far as an explainer knows.

        Args:
            verdicts: `answers` has what came back for each.
            run: all cases that were run, where `verdicts` are not of all of them.
        """
        run = run or [v.case for v in verdicts]
        left = {v.case: v for v in wrong_ones(bundle, verdicts, answers)}
        words: dict[str, Mapping[str, str]] = {}
        for explainer in self.explainers:
            wrong = [v for case, v in left.items() if case not in words]
            self.watch(EXPLAINING)
            try:
                words |= explainer(bundle, wrong, answers, run) if wrong else {}
            except MemoryError:  # a verdict without an explanation is one still
                if not self.last:
                    raise
        return tuple(v.told(**words[v.case]) if v.case in words else v for v in verdicts)


def wrong_ones(bundle: Bundle, verdicts: Sequence[Verdict], answers: Mapping[str, Answer]) -> list[Verdict]:
    """The verdicts that an explainer is asked about."""
    plain = {c.name for c in bundle.cases.cases if c.kind == "case"}
    return [v for v in verdicts if v.case in plain and v.status.explained and _own(v, answers.get(v.case))]


def _own(verdict: Verdict, answer: Answer | None) -> bool:
    """Whether there is an answer on own ground, and the verdict speaks of it: that is what explainers look at."""
    return answer is not None and (verdict.status is Status.FAILED) == (answer.status == "returned")


def _better(own: Verdict, given: Verdict, case: Case) -> Verdict:
    """The verdict on given ground, saying so; what is wrong on own ground stays said."""
    names = " and ".join(f"`{name}`" for name in case.given)
    what = "this passes" if given.status.passed else "this is better"
    note = f"with the course's own {names} in place of yours {what}, and that is what counts; with yours: "
    message = _capped(note + (own.message or f"`{own.status}`"))
    told = replace(own.explanation, message=message)
    return replace(own, outcome=given.outcome, explanation=told)


def case_ref(case: Case) -> CaseRef:
    """A case as its verdict names it. Students read a milestone's verdict: its inputs are drawn for one hand-in."""
    return CaseRef(case.question, case.name, case.public or case.kind != "case", case.doc, case.kind)


def _judged(bundle: Bundle, case: Case, payload: bytes, world: WorldRef, full: Fraction) -> tuple[Outcome, Explanation]:
    """Outputs against what the reference returned in the same world, within the counted budgets of one verdict."""
    try:
        outputs = decode(payload)
    except BadValue as error:
        return Outcome.without_credit(Status.PROTOCOL, full), Explanation(str(error))
    try:
        with allowance():
            found = check_of(case).judge(
                outputs,
                bundle.expected_value(case.name, world),
                bundle.world(case.name, world),
                bundle.tolerances.get(case.name),
            )
    except OverBudget as error:
        return Outcome.without_credit(Status.PROTOCOL, full), Explanation(str(error))
    except MemoryError:
        raise
    except Exception as error:  # whatever a check raises is its author's fault, never a student's zero
        message = f"the check raised {type(error).__name__}: {error}; outputs were {brief(outputs)}"
        return Outcome.without_credit(Status.BROKEN, full), Explanation(_capped(message))
    told = Explanation(*map(_capped, (found.message, found.got, found.expected, found.where)))
    return Outcome.of(found.credit, full, found.deviation, found.board), told


def _capped(text: str) -> str:
    """A message may quote what came back, which may be long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
