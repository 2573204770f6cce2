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
    return [student.alive_chance(2, depth) for depth in (1, world.integers(2, high=40))]


def crowd(world, inputs, units):
    """W, b and v of many units with few different numbers."""
    return [world.integers(1, (units,), high=4).tolist() for _ in range(inputs)], *world.integers(1, (2, units), high=4).tolist()


@case("initialisation", public=True, check=exact())
def twins(student, world):
    """Three hidden units of which the first and the last are alike, and twenty units with few different numbers."""
    return [student.different_units([[1, 2, 1], [3, 3, 3]], [1, 1, 1], [2, 2, 2]), student.different_units(*crowd(world, 2, 20))]


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
    """Twenty ReLU layers of one width with a variance that almost keeps the size, and with half of what keeps it: the last three mean squares."""
    width = world.integers(3, high=20)
    settings = (Fraction(2, width) * Fraction(world.integers(90, high=100), 100), Fraction(1, width))
    return [list(student.mean_squares([width] * 21, [variance] * 20, Fraction(0)))[-3:] for variance in settings]


@case("initialisation", check=exact())
def alive_in_other_networks(student, world):
    """The chance to be alive: width 1 and depth 10, width 3, and a wide and deep network."""
    return [student.alive_chance(1, 10), student.alive_chance(3, world.integers(2, high=9)), student.alive_chance(world.integers(5, high=9), 20)]


@case("initialisation", check=exact())
def many_twins(student, world):
    """Thirty units with one input, twenty-five with two, and forty with three; few different numbers in all of them."""
    return [student.different_units(*crowd(world, inputs, units)) for inputs, units in ((1, 30), (2, 25), (3, 40))]
