"""The cases of `dropout`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import sympy
from numbers_of import chance

from autograder.authoring import case
from autograder.checks import derivation, exact, real

LETTERS = ("w1", "w2", "x1", "x2", "y")
OTHERS = ("a", "b", "u", "v", "t")


def by_weight(letters, keep):
    """A derivation of dJ/dw1: two rules are used, the square and the product."""
    return derivation(2, {**dict.fromkeys(letters, real(-2, 2)), keep: real(0.2, 0.9)})


def lines_of(lines):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in lines]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"


def regression(world, n, d):
    """Inputs, targets and weights, Fractions."""
    return world.fractions((n, d), -4, 4, 2), world.fractions((n,), -4, 4, 2), world.fractions((d,), -4, 4, 3)


@case("dropout", public=True)
def six_numbers_and_a_mask(student, world):
    """Training and evaluation on an array of shape (2, 3) with one mask."""
    x, mask = world.normal((2, 3)), world.integers(2, (2, 3)).astype(float)
    keep = world.uniform(0.3, 0.9)
    return [student.dropout(x.copy(), mask.copy(), keep, training) for training in (True, False)]


@case("dropout", public=True, check=exact())
def loss_over_four_masks(student, world):
    """Three examples with two inputs: the mean loss over all four masks, and the penalty for each squared weight."""
    X, y, w = regression(world, 3, 2)
    keep = chance(world)
    return {"loss": student.expected_loss(list(X), y, w, keep), "penalties": student.penalties(X, keep)}


@case("dropout", public=True, check=by_weight(LETTERS, "q"), worlds=1)
def derivation_for_two_inputs(student, world):
    """The derivation of dJ/dw1 line by line, from Derivative(J, w1) to the answer."""
    return lines_of(student.derive_dropout(*sympy.symbols("w1 w2 x1 x2 y q")))


@case("dropout", public=True)
def four_networks_in_one(student, world):
    """Two inputs and three classes, kept with chance 3/4: the prediction of the four networks together."""
    return student.geometric_mean(world.normal((2, 3)), world.normal((2,)), 0.75)


@case("dropout", public=True, check=exact())
def relu_behind_two_inputs(student, world):
    """A ReLU behind two dropped inputs: its mean over the four masks, and its value in evaluation."""
    w = [world.fraction(1, 5, 3), world.fraction(-5, -1, 3)]
    return list(student.relu_over_masks(w, [Fraction(1), Fraction(1)], chance(world)))


@case("dropout")
def other_masks(student, world):
    """Arrays of shapes (1, 5) and (2, 3, 2), a mask of nothing but ones with keep = 1, and evaluation with a small keep."""
    found = []
    for shape, keep, training in (((1, 5), 0.4, True), ((2, 3, 2), 0.9, True), ((4,), 0.1, False)):
        found.append(student.dropout(world.normal(shape), world.integers(2, shape).astype(float), keep, training))
    return [*found, student.dropout(world.normal((3,)), np.ones(3), 1.0, True)]


@case("dropout", check=exact())
def loss_over_many_masks(student, world):
    """Four examples with five inputs: the mean loss over all 32 masks, for two chances; and with keep = 1."""
    X, y, w = regression(world, 4, 5)
    return [student.expected_loss([list(row) for row in X], list(y), list(w), keep) for keep in (chance(world), Fraction(1, 3), Fraction(1))]


@case("dropout", check=exact())
def penalties_of_many_inputs(student, world):
    """The penalties for five inputs and three examples, and for one example with keep = 1."""
    X, _, _ = regression(world, 3, 5)
    return [student.penalties(X, chance(world)), student.penalties(X[:1], Fraction(1))]


@case("dropout", check=by_weight(OTHERS, "r"), worlds=1)
def derivation_in_other_letters_too(student, world):
    """The same derivation with the letters a, b, u, v, t and r."""
    return lines_of(student.derive_dropout(*sympy.symbols("a b u v t r")))


@case("dropout")
def many_networks_in_one(student, world):
    """Six inputs and four classes, for two chances of keeping, one example with logits of ±1000."""
    W, x = world.normal((6, 4)), world.normal((6,))
    far = world.normal((3, 2))
    return [
        student.geometric_mean(W.copy(), x.copy(), world.uniform(0.3, 0.9)),
        student.geometric_mean(W, x, 0.2),
        student.geometric_mean(1000 * far, world.normal((3,)), 0.5),
    ]


@case("dropout", check=exact())
def relu_behind_many_inputs(student, world):
    """A ReLU behind six dropped inputs, behind one, and behind inputs whose sum is negative."""
    w, x, keep = world.fractions((6,), -4, 4, 2), world.fractions((6,), -4, 4, 2), chance(world)
    single, negative = world.fraction(1, 5, 3), [world.fraction(1, 3, 2), world.fraction(-9, -4, 2)]
    return [
        list(student.relu_over_masks(w, x, keep)),
        list(student.relu_over_masks([single], [Fraction(2)], keep)),
        list(student.relu_over_masks(negative, [Fraction(1)] * 2, keep)),
    ]
