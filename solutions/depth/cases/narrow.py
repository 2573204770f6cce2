"""The cases of `narrow`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _lines(world, k):
    """k lines with dyadic coefficients, so that floats are exact too; low end of the interval, high end."""
    slopes = [Fraction(int(s), 4) for s in world.sample([s for s in range(-24, 25) if s], k)]
    intercepts = [Fraction(world.integers(-12, high=13), 8) for _ in range(k)]
    return slopes, intercepts, Fraction(world.integers(-9, high=0), 2), Fraction(5)


def _maximum_check(k):
    return satisfies(lambda outputs, world: judges.equals_maximum(outputs, *_lines(world, k)))


def _promises(student, rows):
    return [student.theorems(*row) for row in rows]


@case("narrow", public=True, check=exact())
def width_one(student, world):
    """The best error of width-1 networks for x² on [−c, c], and their pieces at depth 0 and 1."""
    errors = [student.width_one_error(Fraction(world.integers(1, high=400), 4)) for _ in range(2)]
    return {"error": errors, "pieces": [student.width_one_pieces(k) for k in (0, 1)]}


@case("narrow", public=True, check=_maximum_check(2))
def maximum_of_two_lines(student, world):
    """A network of width 2 for the larger of two lines."""
    return student.convex_network(*_lines(world, 2)[:3])


@case("narrow", public=True, check=exact(), worlds=1)
def promises_for_one_input(student, world):
    """Which theorems speak about functions ℝ → ℝ with width 2 and width 5."""
    return _promises(student, [(1, 1, 2, "sup"), (1, 1, 2, "L2"), (1, 1, 5, "L1")])


@case("narrow", check=exact())
def width_one_in_general(student, world):
    """Fractions as c, and any depth."""
    return {"error": [student.width_one_error(abs(world.fraction())) for _ in range(4)], "pieces": [student.width_one_pieces(k) for k in range(7)]}


@case("narrow", check=_maximum_check(3))
def maximum_of_three_lines(student, world):
    """Three lines, in any order, some of them perhaps never on top."""
    return student.convex_network(*_lines(world, 3)[:3])


@case("narrow", check=_maximum_check(9))
def maximum_of_nine_lines(student, world):
    """Nine lines, width 2, on an interval that begins left of 0."""
    return student.convex_network(*_lines(world, 9)[:3])


@case("narrow", check=exact())
def promises_at_the_border(student, world):
    """Widths at and just below each theorem's bound, several outputs, all three norms."""
    rows = []
    for norm in ("sup", "L1", "L2"):
        d, m = world.integers(2, high=9), world.integers(2, high=20)
        for inputs, outputs in ((1, 1), (d, 1), (d, m), (1, m), (m, m + 1), (m + 1, m)):
            bounds = {2 * inputs, inputs + outputs, inputs + 4, inputs + 1, outputs}
            rows += [(inputs, outputs, b - off, norm) for b in sorted(bounds) for off in (1, 0)]
    return _promises(student, rows)
