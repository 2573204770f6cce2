"""The cases of `forward`: what is called, and how the values that come back are judged."""

import sympy
from numbers_of import betas_of, lines_of, spread_of

from autograder.authoring import case
from autograder.checks import derivation, exact, real


def by_place(letters):
    """A derivation of dJ/du: two rules are used, the squares and the products."""
    return derivation(2, dict.fromkeys(letters, real(-2, 2)))


HOME = ("u", "x", "y", "k", "r")
OTHERS = ("a", "h", "g", "c", "p")


@case("forward", public=True, check=exact())
def three_steps(student, world):
    """Three noising steps: what is left of the data's variance, and the variance of x_t, exactly."""
    betas = betas_of(world, 3)
    return {"shares": student.signal_shares(list(betas)), "variances": student.variances(betas, spread_of(world))}


@case("forward", public=True)
def one_jump(student, world):
    """x_t for five numbers at once; and the noise that replaces those of two small steps."""
    return {
        "jump": student.jump(world.normal((5,)), world.normal((5,)), world.uniform(0.2, 0.8)),
        "noise": student.combined_noise(world.uniform(0.1, 0.6, (2,)).tolist(), world.normal((2,)).tolist()),
    }


@case("forward", public=True, check=by_place(HOME), worlds=1)
def derivation_at_home(student, world):
    """The derivation of dJ/du line by line, from Derivative(J, u) to the answer."""
    return lines_of(student.derive_posterior(*sympy.symbols(" ".join(HOME))))


@case("forward", public=True)
def one_step_back(student, world):
    """The distribution of x_2, given x_3 and x_0: two coefficients of its mean, and its variance."""
    return list(student.posterior(betas_of(world, 4), 3))


@case("forward", check=exact())
def many_steps(student, world):
    """Seven steps, and no step at all: what is left of the data's variance."""
    return [student.signal_shares(betas_of(world, 7)), student.signal_shares([])]


@case("forward", check=exact())
def variances_of_many_steps(student, world):
    """Var(x_t) over six steps for data with a variance above and below 1, and where it is 1."""
    betas = betas_of(world, 6)
    spread = spread_of(world)
    return [student.variances(list(betas), v) for v in (spread, 1 / spread, spread / spread)]


@case("forward")
def jumps_of_other_shapes(student, world):
    """A jump of an array of shape (3, 2), and the two ends: ᾱ = 1 keeps x_0, ᾱ = 0 leaves the noise alone."""
    return [student.jump(world.normal((3, 2)), world.normal((3, 2)), share) for share in (world.uniform(0.5, 0.95), 1.0, 0.0)]


@case("forward")
def small_steps_and_one_jump(student, world):
    """Five small steps and one, each as one noise: the order of the steps matters."""
    many = student.combined_noise(world.uniform(0.05, 0.7, (5,)).tolist(), world.away_from_zero((5,), 0.3).tolist())
    return [many, student.combined_noise([world.uniform(0.1, 0.9)], [world.normal()])]


@case("forward", check=by_place(OTHERS), worlds=1)
def derivation_in_other_letters(student, world):
    """The same derivation with other letters."""
    return lines_of(student.derive_posterior(*sympy.symbols(" ".join(OTHERS))))


@case("forward")
def steps_back(student, world):
    """The posterior of x_{t−1} at the first step (where x_0 is what is asked for), in the middle and at the last one of five."""
    betas = betas_of(world, 5)
    return [list(student.posterior(list(betas), t)) for t in (1, 2, 4, 5)]
