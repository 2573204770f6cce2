"""The cases of `price`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _nodes_and_values(world, n):
    nodes = [world.fraction(-3, 0)]
    for _ in range(n):
        nodes.append(nodes[-1] + abs(world.fraction(1, 2)))
    return nodes, world.fractions((n + 1,))


def _level_and_straight(world, n):
    """The same with two equal values side by side, and three points on one line."""
    nodes, values = _nodes_and_values(world, n)
    values[1] = values[2]
    slope = (values[-2] - values[-3]) / (nodes[-2] - nodes[-3])
    return nodes, [*values[:-1], values[-2] + slope * (nodes[-1] - nodes[-2])]


def _interpolation_check(n, drawn=_nodes_and_values):
    return satisfies(lambda outputs, world: judges.interpolates(outputs, *drawn(world, n)))


def _lipschitz(world):
    return world.integers(2, high=12), world.fraction(1, 6, 40)


def _worst_check(arguments):
    return satisfies(lambda outputs, world: judges.is_worst(outputs, *arguments(world)))


def _few_units(world):
    return world.integers(2, high=5), world.fraction(1, 6, 3)


@case("price", public=True, check=_interpolation_check(2))
def through_three_points(student, world):
    """Two units, three points: F has the values at the nodes and is straight between them."""
    return student.interpolant(*_nodes_and_values(world, 2))


@case("price", public=True, check=exact())
def units_for_a_simple_error(student, world):
    """How many units the theorem asks for when Λ = 1."""
    k = world.integers(2, high=500)
    return [student.units_for(Fraction(1), Fraction(1, 2 * k)), student.units_for(Fraction(1), Fraction(1, 2 * k + 1))]


@case("price", public=True, check=_worst_check(_few_units))
def a_function_for_few_units(student, world):
    """A function with the given Lipschitz constant Λ whose interpolant with 2, 3 or 4 units is wrong by exactly Λ/(2n)."""
    return student.worst_function(*_few_units(world))


@case("price", check=_interpolation_check(7, _level_and_straight))
def through_eight_points(student, world):
    """Seven units, eight unequally spaced nodes, none of them 0 perhaps; two values are equal, and three points lie on one line."""
    return student.interpolant(*_level_and_straight(world, 7))


@case("price", check=_interpolation_check(1))
def through_two_points(student, world):
    """One unit, two points."""
    return student.interpolant(*_nodes_and_values(world, 1))


@case("price", check=exact())
def units_in_general(student, world):
    """Any Lipschitz constant and error."""
    return [student.units_for(abs(world.fraction()), abs(world.fraction()) / 100) for _ in range(6)]


@case("price", check=_worst_check(_lipschitz))
def a_function_that_costs_the_full_price(student, world):
    """A function with the given Lipschitz constant on which the interpolant is wrong by exactly Λ/(2n)."""
    return student.worst_function(*_lipschitz(world))
