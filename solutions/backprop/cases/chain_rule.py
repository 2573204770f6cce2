"""The cases of `chain_rule`: what is called, and how the values that come back are judged."""

import sympy

from autograder.authoring import case
from autograder.checks import derivation, equivalent, real

NAMES = ["w1", "w2", "x1", "x2", "x3", "y1", "y2", "y3"]
DOMAINS = dict.fromkeys(NAMES, real(-2, 2))
_z = sympy.Symbol("z")
MEANING = {"sigma": sympy.Lambda(_z, 1 / (1 + sympy.exp(-_z)))}


def by_w2():
    """A derivation of dJ/dw2: three rules are used."""
    return derivation(3, DOMAINS, functions=MEANING)


def by_w1():
    """A derivation of dJ/dw1: five rules are used."""
    return derivation(5, DOMAINS, functions=MEANING)


def symbols_for(m):
    """w1, w2 and m pairs (x_i, y_i) of sympy symbols."""
    w1, w2 = sympy.symbols("w1 w2")
    return w1, w2, [sympy.symbols(f"x{i} y{i}") for i in range(1, m + 1)]


def lines_of(derivation):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in derivation]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"


@case("chain_rule", public=True, check=by_w2(), worlds=1)
def output_weight_with_two_examples(student, world):
    """The derivation of dJ/dw2 for m = 2 examples, line by line, from Derivative(J, w2) to the answer."""
    return lines_of(student.derive_w2(*symbols_for(2)))


@case("chain_rule", public=True, check=by_w1(), worlds=1)
def hidden_weight_with_two_examples(student, world):
    """The derivation of dJ/dw1 for m = 2 examples, line by line, from Derivative(J, w1) to the answer."""
    return lines_of(student.derive_w1(*symbols_for(2)))


@case("chain_rule", check=by_w2(), worlds=1)
def output_weight_with_three_examples(student, world):
    """The derivation of dJ/dw2 for m = 3 examples."""
    return lines_of(student.derive_w2(*symbols_for(3)))


@case("chain_rule", check=by_w1(), worlds=1)
def hidden_weight_with_three_examples(student, world):
    """The derivation of dJ/dw1 for m = 3 examples."""
    return lines_of(student.derive_w1(*symbols_for(3)))


@case("chain_rule", check=equivalent(DOMAINS, functions=MEANING, closed=True), worlds=1)
def answers_for_one_example(student, world):
    """The last lines of both derivations for a single example, worked out: no Derivative is left."""
    return [lines_of(derive(*symbols_for(1)))[-1] for derive in (student.derive_w2, student.derive_w1)]
