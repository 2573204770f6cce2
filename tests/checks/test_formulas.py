"""Formulas: equal functions are equal however they are written, and a derivation is followed line by line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp

from autograder.authoring.world import World
from autograder.checks import derivation, equivalent, integer, positive, real, vector
from autograder.checks.evaluation import OPERATIONS, NotGradable, OverBudget, allowance, evaluate
from autograder.checks.judgement import Judgement
from autograder.values.codec import decode, encode
from autograder.values.formula import Formula, from_sympy

x, y, w, z = sp.symbols("x y w z")
sigma = sp.Function("sigma")
SIGMA = {"sigma": sp.Lambda(z, 1 / (1 + sp.exp(-z)))}
DOMAINS = {"x": real(), "y": real(), "w": real()}


def crossed(value: Any) -> Any:
    """As it arrives from the sandbox."""
    return decode(encode(value))


def equal(got: Any, expected: Any, **domains: Any) -> Judgement:
    return equivalent(domains or DOMAINS, functions=SIGMA).judge(crossed(got), crossed(expected), World(3))


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ((x + y) ** 2, sp.expand((x + y) ** 2)),
        (sp.log(1 + sp.exp(x)), x + sp.log(1 + sp.exp(-x))),
        (sp.Max(0, x), (x + sp.Abs(x)) / 2),
        (sp.Piecewise((x, x > 0), (0, True)), sp.Max(0, x)),
        (sigma(x) * (1 - sigma(x)), sp.exp(-x) / (1 + sp.exp(-x)) ** 2),
        (sp.Derivative(sigma(w * x), w), x * sigma(w * x) * (1 - sigma(w * x))),
        (sp.tanh(x), 2 / (1 + sp.exp(-2 * x)) - 1),
        ([x, {"a": y}], [x, {"a": y}]),
        (sp.Rational(1, 2), 0.5),
    ],
)
def test_the_same_function_passes(got: Any, expected: Any) -> None:
    judgement = equal(got, expected)
    assert judgement.passed, judgement.message


@pytest.mark.parametrize(
    ("got", "expected"),
    [(x - y, y - x), (2 * x, x), (sp.Abs(x), x), (sigma(x), x), (x**2, x**3), (x + sp.Rational(1, 10**6), x)],
)
def test_another_function_fails_with_a_point_that_shows_it(got: Any, expected: Any) -> None:
    judgement = equal(got, expected)
    assert not judgement.passed
    assert "is not the same function: at " in judgement.message
    assert "the right one" in judgement.message


def test_the_domain_decides() -> None:
    assert equal(sp.Abs(x), x, x=positive()).passed
    assert not equal(sp.Abs(x), x, x=real()).passed
    assert equal(sp.cos(sp.pi * x), (-1) ** x, x=integer(0, 9)).passed


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (sp.Symbol("q") + x, "the symbol `q` is not one of this question's: w, x, y"),
        (sp.Function("softmax")(x), "the function `softmax` of 1 arguments is not known"),
        ("x + 1", "a formula is expected"),
        (None, "a formula is expected"),
        (9 ** (9 ** (sp.Symbol("x") + 30)), "too large"),
        (sp.Sum(x, (y, 1, 10**9)), "at most 10,000 apart"),
    ],
)
def test_what_cannot_be_graded_says_so(got: Any, words: str) -> None:
    judgement = equal(got, x)
    assert not judgement.passed
    assert "not gradable" in judgement.message
    assert words in judgement.message


def test_sums_over_indexed_symbols() -> None:
    a = sp.IndexedBase("a")
    i = sp.Symbol("i", integer=True)
    mean = sp.Sum(a[i], (i, 1, 3)) / 3
    assert equal(mean, (a[1] + a[2] + a[3]) / 3, a=vector(real(), 3)).passed
    assert not equal(sp.Sum(a[i], (i, 1, 2)) / 3, mean, a=vector(real(), 3)).passed
    assert "a[4" in equal(a[4], mean, a=vector(real(), 3)).message


def test_a_flood_of_operations_is_stopped() -> None:
    deep = Formula("Symbol", text="x")
    for _ in range(12):
        deep = Formula("Sum", (deep, Formula("Tuple", (Formula("Symbol", text="i"), one(1), one(9)))))
    with pytest.raises(OverBudget, match="too many operations"):
        evaluate(deep, {"x": 1})


def one(n: int) -> Formula:
    return Formula("Integer", text=str(n))


S = sigma(w * x)
J = (S - y) ** 2
LINES = [
    sp.Derivative(J, w),
    2 * (S - y) * sp.Derivative(S, w),
    2 * (S - y) * S * (1 - S) * sp.Derivative(w * x, w),
    2 * (S - y) * S * (1 - S) * x,
]


def follow(lines: Any) -> Judgement:
    return derivation(3, DOMAINS, functions=SIGMA).judge(crossed(lines), crossed(LINES), World(5))


def test_a_full_derivation_has_full_credit() -> None:
    assert follow(LINES).passed
    assert follow([LINES[0], LINES[1], LINES[2], LINES[3], sp.expand(LINES[3])]).passed


def test_the_first_line_that_does_not_follow_is_named_and_earlier_steps_count() -> None:
    wrong = follow([*LINES[:2], LINES[2] * w, LINES[3] * w])
    assert wrong.message.startswith("line 3 does not follow from line 2: at ")
    assert wrong.credit == Fraction(1, 3)
    assert follow([LINES[0] * 2, *LINES[1:]]).message.startswith("line 1 is not the quantity asked for")


def test_padded_derivations_earn_nothing() -> None:
    padded = [LINES[0] * sp.Mul(n, sp.Rational(1, n), evaluate=False) for n in range(2, 9)]
    assert follow(padded).credit == 0
    assert follow([LINES[0]] * 9).credit == 0


def test_a_jump_to_the_answer_asks_for_its_steps() -> None:
    jump = follow([LINES[0], LINES[3]])
    assert jump.credit == Fraction(1, 3)
    assert "2 more steps should be shown" in jump.message


@pytest.mark.parametrize("lines", [None, [], 3, "text", [None, 1], [["x"]]])
def test_no_list_of_formulas_is_not_gradable(lines: Any) -> None:
    assert "not gradable" in follow(lines).message


def test_formulas_are_shown_as_people_write_them() -> None:
    from autograder.values.rendering import infix

    assert infix(from_sympy(-2 * x / (y + 1))) == "-2*x/(1 + y)"
    assert infix(from_sympy(sp.sqrt(x) ** 3 - 1)) == "-1 + x**(3/2)"


def test_a_budget_is_shared_by_all_evaluations_of_a_verdict_and_known_ones_cost_the_same() -> None:
    formula = from_sympy(sp.exp(sp.Symbol("x")))
    with allowance(100) as fresh:
        evaluate(formula, {"x": mpmath.mpf("0.125")})
    with allowance(100) as again:
        evaluate(formula, {"x": mpmath.mpf("0.125")})
    assert 100 - fresh.left == 100 - again.left == 11
    with allowance(30) as given:
        evaluate(formula, {"x": mpmath.mpf("0.125")})
        evaluate(formula, {"x": mpmath.mpf("0.25")})
        assert given.left == 8
        with pytest.raises(OverBudget, match="too many operations; simplify"):
            evaluate(formula, {"x": mpmath.mpf("0.125")})
    evaluate(formula, {"x": mpmath.mpf("0.125")})  # outside of the block nothing is left over


def test_dear_functions_and_more_digits_count_for_more() -> None:
    x = sp.Symbol("x")

    def operations(expression: object) -> int:
        with allowance() as given:
            evaluate(from_sympy(expression), {"x": mpmath.mpf(2)})
        return OPERATIONS - given.left

    assert operations(sp.erf(x)) > 10 * operations(sp.exp(x)) > 50 * operations(x)
    assert operations(sp.Derivative(sp.exp(x), x)) >= 4 * operations(sp.exp(x))


def test_derivatives_without_end_are_not_gradable() -> None:
    x = sp.Symbol("x")
    deep = from_sympy(sp.exp(x * sp.sin(x)))
    for _ in range(12):
        by = Formula("Tuple", (Formula("Symbol", text="x"), one(1)))
        deep = Formula("Derivative", (deep, by))
    with pytest.raises(NotGradable, match="nested too deep"):
        evaluate(deep, {"x": mpmath.mpf(1)})
