"""The generic diagnosis: one simple mistake is named, and nothing is said where it would be a guess."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from autograder.authoring.world import World
from autograder.checks import close, derivation, equivalent, exact, real, satisfies
from autograder.checks.diagnosis import diagnose, of_first_part
from autograder.values.codec import decode, encode

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 4))
CUBE = RNG.normal(size=(2, 3, 4))
SQUARE = RNG.normal(size=(4, 4))
V = RNG.normal(size=7)


def said(got: Any, expected: Any, check: Any = None) -> str:
    return diagnose(check or close(), decode(encode(got)), decode(encode(expected)), World(1))


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (-A, A, "the sign is wrong"),
        (2 * A, A, "off by the factor 2"),
        (A / 2, A, "off by the factor 1/2"),
        (7 * V, V, "off by the factor 7: a sum over 7 where a mean is asked for?"),
        (V / 7, V, "off by the factor 1/7: divided by 7 once too often?"),
        (-3 * V, V, "off by the factor −3 and the sign is wrong"),
        (A + 0.3, A, "off by the constant 0.3"),
        (np.array([4, 5, 9]), np.array([3, 4, 8]), "off by one (one too many)"),
        (6, 7, "off by one (one too few)"),
        (A.T, A, "transposed"),
        (SQUARE.T, SQUARE, "transposed"),
        (CUBE.transpose(1, 0, 2), CUBE, "the axes are permuted"),
        (A.reshape(-1), A, "in the shape (12,), not (3, 4)"),
        (A, A.sum(axis=0), "not reduced by a sum over axis 0"),
        (A.mean(axis=1), A, "reduced by a mean over axis 1 too much"),
        (A[:, ::-1], A, "in reverse order along axis 1"),
        (np.roll(V, 1), V, "off by one place"),
        (1 - V, V, "1 minus the right value"),
        (V**2, V, "the square of the right value"),
        (np.abs(V), V, "the sign is wrong in"),
        (np.where(np.arange(7) == 2, np.nan, V), V, "1 of 7 entries are NaN"),
        (np.full(7, np.inf), V, "7 of 7 entries are infinite"),
        (np.array([1.0, 2.0, 4.0]), np.array([1, 2, 4]), "of the wrong type: float, not int"),
        (np.where(np.arange(7) == 6, 9.0, V), V, "only the last entry along axis 0 is wrong"),
        (SQUARE + np.eye(4) * RNG.normal(size=4), SQUARE, "only the diagonal is wrong"),
        (V * (1 + 4e-6), V, "rounding of the size of float32"),
        (V + 3e-6 * np.sin(50 * V), V, "rounding of the size of float32"),
        (np.floor(9 * V), 9 * V, "the right values, rounded down to whole numbers"),
        (np.trunc(9 * V), 9 * V, "the right values, cut off to whole numbers"),
        (None, V, "is a `return` missing?"),
        ([1.5], 1.5, "wrapped in a list"),
        ({"a": A, "b": -V}, {"a": A, "b": V}, "['b']: the sign is wrong"),
        ({"a": V, "b": A[0]}, {"a": A[0], "b": V}, "['a'] holds the right value of ['b']"),
        ([Fraction(2, 3), Fraction(4, 5)], [Fraction(1, 3), Fraction(2, 5)], "off by the factor 2"),
    ],
)
def test_one_mistake_is_named(got: Any, expected: Any, words: str) -> None:
    assert words in said(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (RNG.normal(size=7), V),
        (1.234, 0.77),
        (-29.2, 4.7e-26),
        (-29.2 * V, 4.7e-26 * V),
        (np.array([1e-9, 6.1]), np.array([1e-4, 2.0])),
        (4.7e-26, -3.0),
        (0.0, 0.5),
        ("left", "right"),
        (RNG.normal(size=(3, 4)), A),
        (A, {"a": A}),
    ],
)
def test_nothing_is_said_where_it_would_be_a_guess(got: Any, expected: Any) -> None:
    assert said(got, expected) == ""


def test_formulas_are_diagnosed_by_their_values() -> None:
    x, y = sympy.symbols("x y")
    check = equivalent({"x": real(), "y": real()})
    right = x * sympy.exp(y)
    assert "the sign is wrong" in said(-right, right, check)
    assert "off by the factor 2" in said(2 * right, right, check)
    assert "['dy']: off by the factor 1/3" in said({"dx": x, "dy": right / 3}, {"dx": x, "dy": right}, check)
    assert said(x * sympy.sin(y), right, check) == ""


def test_a_derivation_is_diagnosed_at_its_first_wrong_line() -> None:
    x = sympy.Symbol("x")
    check = derivation(2, {"x": real(0.5, 2)})
    right = [sympy.Derivative(x**3, x), 3 * x**2, 3 * x * x]
    assert said([right[0], -3 * x**2, -3 * x**2], right, check).startswith("line 2: the sign is wrong")


def test_of_parts_that_differ_in_several_ways_the_first_is_told() -> None:
    got, right = {"a": V, "b": CUBE, "c": 2 * V}, {"a": V, "b": CUBE.sum(1, keepdims=True), "c": V}
    assert said(got, right) == ""
    words = "['b']: not reduced by a sum over axis 1 (shape (2, 3, 4), not (2, 1, 4))"
    assert of_first_part(close(), got, right, World(1)) == words
    assert of_first_part(close(), got | {"a": V + RNG.normal(size=7)}, right, World(1)) == ""
    assert of_first_part(close(), 2 * V, V, World(1)) == ""  # no parts


def any_number(rng: np.random.Generator) -> float:
    """Of any sign and size, with no simple relation to another one."""
    return float(rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-300, 300))


@pytest.mark.parametrize("seed", range(200))
def test_of_numbers_of_any_size_that_have_nothing_to_do_with_each_other_nothing_is_said(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert said(any_number(rng), any_number(rng)) == ""
    count = int(rng.integers(2, 7))
    got, right = (np.array([any_number(rng) for _ in range(count)]) for _ in range(2))
    assert said(got, right, close(elementwise=True)) == ""
    near = rng.normal(size=count)
    assert said(3 * near, near).startswith("off by the factor 3")  # the control: what is related is told


def test_digits_that_are_lost_are_seen_where_every_entry_counts() -> None:
    small = np.array([1e-258, 3e-200, 0.25, 0.5])
    words = "exactly 0 in 2 of 4 entries where the right value is small but not 0: its digits are lost"
    assert said(np.array([0, 0, 0.25, 0.5]), small, close(elementwise=True)).startswith(words)
    assert said(np.array([0, 0, 0.26, 0.11]), small, close(elementwise=True)) == ""
    assert said(np.array([3e-218, 1e-258, 0.5, 0.25]), small, close(elementwise=True)) == ""  # not "in another order"
    assert said(np.array([0, 0, 0.25, 0.5]), small) == ""  # beside 1/2 these are 0, and right


def test_exact_answers_and_properties() -> None:
    assert "off by one" in said([5, 8], [4, 7], exact())
    assert diagnose(satisfies(lambda got, world: None), -V, V, World(1)) == ""  # type: ignore[arg-type, return-value]


def test_the_answer_to_another_question_is_recognised() -> None:
    others = {"`area` of question `circles`": V, "`flag` of question `logic`": 1}
    assert "the right answer to `area`" in diagnose(close(), V, RNG.normal(size=7), World(1), others)
    assert diagnose(close(), 1, 12.3, World(1), others) == ""


@pytest.mark.parametrize("odd", [[], {}, [[1, [2]], 3], {"a": None}, np.zeros((0, 3)), [np.nan] * 3, 10**400, "x"])
def test_no_value_makes_it_raise(odd: Any) -> None:
    for expected in (V, A, 3, [1, 2], {"a": 1.0}, Fraction(1, 3)):
        assert isinstance(said(odd, expected), str)


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (6678, 6684, ""),
        ([6678, 12], [6684, 13], ""),
        (6678.0, 6684, ""),
        (10**17 + 1, 10**17, "off by one (one too many)"),
        ([10**17 + 2, 3 * 10**17 + 2], [10**17, 3 * 10**17], "off by the constant 2: every entry is too large by it"),
        ([10**17 + 1, 3 * 10**17 + 2], [10**17, 3 * 10**17], ""),
        ([3, 5, 9], [3, 5, 9, 17], "the last entry is missing; the others are right"),
        ([5, 9, 17], [3, 5, 9, 17], "the first entry is missing; the others are right"),
        ([3, 5, 9, 17, 33, 65], [3, 5, 9, 17], "the last 2 entries are too many; the others are right"),
        (A[:, :3], A, "the last entry along axis 1 is missing; the others are right"),
        ([9.5], [1.5, 9.5], "the first entry is missing"),
        (
            [Fraction(1, 3), Fraction(4, 3)],
            [Fraction(-2, 3), Fraction(1, 3)],
            "off by the constant 1: every entry is too large by it",
        ),
        ([[1, 2], [3, 4]], [[1, 3], [2, 4]], "transposed"),
        ([1, 2, -4], [1, -2, 4], "the sign is wrong in 2 of 3 entries"),
        ([2, 3, 5], [5, 2, 3], "off by one place"),
        ([1, 3, 5, 8], [1, 5, 8], "too many: 3; the others are right"),
        ([0, 3, 5, 8, 9], [3, 5, 8], "too many: 0, 9; the others are right"),
        ([3, 8], [3, 5, 8], "missing: 5; the others are right"),
        ([4, 2, 9], [4, 2, 7], "only the last entry is wrong"),
        (Fraction(1 / 3), Fraction(1, 3), "right up to the rounding of floats"),
        ([Fraction(1 / 3), 2], [Fraction(1, 3), 2], "right up to the rounding of floats"),
        (int(float(3**40)), 3**40, "right up to the rounding of floats"),
        (Fraction(1, 3) + Fraction(1, 10**15), Fraction(1, 3), ""),  # close, and no float
        (2**50 + 3, 2**50, ""),  # close, and a float holds the right one
    ],
)
def test_whole_numbers_are_compared_as_whole_numbers(got: Any, expected: Any, words: str) -> None:
    told = said(got, expected)
    assert words in told
    assert bool(told) == bool(words)


def test_a_huge_factor_is_no_number_of_things() -> None:
    assert said(-3.7e26 * V, V) == ""  # what lies that far off is another thing
    assert "a sum over" not in said(1e5 * V, V)
    assert said(3.7e26, 1.25) == ""


def test_an_exact_answer_is_never_nearly_right() -> None:
    assert said(V + 1e-4 * np.sin(50 * V), V, exact()) == ""
    assert "nearly right" in said(V + 1e-4 * np.sin(50 * V), V)
    assert said(V + 1e-3 * np.sin(50 * V), V) == ""  # that far it may as well be another formula


def test_a_formula_is_never_nearly_right() -> None:
    x = sympy.Symbol("x")
    check = equivalent({"x": real(1, 2)})
    assert said(x + sympy.Rational(1, 10**4) * sympy.sin(x), x, check) == ""


def test_signs_that_are_not_wrong_are_not_counted() -> None:
    near = np.array([1.0, -2.0, 3.0, 1e-9])
    assert "in 0 of" not in said(near * np.array([1, 1, 1, -1]), near)
    assert said(near * (1 + 3e-6 * np.array([1, -1, 1, 1])), near).startswith("nearly right")


def test_one_of_two_entries_is_no_maximum() -> None:
    assert "maximum" not in said([2], [1, 2])
    assert said(np.array([4.0]), np.array([1.0, 4.0])) == "the first entry is missing; the others are right"


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (None, V, "print shows a value and returns none"),
        (V, [V], "one value came back where a tuple of one is asked for: it is written `(value,)`"),
        (V.tolist(), [V], "a tuple of one"),
        ("x**2", sympy.Symbol("x") ** 2, "written without quotation marks"),
        (0.25, sympy.exp(-6), "an exact expression is asked for"),
    ],
)
def test_plain_causes_come_first(got: Any, expected: Any, words: str) -> None:
    assert words in said(got, expected, exact())


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (["a", "b"], ["a", "b", "c"], "'c' is missing"),
        ([], ["a", "c"], "'a', 'c' are missing"),
        (["a", "z"], ["a"], "'z' does not belong there"),
        (["y", "z"], ["a"], "'a' is missing; 'y', 'z' do not belong there"),
    ],
)
def test_of_names_it_is_said_which_are_missing_and_which_are_too_many(got: Any, expected: Any, words: str) -> None:
    for check in (exact(), close()):
        assert check.judge(got, expected, World(1)).message.endswith(words)


def test_types_are_called_what_students_call_them() -> None:
    told = exact().judge(decode(encode(0.5)), decode(encode(sympy.exp(-6))), World(1)).message
    assert told == "the result is a number; expected a formula"
    assert "an int (a whole number) is asked for" in exact().judge(2.5, 2, World(1)).message


@pytest.mark.parametrize(
    ("got", "right", "words"),
    [
        ("4*d**2 + V*d", "4*d**2 + V*d + 2*d", "yours lacks 2·d"),
        ("4*d**2 + V*d + L*d/2", "4*d**2 + V*d", "yours has too much: L·d/2"),
        ("V*d", "V*d + 12*L*d**2", "yours lacks 12·L·d²"),
        ("2*B*L*T*h*s*w/g", "2*B*L*T*g*s*w", "yours is the right formula times h/g²"),
        ("V*d + L", "(V*d + L)*d", "yours is the right formula times 1/d"),
        ("(V*d + L)*V/d", "V*d + L", "yours is the right formula times V/d"),
        ("sin(V) + d", "V + L*d", ""),
    ],
)
def test_a_formula_lacks_a_term_or_a_factor(got: str, right: str, words: str) -> None:
    check = equivalent({name: real(1, 9) for name in "VLdBTghsw"})
    assert said(sympy.sympify(got), sympy.sympify(right), check) == words


def test_decimals_of_right_fractions_are_right_up_to_rounding() -> None:
    thirds, halves = [Fraction(2, 3), Fraction(4, 3)], [Fraction(1, 2), Fraction(3, 2)]
    rounded = "the values are right up to rounding, but of the wrong type: float, not Fraction"
    assert said([float(x) for x in thirds], thirds, exact()) == rounded
    assert said([0.5, 1.5], halves, exact()) == "the values are right, but of the wrong type: float, not Fraction"
    assert "right" not in said([1e17 + 64], [10**17 + 1], exact())
