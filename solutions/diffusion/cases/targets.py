"""The cases of `targets`: what is called, and how the values that come back are judged."""

import math

import sympy
from numbers_of import circle, lines_of

from autograder.authoring import case
from autograder.checks import derivation, exact, real

KINDS = ("noise", "data", "velocity")


def by_time(letters):
    """A derivation of dJ/dt: two rules are used, cosine and sine, and the product."""
    return derivation(2, dict.fromkeys(letters, real(-2, 2)))


def factors(theta):
    """α and σ."""
    return [math.cos(theta), math.sin(theta)]


def told(student, *arguments):
    """The three targets, or that they cannot be told."""
    try:
        found = student.all_three(*arguments)
    except ValueError:
        return "ValueError"
    return {kind: found[kind] for kind in KINDS}


@case("targets", public=True)
def from_each_of_the_three(student, world):
    """Four numbers, α and σ of one angle: all targets, from the noise, from the data and from the velocity."""
    theta = world.uniform(0.3, 1.2)
    return {kind: told(student, world.normal((4,)), world.normal((4,)), kind, *factors(theta)) for kind in KINDS}


@case("targets", public=True, check=exact())
def three_ratios(student, world):
    """The ratios of squared errors at one place: noise to data, velocity to data, and noise to velocity."""
    alpha, sigma = circle(world)
    return [student.error_ratio(one, other, alpha, sigma) for one, other in (("noise", "data"), ("velocity", "data"), ("noise", "velocity"))]


@case("targets", public=True, check=by_time(("t", "c", "x", "e")), worlds=1)
def velocity_at_home(student, world):
    """The derivation of dJ/dt line by line, from Derivative(J, t) to the answer."""
    return lines_of(student.derive_velocity(*sympy.symbols("t c x e")))


@case("targets")
def from_each_in_other_shapes(student, world):
    """Arrays of shape (2, 3), near both ends of the path: α small and σ small."""
    found = []
    for theta in (world.uniform(0.05, 0.2), world.uniform(1.4, 1.5)):
        found += [told(student, world.normal((2, 3)), world.normal((2, 3)), kind, *factors(theta)) for kind in KINDS]
    return found


@case("targets")
def at_the_two_ends(student, world):
    """α = 0 and σ = 0, with each of the three targets: one of them always works, and two fail at one end each."""
    found = {}
    for alpha, sigma in ((0.0, 1.0), (1.0, 0.0)):
        for kind in KINDS:
            found[f"{kind}, α = {alpha:g}"] = told(student, world.normal((3,)), world.normal((3,)), kind, alpha, sigma)
    return found


@case("targets", check=exact())
def all_nine_ratios(student, world):
    """The ratios of squared errors for every pair of targets, at two places."""
    found = []
    for _ in range(2):
        alpha, sigma = circle(world)
        found += [student.error_ratio(one, other, alpha, sigma) for one in KINDS for other in KINDS]
    return found


@case("targets", check=by_time(("s", "a", "u", "n")), worlds=1)
def velocity_in_other_letters(student, world):
    """The same derivation with the letters s, a, u and n."""
    return lines_of(student.derive_velocity(*sympy.symbols("s a u n")))
