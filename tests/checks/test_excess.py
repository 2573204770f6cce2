"""`excess`: zero for the truth, never below, whatever is returned; every refusal says why."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring import World
from autograder.checks.excess import excess, kept_rows, measure

WORLD = World(1)
LAWS = {
    3: np.array([[0.5, 0.25, 0.25, 0.0], [1.0, 0.0, 0.0, 0.0]]),
    5: np.array([[0.1, 0.2, 0.3, 0.4]]),
}
KINDS = {3: ["fork", "fixed"], 5: ["fork"]}
KEPT = kept_rows(LAWS, KINDS)
CHECK = excess(0.02, 0.25, advice={"fork": "look at what may follow"})


def logs(laws: dict[int, Any]) -> dict[str, Any]:
    with np.errstate(divide="ignore"):
        return {str(n): np.log(p) for n, p in laws.items()}


def mixed(share: float) -> dict[str, Any]:
    """The truth with a share of the uniform distribution."""
    return logs({n: (1 - share) * p + share / 4 for n, p in LAWS.items()})


def test_the_truth_has_no_excess_and_all_points() -> None:
    judged = CHECK.judge(logs(LAWS), KEPT, WORLD)
    assert judged.passed
    assert abs(judged.deviation) < 1e-12


def test_the_excess_is_the_mean_divergence() -> None:
    uniform = {"3": np.full((2, 4), -math.log(4)), "5": np.full((1, 4), -math.log(4))}
    by_hand = [math.log(4) - 1.5 * math.log(2), math.log(4), math.log(4) + sum(p * math.log(p) for p in LAWS[5][0])]
    found = measure(uniform, KEPT["laws"], KEPT["kinds"])
    assert found.excess == pytest.approx(sum(by_hand) / 3, rel=1e-12)
    assert found.kinds["fork"][0] == pytest.approx(2 / 3)
    assert found.kinds["fixed"][1] == pytest.approx(math.log(4))


def test_the_excess_is_a_record_where_the_author_asks_for_one() -> None:
    check = excess(0.02, 0.25, board=True)
    judged = check.judge(mixed(0.3), KEPT, WORLD)
    assert judged.board == judged.deviation > 0
    assert check.judge(mixed(0.3) | {"3": np.full((2, 4), np.nan)}, KEPT, WORLD).board is None
    with np.errstate(divide="ignore"):
        never = mixed(0.3) | {"5": np.log(np.array([[0.0, 0.3, 0.3, 0.4]]))}
    assert check.judge(never, KEPT, WORLD).board is None
    assert CHECK.judge(mixed(0.3), KEPT, WORLD).board is None


def test_credit_falls_with_the_logarithm_of_the_excess() -> None:
    assert CHECK.credit(0.02) == 1
    assert CHECK.credit(0.25) == 0
    assert float(CHECK.credit(math.sqrt(0.02 * 0.25))) == pytest.approx(0.5, abs=1e-4)
    assert CHECK.credit(0.1) > CHECK.credit(0.11) > CHECK.credit(0.2499) >= 0
    assert CHECK.credit(math.inf) == 0
    assert CHECK.credit(math.nan) == 0


def test_the_message_says_where_it_is_lost_and_what_to_look_at() -> None:
    judged = CHECK.judge(mixed(0.3), KEPT, WORLD)
    assert 0 < judged.credit < 1
    assert judged.message.startswith("0.1")
    assert "fork:" in judged.message
    assert "fixed:" in judged.message
    found = CHECK.judge(mixed(0.9), KEPT, WORLD)
    assert "none from 0.25" in found.message


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (None, "not nothing"),
        ([1.0], "not a list"),
        ({"3": np.log(LAWS[5])}, "the shape is (1, 4), not (2, 4)"),
        ({"3": np.zeros(4)}, "one row for each prefix"),
        ({**logs(LAWS), "5": "text"}, "not a str"),
        ({**logs(LAWS), "5": np.array([[1, 2, 3, 4]])}, "not an array of int64"),
        ({"3": logs(LAWS)["3"]}, "no log-probabilities for batch 5"),
        ({**logs(LAWS), "5": np.full((1, 4), np.nan)}, "1 of 1 rows have NaN"),
        ({**logs(LAWS), "5": np.zeros((1, 4))}, "sums to 4, not 1"),
        ({**logs(LAWS), "5": np.full((1, 4), np.inf)}, "sums to inf"),
        ({**logs(LAWS), "5": np.full((1, 4), 1e6)}, "sums to inf"),
        ({**logs(LAWS), "5": np.full((1, 4), -np.inf)}, "sums to 0"),
        ({n: a + 1 for n, a in logs(LAWS).items()}, "sums to 2.71828"),
        ({n: np.exp(a) for n, a in logs(LAWS).items()}, "use log_softmax"),
    ],
)
def test_what_is_no_distribution_is_refused_in_words(outputs: Any, said: str) -> None:
    judged = CHECK.judge(outputs, KEPT, WORLD)
    assert judged.credit == 0
    assert said in judged.message


def test_a_symbol_that_can_occur_with_probability_zero_costs_everything() -> None:
    sharp = logs(LAWS) | {"5": np.log(np.array([[1e-300, 0.3, 0.3, 0.4]])) + np.array([[-np.inf, 0, 0, 0]])}
    judged = CHECK.judge(sharp, KEPT, WORLD)
    assert judged.credit == 0
    assert "infinitely many" in judged.message


def test_float32_rows_and_sums_within_a_thousandth_are_taken() -> None:
    single = {n: (a + 5e-4).astype(np.float32) for n, a in logs(LAWS).items()}
    assert CHECK.judge(single, KEPT, WORLD).passed


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=12, max_size=12))
def test_no_distribution_is_below_the_floor(numbers: list[float]) -> None:
    raw = np.array(numbers).reshape(3, 4)
    rows = raw - np.log(np.exp(raw - raw.max(1, keepdims=True)).sum(1, keepdims=True)) - raw.max(1, keepdims=True)
    found = measure({"3": rows[:2], "5": rows[2:]}, KEPT["laws"], KEPT["kinds"])
    assert found.excess >= -1e-12


@pytest.mark.parametrize(("full", "none"), [(0, 1), (0.2, 0.2), (0.3, 0.2), (-1, 1)])
def test_bounds_that_make_no_sense_are_refused(full: float, none: float) -> None:
    with pytest.raises(ValueError, match="0 < full < none"):
        excess(full, none)
