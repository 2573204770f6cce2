"""The cases of `initialisation`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from numbers_of import chance, several_positive

from autograder.authoring import case
from autograder.checks import close, exact


@case("initialisation", public=True, check=close())
def deviations_for_two_layers(student, world):
    """The deviation for a ReLU behind 50 inputs, and for no activation behind another number of inputs."""
    return [student.std_for(50, 0.0), student.std_for(world.integers(20, high=90), 1.0)]


@case("initialisation", public=True, check=exact())
def squares_in_two_layers(student, world):
    """The mean squares of two ReLU layers of widths 3 → 4 → 2, and of the same layers without an activation."""
    variances = several_positive(world, 2, 2)
    return [student.mean_squares([3, 4, 2], list(variances), slope) for slope in (Fraction(0), Fraction(1))]


@case("initialisation", public=True, check=exact())
def alive_in_small_networks(student, world):
    """The chance to be alive: one layer of two units, and two layers of two."""
    return [student.alive_chance(2, depth) for depth in (1, world.integers(2, high=4))]


@case("initialisation", public=True, check=exact())
def twins(student, world):
    """Three hidden units with two inputs: the first and the last have the same weights and biases."""
    a, b, c = world.sample(range(2, 30), 3)
    return [student.different_units([[a, b, a], [c, c, c]], [1, 1, 1], [b, b, b]), student.different_units([[a], [b]], [c], [1])]


@case("initialisation", check=close())
def deviations_with_leaks(student, world):
    """The deviation for three leaky activations."""
    return [student.std_for(world.integers(5, high=300), world.uniform(0.1, 0.9)) for _ in range(3)]


@case("initialisation", check=exact())
def squares_with_a_leak(student, world):
    """The mean squares of three layers with a leaky activation; all widths differ."""
    return student.mean_squares([2, 7, 3, 5], several_positive(world, 3, 3), chance(world))


@case("initialisation", check=exact())
def squares_after_twenty_layers(student, world):
    """Twenty ReLU layers of one width with a variance that keeps the size, and with half of it: the last three mean squares."""
    width = world.integers(3, high=20)
    settings = (Fraction(2, width), Fraction(1, width))
    return [list(student.mean_squares([width] * 21, [variance] * 20, Fraction(0)))[-3:] for variance in settings]


@case("initialisation", check=exact())
def alive_in_other_networks(student, world):
    """The chance to be alive: width 1 and depth 10, width 3, and a wide and deep network."""
    return [student.alive_chance(1, 10), student.alive_chance(3, world.integers(2, high=9)), student.alive_chance(world.integers(5, high=9), 20)]


@case("initialisation", check=exact())
def twins_and_no_twins(student, world):
    """Units that differ in one place only: in a weight, in the bias, or in the weight out of them; and all alike."""
    a, b, c = world.sample(range(2, 30), 3)
    W = [[a, a, a, a, a, c], [b, b, b, a, b, b]]
    return [
        student.different_units(W, [1, 1, 2, 1, 1, 1], [a, b, a, a, a, a]),
        student.different_units([[a] * 5, [b] * 5], [0] * 5, [c] * 5),
        student.different_units([[0] * 4], [0] * 4, [a, a, b, 0]),
        student.different_units([[a, b]], [c, c], [1, 1]),
    ]
