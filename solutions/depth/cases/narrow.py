"""The cases of `narrow`: what is called, and how the values that come back are judged."""

from fractions import Fraction
from itertools import pairwise

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _lines(world, k):
    """k lines in any order, each the largest somewhere inside; low end of the interval, and its high end.

    All numbers are dyadic, so that floats are exact too.
    """
    low, high = Fraction(world.integers(-9, high=0), 2), Fraction(5)
    crossings = sorted(low + Fraction(i, 4) for i in world.sample(range(1, int(4 * (high - low))), k - 1))
    slopes = sorted(Fraction(int(s), 4) for s in world.sample([s for s in range(-24, 25) if s], k))
    intercepts = [Fraction(world.integers(-12, high=13), 8)]
    for x, (before, after) in zip(crossings, pairwise(slopes), strict=True):
        intercepts.append(intercepts[-1] + (before - after) * x)
    order = [int(i) for i in world.permutation(k)]
    return [slopes[i] for i in order], [intercepts[i] for i in order], low, high


def _lines_with_idle_ones(world):
    """Eleven lines: five that are the largest somewhere, one that touches the maximum in one point, two far below, and three parallels.

    One line has a lower parallel before it, one behind it, and one stands there twice.
    """
    slopes, intercepts, low, high = _lines(world, 5)
    steepest = slopes.index(max(slopes))
    others = [j for j in range(5) if j != steepest]
    corner = max((intercepts[j] - intercepts[steepest]) / (slopes[steepest] - slopes[j]) for j in others)
    below = max(slopes[j] for j in others)
    touching = (slopes[steepest] + below) / 2
    top = slopes[steepest] * corner + intercepts[steepest]
    more = [(touching, top - touching * corner), (Fraction(-1, 16), min(intercepts) - 40)]
    place = world.integers(6)
    slopes = [*slopes[:place], more[0][0], *slopes[place:], more[1][0]]
    intercepts = [*intercepts[:place], more[0][1], *intercepts[place:], more[1][1]]
    level = min(a * x + c for a, c in zip(slopes, intercepts, strict=True) for x in (low, high)) - 1
    first, second, third = world.sample(others, 3)
    before = [(slopes[first + (first >= place)], intercepts[first + (first >= place)] - 1), (Fraction(0), level)]
    behind = [(slopes[j + (j >= place)], intercepts[j + (j >= place)] - off) for j, off in ((second, 2), (third, 0))]
    lines = [*before, *zip(slopes, intercepts, strict=True), *behind]
    return [a for a, _ in lines], [c for _, c in lines], low, high


def _maximum_check(lines):
    return satisfies(lambda outputs, world: judges.equals_maximum(outputs, *lines(world)))


def _many(k):
    return lambda world: _lines(world, k)


def _promises(student, rows):
    """The names for each row; a set is as good as a list."""
    found = [student.theorems(*row) for row in rows]
    return [list(names) if isinstance(names, (set, frozenset)) else names for names in found]


ONE_INPUT = [(1, 1, 2, "sup"), (1, 1, 2, "L2"), (1, 1, 5, "L1")]
SPEAK = [{"hanin_sellke", "lecture"}, {"park"}, {"lu", "park"}]


def _judge_one_input(outputs, world):
    return judges.promises(outputs, ONE_INPUT, SPEAK)


def _border(world):
    """Widths at and just below each bound of the table."""
    rows = []
    for norm in ("sup", "L1", "L2"):
        d, m = world.integers(2, high=9), world.integers(2, high=20)
        for inputs, outputs in ((1, 1), (d, 1), (d, m), (1, m), (m, m + 1), (m + 1, m)):
            bounds = {2 * inputs, inputs + outputs, inputs + 4, inputs + 1, outputs}
            rows += [(inputs, outputs, b - off, norm) for b in sorted(bounds) for off in (1, 0)]
    return list(dict.fromkeys(rows))


def _judge_border(outputs, world):
    rows = _border(world)
    return judges.promises(outputs, rows, [judges.promised(row) for row in rows])


@case("narrow", public=True, check=exact())
def width_one(student, world):
    """The best error of width-1 networks for x² on [−c, c], and their pieces at depth 0 and 1."""
    errors = [student.width_one_error(Fraction(world.integers(1, high=400), 4)) for _ in range(2)]
    return {"error": errors, "pieces": [student.width_one_pieces(k) for k in (0, 1)]}


@case("narrow", public=True, check=_maximum_check(_many(2)))
def maximum_of_two_lines(student, world):
    """A network of width 2 for the larger of two lines."""
    return student.convex_network(*_lines(world, 2)[:3])


@case("narrow", public=True, check=satisfies(_judge_one_input), worlds=1)
def promises_for_one_input(student, world):
    """Which theorems speak about functions ℝ → ℝ with width 2 and width 5."""
    return _promises(student, ONE_INPUT)


@case("narrow", check=exact())
def width_one_in_general(student, world):
    """Fractions as c, and any depth."""
    return {"error": [student.width_one_error(abs(world.fraction())) for _ in range(4)], "pieces": [student.width_one_pieces(k) for k in range(7)]}


@case("narrow", check=_maximum_check(_many(3)))
def maximum_of_three_lines(student, world):
    """Three lines in any order; each of them is the largest somewhere."""
    return student.convex_network(*_lines(world, 3)[:3])


@case("narrow", check=_maximum_check(_many(9)))
def maximum_of_nine_lines(student, world):
    """Nine lines, width 2, on an interval that begins left of 0; each line is the largest somewhere."""
    return student.convex_network(*_lines(world, 9)[:3])


@case("narrow", check=_maximum_check(_lines_with_idle_ones))
def lines_that_are_never_on_top(student, world):
    """Eleven lines, of which one only touches the maximum, two lie far below it, two are parallel to higher ones, and one stands there twice."""
    return student.convex_network(*_lines_with_idle_ones(world)[:3])


@case("narrow", check=satisfies(_judge_border))
def promises_at_the_border(student, world):
    """Widths at and just below each theorem's bound, several outputs, all three norms."""
    return _promises(student, _border(world))
