"""The cases of `products`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import judges

from autograder.authoring import case
from autograder.checks import satisfies


def _product_check(error, bound):
    """Smallest depth that question 7 allows, and the segments on which the error is measured."""

    def judge(outputs, world):
        m = 1
        while bound**2 * Fraction(1, 2 ** (2 * m + 1)) > error:
            m += 1
        corners = [(Fraction(x) * bound, Fraction(y) * bound) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        segments = [(a, b) for i, a in enumerate(corners) for b in corners[i + 1 :]]
        for _ in range(6):
            ends = [bound * Fraction(world.integers(0, high=65), 64) for _ in range(4)]
            if ends[:2] != ends[2:]:
                segments.append(((ends[0], ends[1]), (ends[2], ends[3])))
        return judges.product(outputs, error, bound, m, segments)

    return satisfies(judge)


def given_squares(m):
    """Interpolates x² at 2^m + 1 points of [0, 1] with three units per layer."""
    half, one = Fraction(1, 2), Fraction(1)
    bend, layers = [2 * one, -4 * one, 0 * one], [([[one], [one], [one]], [0, -half, 0])]
    for s in range(1, m + 1):
        keep = [-bend[0] / 4**s, -bend[1] / 4**s, one]
        layers.append(([bend, bend, keep], [0, -half, 0]) if s < m else ([keep], [0]))
    return layers


SQUARES = {"square_network": given_squares}


@case("products", public=True, check=_product_check(Fraction(1, 250), Fraction(1)), worlds=1)
def product_on_the_unit_square(student, world):
    """Error 1/250 on [0, 1]²: along the edges, the diagonals and random segments."""
    return student.product_network(Fraction(1, 250), Fraction(1))


@case("products", check=_product_check(Fraction(1, 128), Fraction(1)), worlds=1, given=SQUARES)
def product_with_nothing_to_spare(student, world):
    """Error 2^−7 on [0, 1]², which m = 3 reaches exactly."""
    return student.product_network(Fraction(1, 128), Fraction(1))


@case("products", check=_product_check(Fraction(1, 150), Fraction(5, 2)), worlds=1, given=SQUARES)
def product_on_a_larger_square(student, world):
    """Error 1/150 on [0, 5/2]²."""
    return student.product_network(Fraction(1, 150), Fraction(5, 2))


@case("products", check=_product_check(Fraction(1, 9000), Fraction(2, 3)), worlds=1, given=SQUARES)
def product_on_a_smaller_square(student, world):
    """Error 1/9000 on [0, 2/3]²."""
    return student.product_network(Fraction(1, 9000), Fraction(2, 3))


@case("products", check=_product_check(Fraction(1, 5), Fraction(1, 2)), worlds=1, given=SQUARES)
def product_with_a_generous_error(student, world):
    """An error that one hidden layer reaches easily: the depth is still at least 1."""
    return student.product_network(Fraction(1, 5), Fraction(1, 2))
