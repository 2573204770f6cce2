"""The cases of `shallow`: what is called, and how the values that come back are judged."""

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _places_and_jumps(world, n):
    places = [world.fraction(-5, -1)]
    for _ in range(n - 1):
        places.append(places[-1] + abs(world.fraction(1, 3)))
    return places, world.fractions((n,))


def _one_at_zero(world, n):
    """The same, moved so that a place in the middle is 0."""
    places, jumps = _places_and_jumps(world, n)
    return [place - places[n // 2] for place in places], jumps


def _layer_check(n, drawn=_places_and_jumps):
    return satisfies(lambda outputs, world: judges.one_layer(outputs, *drawn(world, n)))


@case("shallow", public=True, check=_layer_check(2))
def two_kinks(student, world):
    """Two kinks, two units: F = 0 on the left, and the slope jumps by the given numbers."""
    return student.shallow_network(*_places_and_jumps(world, 2))


@case("shallow", public=True, check=exact(), worlds=1)
def few_points(student, world):
    """Fewest mistakes on 5 alternating points for 1, 2, 3, 4 pieces, and on 10 points for 1, 2; units for the 1-, 2- and 3-fold tent."""
    errors = [student.least_errors(n, p) for n, p in ((5, 1), (5, 2), (5, 3), (5, 4), (10, 1), (10, 2))]
    return {"errors": errors, "units": [student.units_for_tent(k) for k in (1, 2, 3)]}


@case("shallow", check=_layer_check(9, _one_at_zero))
def nine_kinks(student, world):
    """Nine kinks with nine units, one of them at 0: ten pieces on ℝ, not one more."""
    return student.shallow_network(*_one_at_zero(world, 9))


@case("shallow", check=exact())
def mistakes_in_general(student, world):
    """Fewest mistakes for many points, odd and even, and for more pieces than points."""
    n = world.integers(20, high=200)
    return [student.least_errors(n, p) for p in (1, n // 3, n // 3 + 1, n - 3, n - 2, n - 1, n, n + 1, n + 4)]


@case("shallow", check=exact(), worlds=1)
def units_for_many_folds(student, world):
    """Units of one hidden layer for the k-fold tent, k to 20."""
    return [student.units_for_tent(k) for k in range(1, 21)]
