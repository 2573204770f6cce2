"""`@milestone` and `@replay`: cases about trained work, whose inputs are data that the grader makes outside.

A milestone sends prefixes (or whatever inputs) drawn after the hand-in; the student's model predicts; the check
compares with what was never sent. A replay sends a process a supply of data in a world that nobody has seen, takes the
weights that `train` makes of it, and lets a second process predict with them. The function that makes the material runs
in the grader alone: no seed, no generator and no answer is ever beside student code.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.case import MARK, Case, CheckLike, P
from autograder.authoring.world import World

FIXTURE = "__autograder_fixture__"


@dataclass(frozen=True)
class Material:
    """The data of one draw, as plain values.

    Attributes:
        given: name → value that the predicting process gets.
        kept: what the check compares with; it stays.
        supply: name → value that the training process of a replay gets.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    kept: Any = None
    supply: Mapping[str, Any] = field(default_factory=dict)


class Source(World):
    """The world that a material function draws from.

    Attributes:
        key: of a milestone, the key of the team's deck; of a replay, one that belongs to this draw alone. 32 bytes.
    """

    def __init__(self, seed: int, key: bytes) -> None:
        super().__init__(seed)
        self.key = key


Draw = Callable[[Source], Material]


@dataclass(frozen=True)
class Fixture:
    """How `autograder train` makes weights of a program: the probe's name, what it is supplied with, and the file that
    they are handed in as ("" for that of [submission])."""

    name: str
    supply: Callable[[Source], Material | Mapping[str, Any]]
    weights: str = ""

    def of(self, source: Source) -> Mapping[str, Any]:
        """The supply of a draw."""
        made = self.supply(source)
        return made.supply if isinstance(made, Material) else made


def milestone(question: str, *, material: Draw, judge: CheckLike, worlds: int = 1) -> Callable[[P], P]:
    """Marks a probe `(student, given) -> outputs` that predicts with the weights that were handed in.

    Args:
        question: id of the question, which has a [questions.milestone] in assignment.toml.
        material: `(source) -> Material(given=…, kept=…)`; see `Source`.
        judge: the check; what it expects is `kept`.
        worlds: in how many draws `verify` judges it.
    """

    def mark(probe: P) -> P:
        doc = inspect.cleandoc(probe.__doc__ or "")
        made = Case(probe.__name__, question, False, doc, probe, judge, worlds, kind="milestone", material=material)
        setattr(probe, MARK, made)
        return probe

    return mark


def replay(
    question: str,
    *,
    material: Draw,
    predict: Callable[..., Any],
    judge: CheckLike,
    caps: Callable[..., Any] | str = "",
    recorded: bool = False,
    worlds: int = 1,
) -> Callable[[P], P]:
    """Marks a probe `(student, given) -> weights` that trains; `predict` then judges what came of it elsewhere.

    Args:
        question: as for `milestone`.
        material: `(source) -> Material(supply=…, given=…, kept=…)`.
        predict: a milestone of the same assignment; its probe runs in a second process, which never saw the supply.
        judge: the check; what it expects is `kept`.
        caps: a milestone of the same question whose credit is never more than the replay's.
        recorded: for a replay that takes long: `autograder train` records what the course's own programs come to in its
            first draw, and `verify` judges that.
        worlds: as for `milestone`.
    """

    def mark(probe: P) -> P:
        doc = inspect.cleandoc(probe.__doc__ or "")
        made = Case(
            probe.__name__, question, False, doc, probe, judge, worlds, kind="replay", material=material,
            predict=_name(predict), caps=_name(caps), recorded=recorded,
        )  # fmt: skip
        setattr(probe, MARK, made)
        return probe

    return mark


def fixture(*, supply: Callable[[Source], Material | Mapping[str, Any]], weights: str = "") -> Callable[[P], P]:
    """Marks the probe `(student, given) -> weights` that `autograder train` runs; there is one at most for each file of
    weights.

    Args:
        supply: `(source) -> Material(supply=…)`, or the supply itself.
        weights: a second file, as [questions.milestone] names it. It is trained by the reference alone.
    """

    def mark(probe: P) -> P:
        setattr(probe, FIXTURE, Fixture(probe.__name__, supply, weights))
        return probe

    return mark


def _name(of: Callable[..., Any] | str) -> str:
    return of if isinstance(of, str) else str(getattr(of, "__name__", ""))
