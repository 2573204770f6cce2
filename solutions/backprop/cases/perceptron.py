"""The cases of `perceptron`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import sympy
from backprop_judges import agreeing
from exactly import fraction, plain

from autograder.authoring import case
from autograder.checks import close, equivalent, exact, satisfies


def shifted_square(z):
    """An activation that is neither odd nor linear, so that nothing can be applied in another order unseen."""
    return (z + 0.5) ** 2


@case("perceptron", public=True, check=close())
def neuron_with_three_inputs(student, world):
    """One neuron with three inputs, x = (1, 2, 3)·s and a bias: a single number comes out, g(w·x + b) with g(z) = (z + 1/2)²."""
    scale = world.uniform(0.5, 2)
    x, w = scale * np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 0.25])
    return student.neuron(x, w, 2.0, shifted_square)


@case("perceptron", public=True, check=close())
def layer_for_two_examples(student, world):
    """A layer of 3 neurons on 2 examples with 4 inputs gives an array of shape (2, 3)."""
    X, W, b = world.normal((2, 4)), world.normal((4, 3)), world.normal((3,))
    return student.dense_layer(X, W, b, shifted_square)


@case("perceptron", public=True, check=exact())
def line_of_another_neuron(student, world):
    """The decision line as exact Fractions, for weights like (2, 4) and bias −1: 2·x1 + 4·x2 − 1 = 0 is x2 = −x1/2 + 1/4."""
    w, b = (world.fraction(), world.fraction()), world.fraction()
    slope, intercept = student.decision_line(w, b)
    return {"slope": fraction(slope), "intercept": fraction(intercept)}


@case("perceptron", check=close())
def neuron_in_many_dimensions(student, world):
    """One neuron with 7 inputs and a bias far from 0."""
    return student.neuron(world.normal((7,)), world.normal((7,)), world.normal(mean=5), shifted_square)


@case("perceptron", check=close())
def layer_is_square_and_batch_is_one(student, world):
    """A batch of one example through a layer with as many neurons as inputs; then five examples; then a layer of one neuron, whose output has one column, and one that reads one input."""
    W, b = world.normal((3, 3)), world.normal((3,), mean=2)
    square = [student.dense_layer(world.normal((m, 3)), W.copy(), b.copy(), shifted_square) for m in (1, 5)]
    narrow = [
        student.dense_layer(world.normal((4, d)), world.normal((d, n)), world.normal((n,)), shifted_square)
        for d, n in ((3, 1), (1, 3))
    ]
    return [*square, *narrow]


@case("perceptron", check=exact())
def lines_of_a_negative_bias_and_of_zeros(student, world):
    """The decision line of a neuron whose two weights and bias have three different sizes, the bias negative; a level line (w1 = 0), a line through the origin (b = 0), and both at once: only w2 is never 0."""
    zero, w, b = Fraction(0), (world.fraction(2, 3), world.fraction(4, 6)), -world.fraction(7, 9)
    neurons = {
        "three sizes": (w, b),
        "w1 = 0": ((zero, world.fraction()), world.fraction()),
        "b = 0": ((world.fraction(), world.fraction()), zero),
        "w1 = b = 0": ((zero, world.fraction()), zero),
    }
    return {name: [fraction(value) for value in student.decision_line(*one)] for name, one in neurons.items()}


@case("perceptron", check=exact(), worlds=1)
def line_and_side_by_hand(student, world):
    """Slope and intercept of the decision line for weights (3, −2) and bias 1, and the side on which (−1, 2) lies."""
    mine = student.by_hand()
    return {
        "slope": fraction(mine["slope"]),
        "intercept": fraction(mine["intercept"]),
        "side": str(mine["side"]).strip().lower(),
    }


@case("perceptron", public=True, check=satisfies(agreeing), worlds=1)
def answers_by_hand_agree(student, world):
    """Your five answers by hand are there, and those about the point agree with each other: its side with the sign of your z, and your σ(z) with your z. Whether z and the line are right, hidden cases ask."""
    mine = student.by_hand()
    return {
        "line": [fraction(mine["slope"]), fraction(mine["intercept"])],
        "z": sympy.sympify(plain(mine["z"])),
        "side": str(mine["side"]).strip().lower(),
        "sigma": sympy.sympify(plain(mine["sigma"])),
    }


@case("perceptron", check=equivalent({}, exact=True), worlds=1)
def values_by_hand(student, world):
    """z and σ(z) at the point (−1, 2), exactly: a rounded decimal number is no answer."""
    mine = student.by_hand()
    return [sympy.sympify(plain(mine[name])) for name in ("z", "sigma")]
