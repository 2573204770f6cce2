"""The cases of `squares`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _parabolas(ms):
    return satisfies(lambda outputs, world: judges.parabolas(outputs, ms))


@case("squares", public=True, check=_parabolas((1, 2)), worlds=1)
def first_two_squares(student, world):
    """m = 1, 2: at most 3 units per layer, m hidden layers, sup error exactly 1/16 and 1/64."""
    return [student.square_network(m) for m in (1, 2)]


@case("squares", public=True, check=exact())
def pieces_for_a_simple_error(student, world):
    """The error 1/(8P²) needs P pieces; a little less error needs one more."""
    p = world.integers(2, high=300)
    return [student.pieces_needed(Fraction(1, 8 * p * p)), student.pieces_needed(Fraction(1, 8 * p * p + 1))]


@case("squares", public=True, check=exact(), worlds=1)
def units_for_small_depths(student, world):
    """Units that one hidden layer needs for the error of depth m = 1, 2, 3."""
    return [student.units_needed(m) for m in (1, 2, 3)]


@case("squares", check=_parabolas((3, 4, 6, 9)), worlds=1)
def deeper_squares(student, world):
    """m = 3, 4, 6, 9."""
    return [student.square_network(m) for m in (3, 4, 6, 9)]


@case("squares", check=exact())
def pieces_for_any_error(student, world):
    """Rational errors, a perfect square with 40 digits (floats are not enough), and errors that one piece reaches."""
    p = world.integers(10**8, high=10**9) ** 2
    errors = [Fraction(1, 8 * p * p), Fraction(1, 8 * p * p + 1), Fraction(1, 8 * p * p - 1), Fraction(1, 8), Fraction(1, 7), Fraction(3)]
    return [student.pieces_needed(e) for e in [*errors, abs(world.fraction()) / 1000, abs(world.fraction()) / 10**6]]


@case("squares", check=exact(), worlds=1)
def units_against_depth(student, world):
    """Units that one hidden layer needs for the error of depth m, m to 30."""
    return [student.units_needed(m) for m in range(1, 31)]
