"""What a check says: how far off, how much credit, and in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from autograder.authoring.world import World

FULL = Fraction(1)
NONE = Fraction(0)
WRONG = math.inf


@dataclass(frozen=True)
class Judgement:
    """The opinion of a check on one case.

    Attributes:
        credit: share of the case's points, 0 to 1.
        deviation: 0 for agreement, `inf` when nothing can be compared (shape, type, NaN).
        message: for the student of a public case, and for staff otherwise; empty when all is well.
        got, expected: short renderings of the two values at the place where they differ.
        where: that place, such as `['dW'][0, 3]`.
        board: a value for a record board, where the check measures one.
    """

    credit: Fraction
    deviation: float
    message: str = ""
    got: str = ""
    expected: str = ""
    where: str = ""
    board: float | None = None

    @property
    def passed(self) -> bool:
        """Full credit."""
        return self.credit == FULL


@dataclass(frozen=True)
class Measured:
    """What a `satisfies` predicate returns.

    Attributes:
        deviation: how far from satisfied; passes when it is at most the case's tolerance. `inf` for plainly wrong.
        message: what is wrong, in words.
        credit: partial credit between 0 and 1 when it does not pass.
        board: a value for the leaderboard, where the assignment has one.
    """

    deviation: float
    message: str = ""
    credit: Fraction = NONE
    board: float | None = None


class NotMeasured(TypeError):
    """A judge of `satisfies` answered with something that says nothing; `fix` is the way out."""

    def __init__(self, what: str, fix: str) -> None:
        self.fix = fix
        super().__init__(what)


def measured_by(judge: Callable[..., Any], answer: Any) -> Measured:
    """The answer of an author's judge.

    Raises:
        NotMeasured: it is no Measured with a number in it.

    >>> measured_by(lambda outputs, world: True, True)
    Traceback (most recent call last):
        ...
    autograder.checks.judgement.NotMeasured: the judge `<lambda>` returned True, and not Measured(…)
    """
    maker, _, own = getattr(judge, "__qualname__", type(judge).__name__).rpartition(".<locals>.")
    name = f"{maker}(...)" if maker else own
    if isinstance(answer, Measured):
        try:
            float(answer.deviation)
        except (TypeError, ValueError):
            what = f"the judge `{name}` measured {answer.deviation!r:.80}, which is no number"
            raise NotMeasured(what, "Measured(DEVIATION, MESSAGE): 0.0 for right, math.inf for plainly wrong") from None
        return answer
    if callable(answer):
        what = f"the judge `{name}` returned a function, and not Measured(…): it makes judges, and was not called"
        raise NotMeasured(what, f"call it: satisfies({name}(...))")
    fix = "return Measured(0.0) for right outputs, and Measured(math.inf, WHAT IS WRONG) for others"
    raise NotMeasured(f"the judge `{name}` returned {answer!r:.80}, and not Measured(…)", fix)


class Check(Protocol):
    """A pure function from outputs to a judgement."""

    @property
    def kind(self) -> str:
        """Name of the check, as reports print it."""

    @property
    def tolerance(self) -> float | None:
        """The author's own tolerance, or None where calibration sets it."""

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Judge decoded `outputs` against the reference's `expected`.

        Args:
            outputs: what the student's probe returned.
            expected: what the reference's probe returned in the same world.
            world: a fresh world of the same seed.
            tolerance: from the certificate; used where the author set none.
        """


def allowed(own: float | None, certified: float | None, default: float) -> float:
    """The tolerance in force: the author's, else the certificate's, else the default."""
    if own is not None:
        return own
    return certified if certified is not None else default
