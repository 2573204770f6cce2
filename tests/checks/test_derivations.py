"""Derivations are followed line by line: what is derived earns, however it is written; what is not derived does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from autograder.authoring.world import World
from autograder.checks import derivation, equivalent, real, vector
from autograder.checks.judgement import Judgement
from autograder.values.codec import decode, encode
from autograder.values.formula import Formula

D = sp.Derivative
w, v, z = sp.symbols("w v z")
XY = [sp.symbols(f"x{i} y{i}") for i in (1, 2)]
sigma = sp.Function("sigma")
MEANING = {"sigma": sp.Lambda(z, 1 / (1 + sp.exp(-z)))}
DOMAINS = dict.fromkeys(["w", "v", "x1", "x2", "y1", "y2"], real())


def mean(term: Callable[[Any, Any], Any]) -> Any:
    return sum(term(x, y) for x, y in XY) / len(XY)


def hidden(x: Any) -> Any:
    return sigma(w * x)


def out(x: Any) -> Any:
    return sigma(v * hidden(x))


J = mean(lambda x, y: (out(x) - y) ** 2) / 2
ERROR = D(J, v), mean(lambda x, y: (out(x) - y) * D(out(x), v))
SLOPE = mean(lambda x, y: (out(x) - y) * out(x) * (1 - out(x)) * D(v * hidden(x), v))
ANSWER = mean(lambda x, y: (out(x) - y) * out(x) * (1 - out(x)) * hidden(x))
BY_V = [*ERROR, SLOPE, ANSWER]

FRONT = [lambda x, y: out(x) - y, lambda x, y: out(x) * (1 - out(x)), lambda x, y: v]


def chain(*factors: Callable[[Any, Any], Any]) -> Any:
    return mean(lambda x, y: sp.prod([f(x, y) for f in factors]))


BY_W = [
    D(J, w),
    chain(FRONT[0], lambda x, y: D(out(x), w)),
    chain(*FRONT[:2], lambda x, y: D(v * hidden(x), w)),
    chain(*FRONT, lambda x, y: D(hidden(x), w)),
    chain(*FRONT, lambda x, y: hidden(x) * (1 - hidden(x)) * D(w * x, w)),
    chain(*FRONT, lambda x, y: hidden(x) * (1 - hidden(x)) * x),
]


def crossed(value: Any) -> Any:
    """As it arrives from the sandbox."""
    return decode(encode(value))


def by_v(lines: list[Any]) -> Judgement:
    return derivation(3, DOMAINS, functions=MEANING).judge(crossed(lines), crossed(BY_V[:1]), World(5))


def by_w(lines: list[Any]) -> Judgement:
    return derivation(5, DOMAINS, functions=MEANING).judge(crossed(lines), crossed(BY_W[:1]), World(5))


def explicit(line: Any) -> Any:
    return line.replace(sigma, MEANING["sigma"])


def test_one_function_on_each_line_has_full_credit() -> None:
    assert by_v(BY_V).passed
    assert by_w(BY_W).passed


def with_line(index: int, line: Any) -> list[Any]:
    return [*BY_V[:index], line, *BY_V[index + 1 :]]


HONEST = {
    "the derivative drawn into the sum, as one more line": [
        BY_V[0],
        mean(lambda x, y: D((out(x) - y) ** 2, v)) / 2,
        *BY_V[1:],
    ],
    "a definition written with (y − ŷ)²": [D(mean(lambda x, y: (y - out(x)) ** 2) / 2, v), *BY_V[1:]],
    "a square multiplied out": [D(sp.expand(J), v), *BY_V[1:]],
    "the error left under the Derivative": with_line(1, mean(lambda x, y: (out(x) - y) * D(out(x) - y, v))),
    "sympy's own chain rule": with_line(2, sp.diff(J, v)),
    "a placeholder of the student's own": with_line(
        2, mean(lambda x, y: (out(x) - y) * sp.Subs(D(sigma(z), z), z, v * hidden(x)) * hidden(x))
    ),
    "a rounded 1/m": [J_line * 1 if n else J_line for n, J_line in enumerate(BY_V[:3])] + [ANSWER * 2 * 0.5],
    "the sigmoid written out": [explicit(line) for line in BY_V],
    "the slope as a − a²": with_line(3, mean(lambda x, y: (out(x) - y) * (out(x) - out(x) ** 2) * hidden(x))),
    "the slope as σ(z)σ(−z)": with_line(
        3, mean(lambda x, y: (out(x) - y) * out(x) * sigma(-v * hidden(x)) * hidden(x))
    ),
    "the slope by sech": with_line(
        3, mean(lambda x, y: (out(x) - y) * sp.sech(v * hidden(x) / 2) ** 2 / 4 * hidden(x))
    ),
    "one example after the other": [
        BY_V[0],
        BY_V[1],
        BY_V[2].subs(D(v * hidden(XY[0][0]), v), hidden(XY[0][0])),
        BY_V[2],
        ANSWER,
    ],
    "the same line twice": [*BY_V[:2], BY_V[1], *BY_V[2:]],
    "a trivial Derivative left for last": [*BY_V[:3], ANSWER * D(v, v), ANSWER],
    "numbers with a decimal point": [BY_V[0], BY_V[1], BY_V[2], 1.0 * ANSWER],
}


@pytest.mark.parametrize("lines", HONEST.values(), ids=list(HONEST))
def test_other_ways_to_write_it_have_full_credit(lines: list[Any]) -> None:
    judgement = by_v(lines)
    assert judgement.passed, judgement.message


def test_a_derivative_by_the_value_of_a_function_is_understood() -> None:
    chained = chain(*FRONT[:2], lambda x, y: D(v * hidden(x), hidden(x)) * D(hidden(x), w))
    assert by_w([*BY_W[:2], chained, *BY_W[3:]]).passed


def test_sums_over_an_index_are_followed_too() -> None:
    x, y, i = sp.IndexedBase("x"), sp.IndexedBase("y"), sp.Symbol("i", integer=True)
    s, over = sigma(w * x[i]), (i, 1, 3)
    lines = [
        D(sp.Sum((s - y[i]) ** 2, over) / 3, w),
        sp.Sum(2 * (s - y[i]) * D(s, w), over) / 3,
        sp.Sum(2 * (s - y[i]) * s * (1 - s) * D(w * x[i], w), over) / 3,
        sp.Sum(2 * (s - y[i]) * s * (1 - s) * x[i], over) / 3,
    ]
    domains = {"w": real(), "x": vector(real(), 3), "y": vector(real(), 3)}
    check = derivation(3, domains, functions=MEANING)
    judgement = check.judge(crossed(lines), crossed(lines[:1]), World(5))
    assert judgement.passed, judgement.message
    assert check.judge(crossed([lines[0], lines[3]]), crossed(lines[:1]), World(5)).credit == Fraction(1, 3)


CHEATS = {
    "constants added under the Derivative": (BY_V[0], D(J + 1, v), D(J + 2, v), ANSWER),
    "the definition times one": (
        BY_V[0],
        BY_V[0] * sp.Mul(2, sp.Rational(1, 2), evaluate=False),
        sp.Mul(1, BY_V[0], evaluate=False),
        ANSWER,
    ),
    "a function added and taken off": (BY_V[0], D(J + out(XY[0][0]), v) - D(out(XY[0][0]), v), ANSWER),
    "answer, definition, answer": (BY_V[0], ANSWER, D(J + 1, v), sp.expand(ANSWER)),
    "the answer first, its steps after": (BY_V[0], ANSWER, *BY_V[1:]),
    "the machine's answer in several forms": (
        explicit(BY_V[0]),
        sp.diff(explicit(J), v),
        sp.expand(sp.diff(explicit(J), v)),
        sp.Add(sp.diff(explicit(J), v), 1, -1, evaluate=False),
    ),
    "a vacuous derivative beside the answer": (
        BY_V[0],
        ANSWER + D(out(XY[0][0]), v) - out(XY[0][0]) * (1 - out(XY[0][0])) * hidden(XY[0][0]),
        ANSWER + D(v * hidden(XY[0][0]), v) - hidden(XY[0][0]),
        ANSWER,
    ),
    "the answer divided by a derivative and multiplied with it": (
        BY_V[0],
        ANSWER / (2 * v) * D(v**2, v),
        ANSWER / 17 * D(17 * v, v),
        ANSWER,
    ),
    "the whole answer laid on one example": (
        BY_V[0],
        ANSWER / (out(XY[0][0]) * (1 - out(XY[0][0])) * hidden(XY[0][0])) * D(out(XY[0][0]), v),
        ANSWER,
    ),
    "a derivative of something else that is 0": (BY_V[0], ANSWER + D(w**3, v), ANSWER + D(w**2, v), ANSWER),
}


@pytest.mark.parametrize("lines", CHEATS.values(), ids=list(CHEATS))
def test_lines_that_derive_nothing_earn_nothing_but_the_last(lines: tuple[Any, ...]) -> None:
    judgement = by_v(list(lines))
    assert judgement.credit == Fraction(1, 3), judgement.message
    assert judgement.message.endswith("1 of 3 steps count.")


def quotient(step: Any) -> Any:
    return (J.subs(v, v + step) - J.subs(v, v - step)) / (2 * step)


@pytest.mark.parametrize(
    "step", [sp.Rational(1, 10**9), sp.Rational(1, 10**3), sp.Rational(1, 10**16), 1e-8, sp.exp(-40), sp.I / 10**12]
)
def test_difference_quotients_earn_nothing(step: Any) -> None:
    several = [quotient(k * step) for k in (1, 2, 3, 4)]
    judgement = by_v([BY_V[0], *several])
    assert judgement.credit == 0
    assert judgement.message.startswith("line 2 ")
    better = (4 * several[0] - several[1]) / 3
    assert by_v([BY_V[0], better]).credit == 0
    closed = equivalent(DOMAINS, functions=MEANING, closed=True)
    for line in (several[0], better):
        assert not closed.judge(crossed(line), crossed(ANSWER), World(5)).passed


def test_a_difference_quotient_is_called_one() -> None:
    assert "takes a function at " in by_v([BY_V[0], quotient(sp.Rational(1, 10**9))]).message
    assert "a difference quotient is near a derivative, and is none" in by_v([BY_V[0], quotient(1e-8)]).message


def test_a_derivation_that_stops_early_earns_what_it_shows() -> None:
    stopped = by_v(BY_V[:3])
    assert stopped.credit == Fraction(2, 3)
    assert stopped.message.startswith("every line follows, but the last still has a Derivative in it: ")
    assert by_v(BY_V[:1]).credit == 0
    assert by_w(BY_W[:4]).credit == Fraction(3, 5)


def test_two_functions_at_once_are_named_and_count_as_one_step() -> None:
    jump = by_v([BY_V[0], BY_V[1], ANSWER])
    assert jump.credit == Fraction(2, 3)
    assert "1 more step should be shown. From line 2 to line 3, 2 functions are differentiated at once" in jump.message
    assert by_v([BY_V[0], ANSWER]).credit == Fraction(1, 3)


def test_line_1_must_be_the_definition() -> None:
    later = by_v(BY_V[1:])
    assert later.credit == Fraction(2, 3)
    assert later.message.startswith("line 1 is not the definition: write Derivative(…, v) of the function itself")
    assert by_v([ANSWER]).credit == 0
    assert by_v([D(J + 1, v), *BY_V[1:]]).message.startswith("line 1 is not the definition")
    double = by_v([2 * BY_V[0], *BY_V[1:]])
    assert double.message.startswith("line 1 is not the quantity asked for: at ")
    assert double.credit == Fraction(2, 3)


def test_each_step_that_follows_earns_its_share_and_the_first_that_does_not_is_named() -> None:
    lost = mean(lambda x, y: (out(x) - y) * D(v * hidden(x), v))
    judgement = by_v([*BY_V[:2], lost, ANSWER])
    assert judgement.message.startswith("line 3 does not follow from line 2: at ")
    assert judgement.where == "line 3"
    assert judgement.credit == Fraction(1, 3)
    early = by_w([BY_W[0], 2 * BY_W[1], *BY_W[2:]])
    assert early.message.startswith("line 2 does not follow from line 1")
    assert early.credit == Fraction(3, 5)
    assert by_v([*BY_V, 2 * ANSWER]).credit == Fraction(2, 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (sp.Integral(w, (w, 0, 1)), "line 3 is not gradable: `Integral` is not understood in a formula"),
        (sp.Symbol("q"), "line 3 is not gradable: the symbol `q` is not one of this question's"),
        ("x", "line 3 is not gradable: 'x' is no formula"),
        (None, "line 3 is not gradable: None is no formula"),
        (D(J, v, w), "line 3 is not gradable: a Derivative is taken by one symbol"),
    ],
)
def test_a_line_that_cannot_be_read_refuses_only_itself(line: Any, words: str) -> None:
    judgement = by_v([*BY_V[:2], line, *BY_V[3:]])
    assert judgement.message.startswith(words)
    assert judgement.credit == Fraction(2, 3)
    assert by_v([*BY_V[:2], line, *BY_V[2:]]).passed


@pytest.mark.parametrize("lines", [None, [], 3, "text", {"line": 1}])
def test_no_list_of_lines_is_not_gradable(lines: Any) -> None:
    judgement = derivation(3, DOMAINS, functions=MEANING).judge(lines, crossed(BY_V[:1]), World(5))
    assert judgement.credit == 0
    assert "is no list of formulas" in judgement.message


def test_rounding_shows_where_nothing_else_is_wrong() -> None:
    third = sum((out(x) - y) * out(x) * (1 - out(x)) * hidden(x) for x, y in XY)
    assert by_v([*BY_V[:3], third * (1 / np.sqrt(4.0))]).passed
    near = by_v([*BY_V[:3], third * sp.Rational(500000001, 10**9)])
    assert "it is nearly that, but not exactly" in near.message


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (sp.Float(1 / (1 + np.exp(6.0))), "a rounded decimal number stands in it"),
        (sp.N(1 / (1 + sp.exp(6)), 60), "a rounded decimal number stands in it"),
        (sp.Rational(1, 3), "is not the same number: yours is 0.333333, the right one 0.00247262"),
    ],
)
def test_exact_answers_refuse_rounded_numbers(got: Any, words: str) -> None:
    judgement = equivalent({}, exact=True).judge(crossed(got), crossed(1 / (1 + sp.exp(6))), World(1))
    assert not judgement.passed
    assert words in judgement.message


@pytest.mark.parametrize("got", [1 / (1 + sp.exp(6)), 1.0 / (1 + sp.exp(6)), sp.sech(3) * sp.exp(-3) / 2])
def test_exact_answers_are_taken_in_any_exact_form(got: Any) -> None:
    assert equivalent({}, exact=True).judge(crossed(got), crossed(1 / (1 + sp.exp(6))), World(1)).passed


def test_answers_must_be_worked_out() -> None:
    closed = equivalent(DOMAINS, functions=MEANING, closed=True)
    assert closed.judge(crossed(sp.expand(ANSWER)), crossed(ANSWER), World(2)).passed
    for line in (BY_V[0], BY_V[2], sp.diff(J, v)):
        judgement = closed.judge(crossed(line), crossed(ANSWER), World(2))
        assert not judgement.passed
        assert "is not worked out: a Derivative is left in it" in judgement.message


INVERSE = [sp.sec, sp.csc, sp.cot, sp.sech, sp.csch, sp.coth, sp.asinh, sp.atan, sp.acot, sp.asech, sp.sinc, sp.exp]


@pytest.mark.parametrize("function", INVERSE)
def test_functions_that_people_write_are_understood(function: Any) -> None:
    inside = {"x": real(0.2, 0.8)}
    x = sp.Symbol("x")
    rewritten = function(x).rewrite(sp.log if function in (sp.asinh, sp.asech, sp.acot, sp.atan) else sp.exp)
    assert equivalent(inside).judge(crossed(function(x)), crossed(rewritten), World(4)).passed


def test_a_long_definition_is_followed_in_a_moment() -> None:
    padded = Formula("Add", (crossed(J), *[Formula("Mul", (crossed(v), Formula("Integer", text="0")))] * 900))
    by = Formula("Tuple", (Formula("Symbol", text="v"), Formula("Integer", text="1")))
    began = time.process_time()
    judgement = derivation(3, DOMAINS, functions=MEANING).judge(
        [Formula("Derivative", (padded, by)), *crossed(BY_V[1:])], crossed(BY_V[:1]), World(5)
    )
    assert judgement.passed, judgement.message
    assert time.process_time() - began < 5
