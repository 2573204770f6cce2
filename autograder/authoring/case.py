"""`@case`: a probe, its question, who may see it, and its check."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

Probe = Callable[[Any, Any], Any]
P = TypeVar("P", bound=Callable[..., Any])
Kind = Literal["case", "milestone", "replay"]
MARK = "__autograder_case__"
MAY_CHANGE = "may_change"
"""Attribute of a probe: the student's functions that may change their arguments in it."""
GIVEN = "given"
"""Attribute of a probe: names of the student's functions with what stands in their place on given ground."""


class CheckLike(Protocol):
    """What a case needs of its check; autograder/checks has the real ones."""

    @property
    def kind(self) -> str:
        """Name of the check, as reports print it."""


@dataclass(frozen=True)
class Case:
    """One test case. `name` is the probe's name and unique in its assignment; `doc` is what a student reads.

    Attributes:
        given: names of the student's functions, each with the function that stands in for it on given ground.
        kind: a plain case, or one of milestone.py; of those the following have a meaning.
        material: makes its data, in the grader.
        predict: of a replay, the milestone whose probe predicts.
        caps: of a replay, the milestone whose credit is never more than the replay's; "" for none.
        recorded: of a replay, whether `verify` judges weights that `train` recorded, in place of training.
    """

    name: str
    question: str
    public: bool
    doc: str
    probe: Probe
    check: CheckLike | None
    worlds: int
    may_change: tuple[str, ...] = ()
    given: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    kind: Kind = "case"
    material: Callable[[Any], Any] | None = None
    predict: str = ""
    caps: str = ""
    recorded: bool = False

    @property
    def line(self) -> int:
        """Line of its file where it begins."""
        code = getattr(inspect.unwrap(self.probe), "__code__", None)
        return int(code.co_firstlineno) if code is not None else 0


def case(
    question: str,
    *,
    public: bool = False,
    check: CheckLike | None = None,
    worlds: int = 3,
    may_change: Sequence[str] = (),
    given: Mapping[str, Callable[..., Any]] | None = None,
) -> Callable[[P], P]:
    """Marks a probe `(student, world) -> outputs` as a test case of `question`.

    Args:
        question: id of the question in assignment.toml.
        public: whether students get it, with its expected values and messages.
        check: how outputs are judged; `close()` when not given.
        worlds: how many seeds are recorded; 1 for a probe that does not use its world. The handout ships what is
            expected in the first world of a public case, so that world is never graded: a public case of one world is
            for practice, and its question's points go to the other cases.
        may_change: names of the student's functions that may change what this case hands to them; any other that
            does so loses the case.
        given: functions of earlier questions with what may stand in for them, such as `{"softmax": torch_softmax}`:
            plain functions of the files of cases, made of library calls. The case then runs twice, on the student's own
            functions and with these in their places; the better answer counts, so that one mistake does not cost
            twice.

    >>> @case("softmax", public=True)
    ... def rows_of_large_logits(student, world):
    ...     '''Two rows of logits of ±10⁴.'''
    ...     return student.softmax(world.normal((2, 5)) * 1e4)
    """

    def mark(probe: P) -> P:
        doc = inspect.cleandoc(probe.__doc__ or "")
        made = Case(probe.__name__, question, public, doc, probe, check, worlds, tuple(may_change), dict(given or {}))
        setattr(probe, MARK, made)
        setattr(probe, MAY_CHANGE, made.may_change)
        setattr(probe, GIVEN, made.given)
        return probe

    return mark
