"""`outline`: whether what came back has the kinds, keys and shapes of an example, whatever its values.

For public cases whose right answer must not ship (an answer by hand, claims): at home a student sees that the function
is written and gives something of the right form. The values are for the hidden cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.world import World
from autograder.checks.compare import children, structure
from autograder.checks.forms import in_form_of
from autograder.checks.formulas import as_formula
from autograder.checks.judgement import FULL, NONE, WRONG, Judgement
from autograder.values.codec import decode, encode
from autograder.values.formula import Formula
from autograder.values.rendering import brief


@dataclass(frozen=True)
class Outline:
    """See `outline`. `example` is encoded, as answers are."""

    example: bytes
    tolerance: float | None = 0.0
    kind: str = "outline"

    def judge(self, outputs: Any, expected: Any, world: World, tolerance: float | None = None) -> Judgement:
        """Of the form or not; `expected` is not looked at."""
        message, place, got = _different(outputs, decode(self.example), "")
        return Judgement(NONE, WRONG, message, brief(got), where=place) if message else Judgement(FULL, 0.0)


def outline(example: Any) -> Outline:
    """The form of an example: kinds of values, keys of dicts, lengths of lists, shapes of arrays; no value counts.

    Exact numbers (int, Fraction) stand for any number, a formula for any formula or number, None for anything.

    Args:
        example: some value of the form that is asked for, not the right answer: students get it.

    Raises:
        NotAValue: the example is none that a probe could return.

    >>> check = outline({"weights": np.zeros(2), "bias": 0})
    >>> check.judge({"weights": np.ones(2), "bias": 0.5}, None, World(1)).passed
    True
    >>> check.judge({"weights": np.ones(3), "bias": 0.5}, None, World(1)).message
    "the result['weights'] has shape (3,), not (2,)"
    """
    return Outline(encode(example))


def _different(got: Any, example: Any, where: str) -> tuple[str, str, Any]:
    """(message, place, what stands there) of the first place of another form; an empty message for none."""
    if example is None:
        return "", "", None
    if isinstance(example, Formula):
        fine = as_formula(got) is not None
        return ("" if fine else f"the result{where} is {brief(got, 80)}; a formula is expected"), where, got
    got = in_form_of(got, example)
    if isinstance(got, np.ndarray) and not got.ndim and not isinstance(example, np.ndarray):
        got = got.item()
    found = structure(got, example, where)
    if found is not None:
        return found.message, where, got
    if isinstance(example, (list, dict)):
        inside = (_different(g, e, place) for g, e, place in children(got, example, where))
        return next((one for one in inside if one[0]), ("", "", None))
    mine, theirs = (v.shape if isinstance(v, np.ndarray) else () for v in (got, example))
    if mine != theirs:
        return f"the result{where} has shape {mine}, not {theirs}", where, got
    return "", "", None
