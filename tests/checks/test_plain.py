"""`close`, `exact`, `satisfies`: what passes, what fails, and what the student reads."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import Measured, array_of, close, exact, satisfies
from autograder.checks.judgement import Judgement
from autograder.values.formula import Formula

A = np.arange(6.0).reshape(2, 3)
W = World(1)


def judge(check: Any, got: Any, expected: Any, tolerance: float | None = None) -> Judgement:
    result: Judgement = check.judge(got, expected, W, tolerance)
    return result


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (A, A),
        (A * (1 + 1e-8), A),
        (A.astype("float32"), A),
        ([1, 2.0], [1.0, 2]),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (3, 3.0),
        (Fraction(1, 3), 1 / 3),
        (np.array(3.0), 3.0),
        (math.inf, math.inf),
        ({"a": [A, None, "x"]}, {"a": [A, None, "x"]}),
        (np.array([True]), np.array([True])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (2j, 2j),
        (A.astype("int64"), A),
        ([[0, 1, 2], [3, 4, 5]], A),
        ([A[0], A[1].astype(int)], A),
        ([[Fraction(0), 1.0, 2], [True + 2, Formula("Integer", text="4"), 5]], A),
        (A, A.tolist()),
        ([A[0].tolist(), [3, 4, 5]], [A[0], A[1]]),
        (A > 0.5, (A > 0.5) * 1.0),
        (True, 1.0),
        (np.array(True), True),
        (np.array(2), 2),
        ([], np.zeros(0)),
        ([[], []], np.zeros((2, 0))),
        (Formula("Rational", text="1/3"), 1 / 3),
        (Formula("Pow", (Formula("Integer", text="2"), Formula("Rational", text="1/2"))), math.sqrt(2)),
        ({"a": 1.0, "loss": 3.0}, {"a": 1.0}),
        (A.astype("float32") * np.float32(1 + 3e-6), A),
        ([np.array(1 / 3, "float32")], [1 / 3]),
    ],
)
def test_close_accepts(got: Any, expected: Any) -> None:
    assert judge(close(), got, expected).passed


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (A.T, A, "has shape (3, 2), not (2, 3)"),
        (A.astype("int64") + 1, A, "has dtype int64; expected a float kind"),
        (A > 2, A, "has dtype bool"),
        (np.full((2, 3), math.nan), A, "not a finite number"),
        (math.nan, math.nan, "not a finite number"),
        (math.inf, -math.inf, "not a finite number"),
        (1e300, math.inf, "not a finite number"),
        (True, 2.0, "is True or False; expected a number"),
        (0.5, True, "is a number; expected True or False"),
        (None, 1.0, "is None; expected a number"),
        ([1.0], [1.0, 2.0], "has 1 items, not 2"),
        ({"a": 1.0}, {"b": 1.0}, "has the keys ['a'], not ['b']"),
        ("1.0", 1.0, "is text; expected a number"),
        ([1.0, 2.0, 3.0], np.array([1.0, 2.0]), "is a list of 3; expected an array of shape (2,)"),
        ([[1.0, 2.0]], np.array([1.0, 2.0]), "has shape (1, 2), not (2,)"),
        ([[1.0], [2.0, 3.0]], np.ones(3), "is a list of 2; expected an array of shape (3,)"),
        (["a", "b"], np.ones(2), "is a list of 2; expected an array of shape (2,)"),
        ({1: 2, 5: 1}, {1: 2}, "has the keys ['1', '5'], not ['1']"),
        (A.astype("float32") * np.float32(1 + 3e-5), A, "allowed 1e-05"),
        (1.0001, 1.0, "largest relative error 0.0001, allowed 1e-06"),
    ],
)
def test_close_refuses_in_words(got: Any, expected: Any, words: str) -> None:
    judgement = judge(close(), got, expected)
    assert not judgement.passed
    assert judgement.credit == 0
    assert words in judgement.message


def test_the_first_differing_entry_is_named_with_both_values() -> None:
    got = A.copy()
    got[1, 0] = 7.0
    judgement = judge(close(), {"dW": got}, {"dW": A})
    assert judgement.where == "['dW'][1, 0]"
    assert (judgement.got, judgement.expected) == ("7", "3")
    assert "1 of 6 entries differ; the first at ['dW'][1, 0]" in judgement.message


def test_values_that_print_alike_are_printed_in_full() -> None:
    judgement = judge(close(tolerance=1e-12), 1.00000001, 1.0)
    assert (judgement.got, judgement.expected) == ("1.00000001", "1.0")


def test_deviation_is_relative_to_the_largest_entry_or_to_each() -> None:
    expected = np.array([1e-20, 1.0])
    got = np.array([3e-20, 1.0])
    assert judge(close(), got, expected).passed
    each = judge(close(elementwise=True), got, expected)
    assert each.deviation == pytest.approx(2.0)
    assert not each.passed


def test_the_authors_tolerance_wins_over_the_certificate() -> None:
    assert judge(close(), 1.001, 1.0, tolerance=1e-2).passed
    assert not judge(close(tolerance=1e-6), 1.001, 1.0, tolerance=1e-2).passed


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3),
        (Fraction(3), 3),
        ("a", "a"),
        ([1, [Fraction(1, 2)]], [1, [Fraction(1, 2)]]),
        (A, A),
        (0.1, 0.1),
        (3, 3.0),
        (True, 1),
        ((A / 3).astype("float32"), A / 3),
        (np.array(3), 3),
        (3, np.array(3)),
        (np.array([1, 2]), [Fraction(1), 2]),
        ([Fraction(1), True], np.array([1, 1])),
        (Formula("Rational", text="1/3"), Fraction(1, 3)),
        ({"a": 1, "b": 2}, {"a": 1}),
    ],
)
def test_exact_accepts(got: Any, expected: Any) -> None:
    assert judge(exact(), got, expected).passed


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3.0, 3),
        (True, 2),
        (0.5, Fraction(1, 2)),
        (1, True),
        (0.1 + 0.2, 0.3),
        ("a", "b"),
        ([1], [1, 1]),
        (A + 1e-15, A),
        (A, A.astype(int)),
        (A, 1),
        (Fraction(1, 2), A),
        (np.array([math.nan]), np.array([math.nan])),
        (None, 0),
    ],
)
def test_exact_refuses(got: Any, expected: Any) -> None:
    judgement = judge(exact(), got, expected)
    assert not judgement.passed
    assert judgement.message


@pytest.mark.parametrize(
    ("check", "got", "expected", "words"),
    [
        (exact(), 3.0, 3, "the values are right, but the result is of type float; int is asked for"),
        (exact(), {"n": 3.0, "m": 1}, {"n": 3, "m": 1}, "the result['n'] is of type float; int is asked for"),
        (exact(), A, A.astype(int), "is of type float64; int64 is asked for"),
        (exact(), [0.5, 1], [Fraction(1, 2), 1], "the result[0] is of type float; Fraction is asked for"),
        (exact(), 1, True, "is of type int; bool is asked for"),
        (close(), A, A.astype(int), "is of type float64; int64 is asked for"),
    ],
)
def test_right_values_of_another_kind_of_number_cost_a_tenth_of_the_case(
    check: Any, got: Any, expected: Any, words: str
) -> None:
    judgement = judge(check, got, expected)
    assert judgement.credit == Fraction(9, 10)
    assert words in judgement.message


@pytest.mark.parametrize("check", [exact(), close()])
def test_a_wrong_value_beside_another_kind_costs_the_case(check: Any) -> None:
    judgement = judge(check, {"a": 3.0, "b": 5}, {"a": 3, "b": 4})
    assert judgement.credit == 0
    assert "asked for" not in judgement.message.replace("exact equality is asked for", "")


@pytest.mark.parametrize("check", [exact(only_keys=True), close(only_keys=True)])
def test_a_further_key_is_a_mistake_where_the_question_says_so(check: Any) -> None:
    assert not judge(check, {"a": 1, "b": 2}, {"a": 1}).passed
    assert judge(check, {"a": 1}, {"a": 1}).passed


def test_where_float64_is_asked_for_float32_is_told_as_rounding() -> None:
    asked = close(1e-9, dtype="float64")
    judgement = judge(asked, (A / 3).astype("float32"), A / 3)
    assert not judgement.passed
    assert "rounding of the size of float32" in judgement.message
    assert "float32" not in judge(asked, A / 3 * (1 + 1e-7), A / 3).message
    assert judge(close(1e-9), (A / 3).astype("float32"), A / 3).passed
    assert judge(asked, A / 3, A / 3).passed


def test_satisfies_judges_float32_at_its_own_tolerance_or_says_what_it_is() -> None:
    def off(out: Any, world: World) -> Measured:
        return Measured(abs(float(out) * 3 - 1), "three of it are not one")

    third = np.array(1 / 3, "float32")
    assert judge(satisfies(off, 1e-9), third, None).passed
    asked = judge(satisfies(off, 1e-9, dtype="float64"), third, None)
    assert asked.message.startswith("three of it are not one; this came back in float32")
    assert judge(satisfies(off, 1e-9, dtype="float64"), 0.3, None).message == "three of it are not one"
    assert not judge(satisfies(off), third, None).passed


@pytest.mark.parametrize(
    ("value", "shape"),
    [(A, (2, 3)), ([[1, 2], [Fraction(1, 2), 4.0]], (2, 2)), (3, ()), ([A[0], [1, 2, 3]], (2, 3)), ([], (0,))],
)
def test_predicates_can_have_one_array_of_what_came(value: Any, shape: tuple[int, ...]) -> None:
    found = array_of(value)
    assert found is not None
    assert found.shape == shape


@pytest.mark.parametrize(
    "value", [None, "text", [[1], [2, 3]], ["a"], {"a": 1}, [None, 1], Formula("Symbol", text="x")]
)
def test_what_is_no_array_is_none(value: Any) -> None:
    assert array_of(value) is None


def test_only_float64_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match='give "float64"'):
        close(dtype="float32")


def test_satisfies_measures_against_its_tolerance() -> None:
    check = satisfies(lambda out, world: Measured(abs(out - 1.0), "too far from one", Fraction(1, 4)), tolerance=0.1)
    assert judge(check, 1.05, None).passed
    far = judge(check, 1.5, None)
    assert (far.credit, far.message, far.deviation) == (Fraction(1, 4), "too far from one", 0.5)
    assert not judge(check, math.nan, None).passed


def test_satisfies_gets_the_cases_world_anew() -> None:
    check = satisfies(lambda out, world: Measured(abs(out - world.normal())))
    assert check.judge(World(4).normal(), None, World(4)).passed
    assert not check.judge(World(4).normal(), None, World(5)).passed
