"""The cases of `area`: what is called, and how the values that come back are judged."""

import math
from fractions import Fraction

import numpy as np
import sympy
from numbers_of import chance, lines_of, spread_of

from autograder.authoring import case
from autograder.checks import close, derivation, exact, positive


def by_ratio(letters):
    """A derivation of dJ/dr: two rules are used, the logarithm and the product."""
    return derivation(2, dict.fromkeys(letters, positive()))


def source(world, n):
    """n different values about 1 apart, with chances."""
    values = np.cumsum(world.uniform(0.6, 1.4, (n,))) - 2
    parts = world.uniform(0.5, 2, (n,))
    return values.tolist(), (parts / parts.sum()).tolist()


def given_mmse(values, chances, snr):
    """The least squared error by a sum over a grid of y."""
    x, p = np.asarray(values), np.asarray(chances)
    y = np.linspace(math.sqrt(snr) * x.min() - 9, math.sqrt(snr) * x.max() + 9, 1601)
    joint = p * np.exp(-((y[:, None] - math.sqrt(snr) * x) ** 2) / 2) / math.sqrt(2 * math.pi)
    return float(p @ x**2 - np.nansum((joint @ x) ** 2 / np.maximum(joint.sum(1), 1e-300)) * (y[1] - y[0]))


@case("area", public=True)
def entropy_of_three_values(student, world):
    """The entropy of three values with random chances."""
    return student.entropy(*source(world, 3))


@case("area", public=True, check=close(1e-5))
def error_of_a_biased_coin(student, world):
    """The least squared error for two values at one signal-to-noise ratio; and for Gaussian data, as a fraction."""
    values, chances = source(world, 2)
    return {"coin": student.mmse(values, chances, world.uniform(0.5, 3)), "gaussian": student.gaussian_mmse(spread_of(world), spread_of(world))}


@case("area", public=True, check=close(1e-4))
def area_up_to_three(student, world):
    """Half of the area under the error of two values, up to a ratio of 3."""
    return student.half_area(*source(world, 2), 3.0)


@case("area", public=True, check=by_ratio(("r", "v")), worlds=1)
def information_at_home(student, world):
    """The derivation of dJ/dr line by line, from Derivative(J, r) to the answer."""
    return lines_of(student.derive_information(*sympy.symbols("r v")))


@case("area", public=True)
def weight_at_one_angle(student, world):
    """The weight of the noise loss at one angle."""
    return student.noise_loss_weight(world.uniform(0.9, 1.3))


@case("area")
def entropies(student, world):
    """The entropy of five values, of one value, and of values that are there twice."""
    values, chances = source(world, 5)
    twice, parts = source(world, 3)
    return [student.entropy(values, chances), student.entropy([1.5], [1.0]), student.entropy([*twice, twice[0], twice[0]], [p / 2 for p in parts] + [0.25, 0.25])]


@case("area", check=close(1e-5))
def errors_of_several_sources(student, world):
    """The least squared error for two, three and six values, at ratios from 0 to 9; with a value that is there twice, and with one far away."""
    found = []
    for n, snr in ((2, 0.0), (2, world.uniform(4, 9)), (3, world.uniform(0.1, 1)), (6, world.uniform(1, 4))):
        values, chances = source(world, n)
        found.append(student.mmse(values, chances, snr))
    found.append(student.mmse([values[0], values[1], values[0]], [0.25, 0.5, 0.25], world.uniform(1, 3)))
    far = [0.0, world.uniform(0.8, 1.5), world.uniform(50, 60)]
    return [*found, student.mmse(far, [0.3, 0.5, 0.2], world.uniform(1, 2))]


@case("area", given={"mmse": given_mmse}, check=close(1e-4))
def areas_of_several_sources(student, world):
    """Half of the area for three values up to 2 and up to 60 (which is all of it), and for two values that lie close together up to 8."""
    values, chances = source(world, 3)
    return [student.half_area(list(values), list(chances), limit) for limit in (2.0, 60.0)] + [student.half_area([0.0, 0.4], [0.3, 0.7], 8.0)]


@case("area", check=by_ratio(("q", "w")), worlds=1)
def information_in_other_letters(student, world):
    """The same derivation with the letters q and w."""
    return lines_of(student.derive_information(*sympy.symbols("q w")))


@case("area", check=exact())
def errors_of_gaussians(student, world):
    """The least squared error of Gaussian data, for three variances, and without any signal."""
    return [student.gaussian_mmse(snr, spread_of(world)) for snr in (chance(world), spread_of(world), 20 * chance(world), Fraction(0))]


@case("area")
def weights_at_several_angles(student, world):
    """The weight of the noise loss at four angles, two of them near the ends."""
    return [student.noise_loss_weight(theta) for theta in (world.uniform(0.01, 0.05), world.uniform(0.3, 0.7), world.uniform(0.9, 1.3), world.uniform(1.5, 1.55))]
