"""`outline`: the form counts, the values do not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from autograder.authoring.world import World
from autograder.checks import outline
from autograder.values.codec import NotAValue, decode, encode

BY_HAND = outline({"slope": Fraction(1, 2), "z": 1, "side": "left", "sigma": sympy.Symbol("z"), "free": None})
GOOD = {"slope": 0.1, "z": np.int64(3), "side": "right", "sigma": 2, "free": [1]}


def message(check: Any, value: Any) -> str:
    return str(check.judge(decode(encode(value)), None, World(1)).message)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (BY_HAND, GOOD),
        (BY_HAND, GOOD | {"more": 1}),
        (outline([True, False]), [False, False]),
        (outline(np.zeros((2, 3))), [[1, 2, 3], [4, 5, 6]]),
        (outline([np.zeros(2), 0.0]), (np.ones(2), np.array(3.0))),
    ],
)
def test_values_of_the_form_pass_whatever_they_are(check: Any, value: Any) -> None:
    assert check.judge(decode(encode(value)), None, World(1)).passed


@pytest.mark.parametrize(
    ("check", "value", "words"),
    [
        (BY_HAND, None, "the result is None; expected a dict"),
        (BY_HAND, {k: v for k, v in GOOD.items() if k != "z"}, "the result has the keys"),
        (BY_HAND, GOOD | {"slope": "1/2"}, "the result['slope'] is text; expected a number"),
        (BY_HAND, GOOD | {"sigma": "exp(-2)"}, "the result['sigma'] is 'exp(-2)'; a formula is expected"),
        (outline([True, False]), [1, 2], "the result[1] is a number; expected True or False"),
        (outline(np.zeros((2, 3))), np.zeros((3, 2)), "has shape (3, 2), not (2, 3)"),
        (outline(1.0), np.zeros(3), "has shape (3,), not ()"),
        (outline([1, 2]), [1], "the result has 1 items, not 2"),
    ],
)
def test_another_form_is_told_with_its_place(check: Any, value: Any, words: str) -> None:
    assert words in message(check, value)


def test_an_example_is_a_value_that_a_probe_could_return() -> None:
    with pytest.raises(NotAValue):
        outline(object())
