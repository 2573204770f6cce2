"""The cases of `heavy_ball`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from numbers_of import chance, positive_fraction

from autograder.authoring import case
from autograder.checks import close, exact


def slope_of(curvature, minimum):
    """The gradient of ½·curvature·(x − minimum)²."""
    return lambda x: curvature * (x - minimum)


def bowl(world):
    """The gradient of a quadratic, and a start away from its minimum."""
    minimum = world.fraction()
    return slope_of(positive_fraction(world), minimum), minimum + positive_fraction(world)


@case("heavy_ball", public=True, check=exact())
def three_steps(student, world):
    """Three steps with one rate, β = 1/2: four points."""
    return student.momentum(*bowl(world), [Fraction(1, 10)] * 3, Fraction(1, 2))


@case("heavy_ball", public=True, check=exact())
def one_matrix_and_two_borders(student, world):
    """The recurrence as a matrix, and the two borders of stability, for one λ and β."""
    curvature, beta, rate = positive_fraction(world), chance(world), positive_fraction(world)
    return {
        "matrix": student.recurrence(rate, curvature, beta),
        "momentum": student.largest_momentum_rate(curvature, beta),
        "nesterov": student.largest_nesterov_rate(curvature, beta),
    }


@case("heavy_ball", public=True, check=close())
def best_pair_for_one_range(student, world):
    """The best rate and momentum when the curvature lies between 1 and a number between 5 and 20."""
    return list(student.best_momentum(1.0, world.uniform(5, 20)))


@case("heavy_ball", check=exact())
def rate_that_falls_on_the_way(student, world):
    """Six steps whose rate falls twice: the velocity that was gathered before counts with the new rate."""
    rates = [Fraction(1, 5)] * 2 + [Fraction(1, 20)] * 2 + [Fraction(1, 50)] * 2
    return student.momentum(*bowl(world), rates, chance(world))


@case("heavy_ball", check=exact())
def other_shapes_of_the_path(student, world):
    """Without momentum (β = 0), and on a function that is no quadratic, f(x) = x⁴/4."""
    rates = [Fraction(1, 10)] * 3
    return [
        student.momentum(*bowl(world), list(rates), Fraction(0)),
        student.momentum(lambda x: x**3, world.fraction(-2, 2, 3), rates, chance(world)),
    ]


@case("heavy_ball", check=exact())
def matrices(student, world):
    """The recurrence as a matrix for three settings, one of them without momentum."""
    return [student.recurrence(positive_fraction(world), positive_fraction(world), beta) for beta in (Fraction(0), chance(world), Fraction(9, 10))]


@case("heavy_ball", check=exact())
def borders_of_momentum(student, world):
    """The border of stability of momentum for three settings, one of them without momentum."""
    return [student.largest_momentum_rate(positive_fraction(world), beta) for beta in (Fraction(0), chance(world), Fraction(9, 10))]


@case("heavy_ball", check=exact())
def borders_of_nesterov(student, world):
    """The border of stability of Nesterov's method for three settings, one of them without momentum."""
    return [student.largest_nesterov_rate(positive_fraction(world), beta) for beta in (Fraction(0), chance(world), Fraction(9, 10))]


@case("heavy_ball", check=close(elementwise=True))
def best_pairs(student, world):
    """The best rate and momentum for three ranges of curvature."""
    ranges = [(low, low * world.uniform(3, 200)) for low in world.uniform(0.1, 5, (3,)).tolist()]
    return [list(student.best_momentum(low, high)) for low, high in ranges]
