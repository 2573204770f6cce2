"""The cases of `clipping`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
from numbers_of import number_of

from autograder.authoring import case
from autograder.checks import close, exact


def clipped(student, grads, limit):
    """What came back, with a word where there is no gradient."""
    found, norm = student.clip_by_global_norm(grads, limit)
    return {"clipped": ["None" if g is None else np.asarray(g) for g in found], "norm": norm}


def noisy(world, n):
    """n values of noise and their chances, Fractions; no sum of some of the chances is one half."""
    weights = [world.integers(1, high=6) for _ in range(n - 1)]
    weights.append(1 + sum(weights) % 2)
    values = sorted(world.sample(range(-9, 10), n))
    return [Fraction(v) for v in values], [Fraction(w, sum(weights)) for w in weights]


@case("clipping", public=True, check=close(1e-5))
def three_and_four(student, world):
    """Two gradients, (3, 0) and (4), whose common norm is 5, clipped at a number between 1 and 4."""
    return clipped(student, [np.array([3.0, 0.0]), np.array([4.0])], world.uniform(1, 4))


@case("clipping", public=True, check=exact())
def noise_with_two_values(student, world):
    """Noise −1 with chance 3/4 and +3 with chance 1/4, clipped at 1: the expected clipped gradient at 0, to the right and to the left."""
    settings = ([Fraction(-1), Fraction(3)], [Fraction(3, 4), Fraction(1, 4)], Fraction(1))
    right, left = (Fraction(world.integers(1, high=200), 101) for _ in range(2))
    return [student.mean_clipped(x, *settings) for x in (Fraction(0), right, -left)]


@case("clipping", public=True, check=close(1e-9, dtype="float64"))
def rest_with_three_values(student, world):
    """Where clipped SGD comes to rest for three values of noise and the limit 2."""
    middle, large = 1 + Fraction(world.integers(1, high=100), 101), Fraction(world.integers(5, high=10))
    return number_of(student.resting_point([Fraction(-3), middle, large], [Fraction(3, 7), Fraction(3, 7), Fraction(1, 7)], Fraction(2)))


@case("clipping", check=close(1e-5))
def many_gradients(student, world):
    """Gradients of shapes (2, 3), (4,) and (1, 2, 2), and one parameter without, clipped hard."""
    grads = [world.normal((2, 3)), None, world.normal((4,), scale=20), world.normal((1, 2, 2))]
    return clipped(student, grads, world.uniform(0.1, 1))


@case("clipping", check=close(1e-5))
def gradients_below_the_limit(student, world):
    """A common norm below the limit, the norm 0, and no gradient at all: everything stays as it was."""
    small = [world.uniform(0.1, 0.3, (2, 2)), world.uniform(0.1, 0.3, (3,))]
    zero = [np.zeros(3), np.zeros((1, 2))]
    return [clipped(student, grads, limit) for grads, limit in ((small, world.uniform(2, 9)), (zero, 0.5), ([None, None], 1.0))]


@case("clipping", check=exact())
def mean_gradients(student, world):
    """The expected clipped gradient for five values of noise at three places, with a small and with a large limit."""
    noise, chances = noisy(world, 5)
    limits = (Fraction(world.integers(1, high=4)), Fraction(40), Fraction(2, 3))
    return [student.mean_clipped(world.fraction(-6, 6, 3), list(noise), list(chances), limit) for limit in limits]


@case("clipping", check=close(1e-9, dtype="float64"))
def resting_points(student, world):
    """Where clipped SGD comes to rest for five values of noise: hardly clipped, clipped a little, and clipped very hard."""
    noise, chances = noisy(world, 5)
    limits = (Fraction(60), Fraction(world.integers(4, high=8)), Fraction(1, 50))
    return [number_of(student.resting_point(list(noise), list(chances), limit)) for limit in limits]
