"""The cases of `bayes`: what is called, and how the values that come back are judged."""

import math

import numpy as np
import sympy
from numbers_of import lines_of, mixture

from autograder.authoring import case
from autograder.checks import close, derivation, real


def by_place(letters):
    """A derivation of dJ/dx: three rules are used, the logarithm, the exponentials and the squares."""
    return derivation(3, dict.fromkeys(letters, real(-2, 2)))


HOME = ("x", "a", "b", "m", "n")
OTHERS = ("u", "p", "q", "h", "k")


def given_responsibilities(x, theta, weights, means, stds):
    """The chances of the components, by library calls."""
    spread = (math.cos(theta) * np.asarray(stds)) ** 2 + math.sin(theta) ** 2
    far = np.subtract.outer(np.asarray(x), math.cos(theta) * np.asarray(means)) / np.sqrt(spread)
    top = np.log(np.asarray(weights) / np.sqrt(spread)) - far * far / 2
    return np.exp(top - np.logaddexp.reduce(top, axis=1)[:, None])


def given_bayes_noise(x, theta, weights, means, stds):
    """The best prediction of the noise, by library calls."""
    spread = (math.cos(theta) * np.asarray(stds)) ** 2 + math.sin(theta) ** 2
    far = np.subtract.outer(np.asarray(x), math.cos(theta) * np.asarray(means)) / np.sqrt(spread)
    top = np.log(np.asarray(weights) / np.sqrt(spread)) - far * far / 2
    return (np.exp(top - np.logaddexp.reduce(top, axis=1)[:, None]) * far * math.sin(theta) / np.sqrt(spread)).sum(1)


@case("bayes", public=True)
def chances_of_two_components(student, world):
    """The chances of two components for three values of x_t."""
    return student.responsibilities(world.normal((3,)), world.uniform(0.3, 1.2), *mixture(world, 2))


@case("bayes", public=True)
def noise_in_three_values(student, world):
    """The best prediction of the noise and the score, two components, three values of x_t."""
    x, theta, parts = world.normal((3,)), world.uniform(0.3, 1.2), mixture(world, 2)
    return {"noise": student.bayes_noise(x.copy(), theta, *parts), "score": student.score(x, theta, *parts)}


@case("bayes", public=True, check=by_place(HOME), worlds=1)
def slope_at_home(student, world):
    """The derivation of dJ/dx line by line, from Derivative(J, x) to the answer."""
    return lines_of(student.derive_score(*sympy.symbols(" ".join(HOME))))


@case("bayes")
def chances_of_five_components(student, world):
    """The chances of five components for six values, at three angles."""
    return [student.responsibilities(world.normal((6,), scale=2), theta, *mixture(world, 5)) for theta in (world.uniform(0.1, 0.4), 0.8, 1.4)]


@case("bayes")
def chances_far_from_everything(student, world):
    """The chances where every density underflows: x_t at ±10⁴, two components of equal width, and a component alone."""
    s = world.uniform(0.3, 0.6)
    gap = world.uniform(1e-4, 3e-4)
    return [
        student.responsibilities(np.array([1e4, -1e4]), 0.5, [0.3, 0.7], [0.0, gap], [s, s]),
        student.responsibilities(np.array([1e4, 0.0]), 1.0, [1.0], [world.normal()], [s]),
    ]


@case("bayes")
def noise_at_both_ends(student, world):
    """The best prediction of the noise for four components; at θ = π/2, where x_t is the noise, and at θ = 0, where there is none."""
    return [student.bayes_noise(world.normal((4,), scale=2), theta, *mixture(world, 4)) for theta in (world.uniform(0.2, 1.3), math.pi / 2, 0.0)]


@case("bayes", check=close())
def noise_far_away(student, world):
    """The best prediction of the noise for x_t at ±10⁴ and for one component alone."""
    s = world.uniform(0.3, 0.6)
    return [
        student.bayes_noise(np.array([1e4, -1e4]), 0.7, [0.4, 0.6], [-1.0, 1.0], [s, s]),
        student.bayes_noise(world.normal((3,)), world.uniform(0.3, 1.2), [1.0], [world.normal()], [s]),
    ]


@case("bayes", given={"responsibilities": given_responsibilities, "bayes_noise": given_bayes_noise})
def slopes_of_the_density(student, world):
    """The score of three components at five places and three angles, one of them small."""
    return [student.score(world.normal((5,), scale=2), theta, *mixture(world, 3)) for theta in (world.uniform(0.05, 0.15), 0.9, 1.5)]


@case("bayes", check=by_place(OTHERS), worlds=1)
def slope_in_other_letters(student, world):
    """The same derivation with other letters."""
    return lines_of(student.derive_score(*sympy.symbols(" ".join(OTHERS))))
