"""Where it is wrong and what is missing: told only where it is exactly so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.checks.missing_part import missing_part
from autograder.checks.where_wrong import where_wrong, which_calls

RNG = np.random.default_rng(3)
Z = RNG.normal(size=(4, 5))
ROWS = np.array([[1.0, 3.0, 3.0], [2.0, 1.0, 0.0], [5.0, 5.0, 1.0], [0.0, 1.0, 2.0], [7.0, 2.0, 7.0], [1.0, 0.0, 2.0]])
X = np.array([-2.0, 0.0, 1.5, 3.0, 0.0, -1.0, 2.0])
LABELS = np.array([0, 2, 1, 2, 0, 2, 1])
MASK = RNG.random((4, 5)) < 0.5


@pytest.mark.parametrize(
    ("bad", "inputs", "words"),
    [
        (X == 0, {"z": X}, "where `z` = 0"),
        (Z < 0, {"z": Z}, "where `z` < 0"),
        (Z > 0, {"x": RNG.normal(size=(4, 5)), "z": Z}, "where `z` > 0"),
        (~MASK, {"mask": MASK}, "where `mask` is False"),
        (LABELS == 2, {"labels": LABELS}, "where `labels` is 2"),
        (np.broadcast_to((LABELS == 2)[:, None], (7, 3)), {"labels": LABELS}, "where `labels` is 2"),
        (
            np.array([1, 0, 1, 0, 1, 0], bool),
            {"x": ROWS},
            "where the largest entry of a row of `x` occurs more than once",
        ),
        (np.arange(7) == 6, {"z": RNG.normal(size=7)}, "in the last place"),
        (np.arange(7) > 0, {}, "in all places but the first"),
        (np.eye(4, dtype=bool), {}, "on the diagonal"),
        (np.triu(np.ones((4, 4), bool), 1), {}, "above the diagonal"),
        (np.indices((4, 5))[1] == 2, {}, "in place 2 along axis 1"),
        (np.indices((3, 6))[1] % 2 == 1, {}, "in the places 1, 3, … along axis 1"),
        (np.array([[0, 0, 1], [0, 0, 1]], bool), {"z": np.array([[-1, -2, 3.0], [-5, -0.1, 2]])}, "where `z` > 0"),
        (
            np.arange(14) % 2 == 0,
            {"z": np.where(np.arange(14) % 2, 1.0, -1.0) ** 3 * 1e3 ** (1 - np.arange(14) % 2)},
            "where `z` < 0",
        ),
        (
            np.arange(14) % 3 == 0,
            {"z": np.where(np.arange(14) % 3, 1, 50) * RNG.choice([-1.0, 1.0], 14)},
            "where |z| is at least 50",
        ),
    ],
)
def test_what_all_wrong_entries_have_and_no_right_one(bad: Any, inputs: dict[str, Any], words: str) -> None:
    assert where_wrong(np.asarray(bad), inputs) == f"wrong exactly {words}"


@pytest.mark.parametrize(
    "bad",
    [
        np.ones(7, bool),
        np.zeros(7, bool),
        np.array([1, 1, 0, 0, 1, 0, 0], bool),
        np.array([True, False]),
        np.array(True),
    ],
)
def test_where_nothing_separates_them_nothing_is_said(bad: Any) -> None:
    assert where_wrong(bad.astype(bool), {"z": np.arange(7.0) - 30, "k": 3}) == ""


def test_calls_are_told_apart_by_their_arguments() -> None:
    norms = ["sup", "L1", "L2", "sup", "L1", "sup"]
    bad = np.array([n == "sup" for n in norms])
    assert which_calls(bad, {"norm": norms, "d": [1, 2, 3, 4, 5, 6]}) == "wrong exactly where `norm` is 'sup'"
    depth = [0, 1, 2, 3, 4, 5, 6]
    assert which_calls(np.array([d > 1 for d in depth]), {"depth": depth}) == "wrong exactly where `depth` > 1"
    pairs = {"n": [3, 4, 5, 6, 9], "pieces": [4, 2, 9, Fraction(13, 2), 1]}
    assert which_calls(np.array([True, False, True, True, False]), pairs) == "wrong exactly where `n` < `pieces`"
    assert which_calls(np.array([True, True, False, True]), {"n": [3, 4, 5, 9]}) == ""


E = RNG.normal(size=4)


@pytest.mark.parametrize(
    ("got", "expected", "inputs", "words"),
    [
        (E - Z.max(1), E, {"z": Z}, "yours is the right value minus max(z) of its row, in every entry"),
        (E + Z.sum(1), E, {"z": Z}, "yours is the right value plus sum(z) of its row, in every entry"),
        (E + 0.37, E, {"b": 0.37}, "yours is the right value plus `b`, in every entry"),
        (E / 5, E, {"z": Z}, "yours is the right value divided by 5, and 5 is the length of axis 1 of `z`"),
        (E * np.sqrt(5), E, {"z": Z}, "yours is the right value times √5, and 5 is the length of axis 1 of `z`"),
        (-E / 5, E, {"z": Z}, "yours is the right value with the other sign, and divided by 5"),
        (E * np.sqrt(4 / 3), E, {"x": Z[:, 0]}, "times √(4/3), and 4 is the number of entries of `x`"),
        (E / np.log(2), E, {"z": Z}, "divided by ln 2 (bits and nats?)"),
        (E / 20, E, {"z": Z}, "divided by 20, and 20 is the number of all entries of `z`"),
        (E * Z[:, 0], E, {"x": Z[:, 0]}, "yours is the right value times `x`"),
        (Z[:, 0], E, {"x": Z[:, 0], "y": Z[:, 1]}, "yours is `x` itself, as it was handed in"),
    ],
)
def test_the_difference_or_the_ratio_is_something_that_the_case_knows(
    got: Any, expected: Any, inputs: dict[str, Any], words: str
) -> None:
    assert words in missing_part(got, expected, inputs)


@pytest.mark.parametrize(
    ("got", "expected", "inputs"),
    [
        (E + RNG.normal(size=4), E, {"z": Z}),
        (E * 7, E, {"z": Z}),
        (E + 1, E, {"k": 1}),
        (np.array(3.0), np.array(2.0), {"k": 1}),
        (E * 4, E, {"z": RNG.normal(size=(4, 4))}),
        (np.where(np.arange(4) == 2, np.nan, E), E, {"z": Z}),
        (E[:3], E, {"z": Z}),
        (Z[:, 0], E, {"x": Z[:, 0], "y": Z[:, 0]}),
        (np.zeros(4), E, {"x": np.zeros(4)}),
    ],
)
def test_nothing_is_said_where_it_would_be_a_guess(got: Any, expected: Any, inputs: dict[str, Any]) -> None:
    told = missing_part(got, expected, inputs)
    assert "axis" not in told
    assert told in ("", "yours is the right value times 4")


def test_what_could_be_chance_is_not_said() -> None:
    """Two of five entries above a threshold: some threshold of some input always fits."""
    assert where_wrong(np.array([1, 0, 1, 0, 0], bool), {"parameter": np.array([0.984, 0.1, 1.5, 0.2, 0.3])}) == ""
    assert where_wrong(np.array([1, 0, 1], bool), {"z": np.array([-1.0, 2.0, -3.0])}) == ""
