"""A run: where it stands, who is told, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from autograder.cohort.spool import Result


@dataclass(frozen=True)
class Totals:
    """Where a run stands. `waiting` of the graded ones have cases that a later run will judge; `out` are left to the
    batch system, for the next run to take over."""

    total: int
    known: int = 0
    graded: int = 0
    not_graded: int = 0
    waiting: int = 0
    out: int = 0
    points: Fraction = Fraction(0)
    max_points: Fraction = Fraction(0)

    def with_result(self, result: Result) -> Totals:
        """After one more."""
        if not result.graded:
            return self.lost()
        return replace(
            self,
            graded=self.graded + 1,
            waiting=self.waiting + bool(result.waiting),
            points=self.points + Fraction(result.points),
            max_points=self.max_points + Fraction(result.max_points),
        )

    def lost(self) -> Totals:
        """After one more that could not be graded."""
        return replace(self, not_graded=self.not_graded + 1)

    def still_out(self) -> Totals:
        """After one more that is left to the batch system."""
        return replace(self, out=self.out + 1)

    @property
    def done(self) -> int:
        """Submissions that need no more work, those known before included."""
        return self.known + self.graded + self.not_graded


class Watcher(Protocol):
    """Who is told how a run goes."""

    def begin(self, totals: Totals) -> None:
        """The run starts; `totals.known` submissions were graded before."""

    def step(self, totals: Totals, name: str) -> None:
        """One more submission is finished."""

    def note(self, text: str) -> None:
        """Something else has happened: a sentence."""

    def end(self, totals: Totals, stopped: bool) -> None:
        """The run is over."""


class Silent:
    """A watcher that says nothing."""

    def begin(self, totals: Totals) -> None:
        """Nothing."""

    def step(self, totals: Totals, name: str) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def end(self, totals: Totals, stopped: bool) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        stopped: by Ctrl-C; what was finished is kept.
        not_graded: names whose grading failed by the grader's own fault, with the reason where it is known.
        notes: what else a person should hear, a sentence each.
    """

    totals: Totals
    stopped: bool = False
    not_graded: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 when everything is graded, 1 otherwise (what is still out is not), 130 when stopped."""
        if self.stopped:
            return 130
        return 1 if self.not_graded or self.totals.out else 0
