"""The cases of `samplers`: what is called, and how the values that come back are judged."""

import math
from fractions import Fraction

import numpy as np
from numbers_of import chance, shares_of, spread_of

from autograder.authoring import case
from autograder.checks import exact


def equal_steps(n):
    """The angles of n equal steps from π/2 to 0."""
    return np.linspace(math.pi / 2, 0, n + 1).tolist()


def small_noises(shares):
    """The variance of q(x_{t−1} | x_t, x_0) in every step."""
    return [(1 - now / before) * (1 - before) / (1 - now) for before, now in zip(shares, shares[1:], strict=False)]


def large_noises(shares):
    """β_t in every step."""
    return [1 - now / before for before, now in zip(shares, shares[1:], strict=False)]


@case("samplers", public=True)
def three_steps_of_ddim(student, world):
    """DDIM in three unequal steps, from an angle below π/2 to one above 0."""
    angles = sorted(world.uniform(0.1, 1.4, (4,)).tolist(), reverse=True)
    return student.ddim_variance(angles, world.uniform(2, 5))


@case("samplers", public=True, check=exact(), worlds=1)
def steps_for_ten_percent(student, world):
    """How many steps DDIM needs for an error of at most ten per cent in the variance."""
    return student.least_steps(0.1)


@case("samplers", public=True, check=exact())
def ancestral_with_two_noises(student, world):
    """Two ancestral steps with two given variances of the noise; and the variances of the noise that are right."""
    shares, variance = shares_of(world, 2), spread_of(world)
    return {
        "variance": student.ancestral_variance(list(shares), variance, [chance(world), chance(world)]),
        "noises": student.exact_noises(shares, variance),
    }


@case("samplers")
def ddim_in_equal_steps(student, world):
    """DDIM from π/2 to 0 in 1, 2, 5 and 40 equal steps, for data of variance 1 and of two others."""
    found = []
    for variance in (1.0, world.uniform(0.1, 0.6), world.uniform(3, 9)):
        found.append([student.ddim_variance(equal_steps(n), variance) for n in (1, 2, 5, 40)])
    return found


@case("samplers")
def ddim_in_unequal_steps(student, world):
    """DDIM over six random angles, for two variances; and over one angle alone, where nothing is done."""
    angles = sorted(world.uniform(0.05, 1.5, (6,)).tolist(), reverse=True)
    found = [student.ddim_variance(list(angles), variance) for variance in (world.uniform(0.1, 0.6), world.uniform(3, 9))]
    return [*found, student.ddim_variance(angles[:1], world.uniform(3, 9))]


@case("samplers", check=exact())
def steps_for_several_errors(student, world):
    """How many steps DDIM needs for errors from 80 % to ½ %."""
    return [student.least_steps(error) for error in (0.8, round(world.uniform(0.15, 0.35), 2), round(world.uniform(0.02, 0.08), 3), 0.01, 0.005)]


@case("samplers", check=exact())
def ancestral_with_usual_noises(student, world):
    """Five ancestral steps with the two usual choices of the noise, β̃ and β; with β̃ but none in the last step; and one step."""
    shares, variance = shares_of(world, 5), spread_of(world)
    small, large = small_noises(shares), large_noises(shares)
    one = shares_of(world, 1)
    found = [student.ancestral_variance(list(shares), variance, list(noises)) for noises in (small, large, [Fraction(0), *large[1:]])]
    return [*found, student.ancestral_variance(one, variance, [chance(world)])]


@case("samplers", check=exact())
def ancestral_with_any_noises(student, world):
    """Four ancestral steps with four different variances of the noise, for data of small and of large variance."""
    shares, variance = shares_of(world, 4), spread_of(world)
    noises = [chance(world) for _ in range(4)]
    return [student.ancestral_variance(list(shares), v, list(noises)) for v in (variance, 1 / variance, 9 * variance)]


@case("samplers", check=exact())
def right_noises(student, world):
    """The variances of the noise that are right, for five steps, one step, and data of variance 1."""
    shares = shares_of(world, 5)
    return [*(student.exact_noises(list(shares), v) for v in (spread_of(world), Fraction(1))), student.exact_noises(shares_of(world, 1), spread_of(world))]
