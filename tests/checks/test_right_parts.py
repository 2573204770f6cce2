"""Which parts of an answer are right, by their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import close, exact, satisfies
from autograder.checks.right_parts import right_parts

RIGHT = {"H": np.arange(6.0).reshape(2, 3) + 1, "Z": np.ones(3), "W1": np.eye(3), "loss": 0.5}


def said(outputs: Any, expected: Any = RIGHT, check: Any = None, tolerance: float = 1e-8) -> str:
    return right_parts(check or close(), outputs, expected, World(1), tolerance)


def test_right_parts_and_wrong_ones_are_named() -> None:
    assert said(RIGHT | {"Z": np.zeros(3)}) == "`H`, `W1` and `loss` are right, `Z` is not"
    assert (
        said(RIGHT | {"Z": np.zeros(3), "W1": np.ones((3, 3)), "loss": 1.0})
        == "`H` is right, `Z`, `W1` and `loss` are not"
    )


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (RIGHT, RIGHT),  # nothing is wrong
        ({k: v + 1 for k, v in RIGHT.items()}, RIGHT),  # everything is
        ([1.0, 2.0], [1.0, 3.0]),  # nobody has seen the index
        ({"a": [np.ones(2), "x"]}, {"a": [np.ones(2), "y"]}),
        ({f"{i}": float(i > 3) for i in range(40)}, {f"{i}": 1.0 for i in range(40)}),
        ({"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 2.0}),
    ],
)
def test_nothing_is_said_where_it_is_no_help(outputs: Any, expected: Any) -> None:
    assert said(outputs, expected) == ""


def test_an_argument_that_is_still_what_it_was_is_not_called_right() -> None:
    assert said({"out": 1.0, "x_after": 2.0}, {"out": 3.0, "x_after": 2.0}) == ""
    wrong = {"out": 1.0, "vjp": 1.0, "x_after": 2.0}
    assert said(wrong, wrong | {"out": 3.0}) == "`vjp` is right, `out` is not"


def test_a_part_that_is_off_by_more_than_the_tolerance_is_not_called_right() -> None:
    wrong = RIGHT | {"Z": np.zeros(3), "loss": 0.5 * (1 + 1e-7)}
    assert said(wrong) == "`H` and `W1` are right, `Z` and `loss` are not"
    assert said(wrong, tolerance=1e-6) == "`H`, `W1` and `loss` are right, `Z` is not"


def test_exact_values_are_compared_exactly_and_properties_not_at_all() -> None:
    assert said({"n": 10**17 + 1, "k": 2}, {"n": 10**17, "k": 2}, exact()) == "`k` is right, `n` is not"
    assert said({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 3.0}, satisfies(lambda outputs, world: "")) == ""
