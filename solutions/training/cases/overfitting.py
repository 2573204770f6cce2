"""The cases of `overfitting`: what is called, and how the values that come back are judged."""

import math
from fractions import Fraction

from numbers_of import several_positive

from autograder.authoring import case
from autograder.checks import exact

NAN = math.nan


def some_rate(world, eigenvalues):
    """A rate below the border for the largest of them, with which no factor is 0."""
    return Fraction(world.integers(3, high=9), 10) / max(eigenvalues)


@case("overfitting", public=True)
def ridge_of_four_examples(student, world):
    """Ridge regression on four examples with two inputs."""
    return student.ridge(world.normal((4, 2)), world.normal((4,)), world.uniform(0.5, 2))


@case("overfitting", public=True, check=exact())
def shares_after_three_steps(student, world):
    """The shares of two components after three steps, and the strength of the ridge that leaves the same share of the first."""
    eigenvalues = several_positive(world, 2)
    rate = some_rate(world, eigenvalues)
    return {"shares": student.filter_factors(list(eigenvalues), rate, 3), "ridge": student.matching_ridge(eigenvalues[0], rate, 3)}


def noisy_curve(world):
    """A curve that falls for some epochs, then rises for good."""
    falling = sorted((world.uniform(1, 9, (world.integers(3, high=40),))).tolist(), reverse=True)
    return [*falling, *(falling[-1] + world.uniform(0.1, 5, (6,))).tolist()]


@case("overfitting", public=True, check=exact())
def two_curves(student, world):
    """A curve that falls and then rises with patience 3, and one that falls to its end."""
    return [list(student.early_stop(noisy_curve(world), 3)), list(student.early_stop([3.0, 2.0, 1.0], 2))]


@case("overfitting", public=True, check=exact())
def risk_with_many_examples_and_with_few(student, world):
    """The expected excess risk for 10 inputs: with 30 examples, and with 4."""
    square, noise = several_positive(world, 2)
    return [student.expected_risk(n, 10, square, noise) for n in (30, 4)]


@case("overfitting")
def ridge_with_more_weights_than_examples(student, world):
    """Ridge regression on three examples with five inputs, on nine with two, and with a strong penalty."""
    return [
        student.ridge(world.normal((n, d)), world.normal((n,)), strength)
        for n, d, strength in ((3, 5, 0.1), (9, 2, 0.5), (6, 4, 30.0))
    ]


@case("overfitting", check=exact())
def shares_of_many_components(student, world):
    """The shares of four components after one, four and no steps."""
    eigenvalues = several_positive(world, 4, 20)
    rate = some_rate(world, eigenvalues)
    return [student.filter_factors(list(eigenvalues), rate, steps) for steps in (1, 4, 0)]


@case("overfitting", check=exact())
def matching_strengths(student, world):
    """The strength of the ridge that matches one, two and five steps."""
    eigenvalues = several_positive(world, 3)
    rate = some_rate(world, eigenvalues)
    return [student.matching_ridge(c, rate, steps) for c, steps in zip(eigenvalues, (1, 2, 5))]


@case("overfitting", check=exact())
def curves_with_ties_and_nan(student, world):
    """Curves with equal losses, with NaN, with an improvement in the last epoch, and with a patience that is just enough; before each, some epochs that improve."""
    a, b, c = sorted(world.sample(range(1, 30), 3))
    before = [float(v) for v in range(40, 40 - world.integers(1, high=9), -1)]
    curves = [
        ([c, b, b, b, a], 2), ([c, b, b, b, a], 4), ([c, b, NAN, a], 1), ([c, b, NAN, a], 2), ([b, b, b, b], 2), ([b, c, a, c, a, a], 2),
        ([b, c, c, c], 3),
    ]  # fmt: skip
    found = [list(student.early_stop([*before, *map(float, curve)], patience)) for curve, patience in curves]
    return [*found, list(student.early_stop([float(a)], 1)), list(student.early_stop([float(a), float(c), float(b)], 2))]


@case("overfitting", check=exact())
def curves_of_chance(student, world):
    """Five random curves with patience from 1 to 4."""
    return [list(student.early_stop([*noisy_curve(world), 0.5, 0.9], 1 + i % 4)) for i in range(5)]


@case("overfitting", check=exact())
def risk_on_both_sides_of_the_peak(student, world):
    """The expected excess risk for a random number of inputs, from few examples to many, and in the middle, where it is infinite."""
    d = world.integers(6, high=15)
    square, noise = several_positive(world, 2)
    found = [student.expected_risk(n, d, square, noise) for n in (1, d - 3, d - 2, d + 2, d + 3, 4 * d)]
    middle = [str(float(student.expected_risk(n, d, square, noise))) for n in (d - 1, d, d + 1)]
    return {"finite": found, "in the middle": middle}
