"""The cases of `regions`: what is called, and how the values that come back are judged."""

from copy import deepcopy
from fractions import Fraction
from itertools import pairwise

from autograder.authoring import case
from autograder.checks import exact


def _exact_network(world, widths):
    """Random Fraction lists (W, b)."""
    return [(world.fractions((n, m), -4, 4, 5), world.fractions((n,), -4, 4, 5)) for m, n in pairwise(widths)]


def _counted(student, network, low, high):
    return {"kinks": student.kinks(network, low, high), "pieces": student.count_pieces(deepcopy(network), low, high)}


@case("regions", public=True, check=exact())
def one_layer_by_hand(student, world):
    """Three units in one hidden layer: each has its kink at −b/w, if that is inside the interval."""
    places = [Fraction(3 * world.integers(a, high=b) + 1, 30) for a, b in ((-40, -10), (2, 20), (25, 45))]
    biases = [-places[0], -2 * places[1], places[2]]
    network = [([[Fraction(1)], [Fraction(2)], [Fraction(-1)]], biases), (world.fractions((1, 3)), [Fraction(0)])]
    return _counted(student, network, Fraction(-10), Fraction(10))


@case("regions", public=True, check=exact())
def units_that_cancel(student, world):
    """Two units with the same kink and opposite output weights cancel, and a unit that is never on counts for nothing."""
    place, weight = Fraction(3 * world.integers(-20, high=21) + 1, 21), world.fraction(1, 4)
    one = Fraction(1)
    network = [([[one], [one], [one], [Fraction(0)]], [-place, -place, -place - 1, -one]), ([[weight, -weight, one, one]], [one])]
    return _counted(student, network, Fraction(-5), Fraction(5))


@case("regions", check=exact())
def random_networks_of_three_layers(student, world):
    """Random networks with three hidden layers and rational weights; one has a unit that nothing listens to. And a bump: the same line on both of its sides, which is two pieces."""
    networks = [_exact_network(world, [1, 4, 3, 3, 1]) for _ in range(7)]
    (W, b), (later, c), *rest = networks[-1]
    alone = ([*W, [Fraction(1)]], [*b, -Fraction(17, 37)])
    networks[-1] = [alone, ([[*row, Fraction(0)] for row in later], c), *rest]
    up, top, down = (Fraction(3 * world.integers(a, high=a + 13) + 1, 33) for a in (-30, -8, 14))
    units = ([[Fraction(1)]] * 3, [-up, -top, -down])
    rise, fall = 1 / (top - up), 1 / (down - top)
    networks.append([units, ([[rise, -rise - fall, fall]], [world.fraction()])])
    return [_counted(student, network, Fraction(-3), Fraction(5, 2)) for network in networks]


@case("regions", check=exact())
def kinks_on_the_border(student, world):
    """Kinks exactly at the ends do not lie inside; kinks of two layers at one place are one kink; a constant network has one piece."""
    low, high = world.fraction(-4, -1, 30), world.fraction(1, 4, 30)
    one, zero = Fraction(1), Fraction(0)
    middle = (low + high) / 2
    third = (2 * low + high) / 3
    ends = [([[one], [one], [-one], [one]], [-low, -high, high, -third]), ([[one, one, one, one]], [zero])]
    twice = [([[one], [one]], [-low, -middle]), ([[one, zero], [zero, one], [one, one]], [low - middle, zero, -one]), ([[one, one, -one]], [one])]
    constant = [([[zero], [one]], [one, -high - 1]), ([[one, one]], [zero])]
    joined = [([[one], [-one]], [-middle, middle]), ([[one, -one]], [zero])]
    return [_counted(student, network, low, high) for network in (ends, twice, constant, joined)]


@case("regions", check=exact())
def affine_and_deep(student, world):
    """No hidden layer at all; a zigzag of 2^7 pieces, which must not take forever; and kinks that floats cannot tell apart, or at which a steep slope changes by very little."""
    scale = Fraction(3 * world.integers(30, high=60) + 1, 63)  # kinks that no float is equal to
    half, zero = Fraction(1, 2), Fraction(0)
    tent = ([[Fraction(2), Fraction(-4)], [Fraction(2), Fraction(-4)]], [zero, -half])
    zigzag = [([[1 / scale], [1 / scale]], [zero, -half]), *[tent] * 6, ([[Fraction(2), Fraction(-4)]], [zero])]
    affine = [([[scale]], [half])]
    tiny = Fraction(1, 10**9)
    places = [scale / 9, scale / 5, scale / 3, scale / 3 + tiny**2]
    steep = [([[Fraction(1)]] * 4, [-place for place in places]), ([[tiny, 1 / tiny, tiny, half]], [zero])]
    networks = ((affine, scale), (zigzag, scale), (zigzag, 3 * scale / 4), (steep, scale))
    return [_counted(student, deepcopy(n), zero, high) for n, high in networks]
