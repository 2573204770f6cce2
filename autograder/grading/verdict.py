"""A verdict: what one case of one submission came to.

Four parts, each a noun of its own: which case, how it came out, what to say about it, and what was seen while it ran.
Readers ask the verdict itself (`verdict.status`, `verdict.message`); who makes one names the parts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from fractions import Fraction
from typing import Any

from autograder.grading.status import Status
from autograder.grading.worlds import HANDOUT, WorldRef
from autograder.sandbox.wire.messages import Answer

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case as a report needs it: its question, name, visibility and docstring; and whether it is a milestone or a
    replay, of which students read all though nothing of them is handed out."""

    question: str
    case: str
    public: bool
    doc: str = ""
    kind: str = "case"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it came out.

    Attributes:
        credit: share of the case's points, 0 to 1.
        points, max_points: what the case gives and could give.
        deviation: how far the outputs are from the right ones, in the check's own measure.
        board: the value for a record board, where the check measures one.
    """

    status: Status
    credit: Fraction
    points: Fraction
    max_points: Fraction
    deviation: float = 0.0
    board: float | None = None

    @staticmethod
    def of(credit: Fraction, full: Fraction, deviation: float = 0.0, board: float | None = None) -> Outcome:
        """Outputs were judged: passed with full credit, else failed."""
        credit = min(max(Fraction(credit), _NOTHING), Fraction(1))
        status = Status.PASSED if credit == 1 else Status.FAILED
        return Outcome(status, credit, full * credit, full, deviation, board)

    @staticmethod
    def without_credit(status: Status, full: Fraction) -> Outcome:
        """No outputs to judge: whatever the reason, no points."""
        return Outcome(status, _NOTHING, _NOTHING, full)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What to say: to the student of a public case, to staff of a hidden one.

    Attributes:
        misconception: id of the mistake that these outputs show, or "".
        feedback: what to tell about it.
        diagnosis: what kind of difference it is when no misconception matches ("off by the factor 2"), or "".
        located: the functions that are wrong, as "softmax, attention", where they were looked for and found; with the
            reference's in their place the case passes.
    """

    message: str = ""
    got: str = ""
    expected: str = ""
    where: str = ""
    misconception: str = ""
    feedback: str = ""
    diagnosis: str = ""
    located: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen while it ran.

    Attributes:
        trace: the calls of the student's functions, as text.
        world: the world that it ran in.
        evidence: what a person may look at (operators seen under a forbidden alias, say).
    """

    trace: tuple[str, ...] = ()
    stdout: str = ""
    seconds: float = 0.0
    world: WorldRef = HANDOUT
    evidence: tuple[str, ...] = ()

    @staticmethod
    def of(answer: Answer, world: WorldRef) -> Observation:
        """What came with an answer, on both grounds."""
        given = answer.given.evidence if answer.given is not None else ()
        seen = (*answer.evidence, *(line for line in given if line not in answer.evidence))
        return Observation(answer.trace, answer.stdout, answer.seconds, world, seen)


@dataclass(frozen=True, slots=True)
class Verdict:
    """See the module."""

    ref: CaseRef
    outcome: Outcome
    explanation: Explanation = field(default_factory=Explanation)
    observation: Observation = field(default_factory=Observation)

    @staticmethod
    def flat(**fields: Any) -> Verdict:
        """A verdict from the fields of its parts, by name; those that are not given have their defaults.

        Raises:
            TypeError: a field of no part, or one missing that has no default.
            ValueError: no such status.
        """
        if "status" in fields:
            fields["status"] = Status(fields["status"])
        parts: list[Any] = [
            kind(**{name: fields.pop(name) for name in names if name in fields}) for kind, names in _PARTS.items()
        ]
        if fields:
            raise TypeError(f"a verdict has no {', '.join(sorted(fields))}")
        return Verdict(*parts)

    def but(self, **fields: Any) -> Verdict:
        """The same verdict with other values of these fields, whichever part they are of."""
        return Verdict.flat(**({n: getattr(self, n) for n in FIELDS} | fields))

    def seen(self, observation: Observation) -> Verdict:
        """The same verdict on another run that came back with the same."""
        return self if self.observation == observation else replace(self, observation=observation)

    def told(self, **words: str) -> Verdict:
        """The same verdict with other words (fields of `Explanation`)."""
        return replace(self, explanation=replace(self.explanation, **words))

    @property
    def question(self) -> str:
        """Id of the question."""
        return self.ref.question

    @property
    def case(self) -> str:
        """Name of the case."""
        return self.ref.case

    @property
    def public(self) -> bool:
        """Whether students know the case."""
        return self.ref.public

    @property
    def doc(self) -> str:
        """The case's docstring."""
        return self.ref.doc

    @property
    def kind(self) -> str:
        """`case`, `milestone` or `replay`."""
        return self.ref.kind

    @property
    def status(self) -> Status:
        """What the case came to."""
        return self.outcome.status

    @property
    def credit(self) -> Fraction:
        """Share of the case's points."""
        return self.outcome.credit

    @property
    def points(self) -> Fraction:
        """Points earned."""
        return self.outcome.points

    @property
    def max_points(self) -> Fraction:
        """Points that there were to earn."""
        return self.outcome.max_points

    @property
    def for_practice(self) -> bool:
        """A public case that earns nothing: the handout ships what it expects."""
        return self.public and not self.max_points and self.kind == "case"

    @property
    def left_out(self) -> bool:
        """Of a question that may be left out, and was: it is neither right nor wrong."""
        return self.kind == "milestone" and self.status is Status.SKIPPED

    @property
    def deviation(self) -> float:
        """How far the outputs are from the right ones."""
        return self.outcome.deviation

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.explanation.message

    @property
    def got(self) -> str:
        """What came back, as text."""
        return self.explanation.got

    @property
    def expected(self) -> str:
        """What should have."""
        return self.explanation.expected

    @property
    def where(self) -> str:
        """The place of the first difference."""
        return self.explanation.where

    @property
    def misconception(self) -> str:
        """Id of the known mistake, or empty."""
        return self.explanation.misconception

    @property
    def feedback(self) -> str:
        """What to tell about it."""
        return self.explanation.feedback

    @property
    def diagnosis(self) -> str:
        """What kind of difference it is, or empty."""
        return self.explanation.diagnosis

    @property
    def located(self) -> str:
        """Names of the functions that are wrong, or empty."""
        return self.explanation.located

    @property
    def trace(self) -> tuple[str, ...]:
        """The calls of the student's functions."""
        return self.observation.trace

    @property
    def stdout(self) -> str:
        """What the student's code printed."""
        return self.observation.stdout

    @property
    def seconds(self) -> float:
        """Measured time."""
        return self.observation.seconds

    @property
    def world(self) -> WorldRef:
        """The world that it ran in."""
        return self.observation.world

    @property
    def evidence(self) -> tuple[str, ...]:
        """What a person may look at."""
        return self.observation.evidence

    @property
    def board(self) -> float | None:
        """Value for a leaderboard."""
        return self.outcome.board


_PARTS: dict[Any, tuple[str, ...]] = {
    kind: tuple(f.name for f in dataclass_fields(kind)) for kind in (CaseRef, Outcome, Explanation, Observation)
}
FIELDS = tuple(name for names in _PARTS.values() for name in names)
