"""The cases of `flow`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from numbers_of import spread_of

from autograder.authoring import case
from autograder.checks import close, exact


def given_velocity(x, t, m, s):
    """The best velocity: the mean of x_1 less the mean of z, given x_t."""
    total = (1 - t) ** 2 + (t * s) ** 2
    return m + t * s * s / total * (x - t * m) - (1 - t) / total * (x - t * m)


GIVEN = {"velocity": given_velocity}


@case("flow", public=True)
def velocity_at_four_places(student, world):
    """The best velocity at four places, in the middle of the way."""
    return student.velocity(world.normal((4,)), world.uniform(0.2, 0.8), world.normal(), world.uniform(1.5, 3))


@case("flow", public=True)
def three_steps_of_euler(student, world):
    """Four samples in three steps, and where infinitely many steps would carry them until t = 0.7."""
    z, m, s = world.normal((4,)), world.normal(), world.uniform(1.5, 3)
    return {"euler": student.euler(z.copy(), m, s, 3), "path": student.exact_path(z, 0.7, m, s)}


@case("flow", public=True, check=exact())
def variance_after_two_steps(student, world):
    """The variance of what comes out of two steps of Euler's method, exactly."""
    return student.euler_variance(spread_of(world), 2)


@case("flow", public=True)
def one_floor_of_the_flow_loss(student, world):
    """The least loss of a velocity network, for data of one spread."""
    return student.least_flow_loss(world.uniform(1.5, 3))


@case("flow")
def velocities_on_the_way(student, world):
    """The best velocity at t = 0 (where x_t is the noise), at t = 1 (where it is the data), and between; shapes (2, 3) and (5,)."""
    m, s = world.normal(), world.uniform(0.3, 0.8)
    found = [student.velocity(world.normal((2, 3)), t, m, s) for t in (0.0, 1.0)]
    return [*found, *(student.velocity(world.normal((5,), scale=2), t, m, 5 * s) for t in (world.uniform(0.1, 0.4), 0.9))]


@case("flow", given=GIVEN)
def euler_in_one_and_more_steps(student, world):
    """Euler's method in 1, 2 and 10 steps for data of small and large spread."""
    z, m = world.normal((6,)), world.away_from_zero(gap=0.5)  # one step leads to m itself: it must keep its digits in float32
    return [student.euler(z.copy(), m, s, steps) for s in (world.uniform(0.2, 0.6), world.uniform(2, 4)) for steps in (1, 2, 10)]


@case("flow", check=exact())
def variances_of_euler(student, world):
    """The variance after 1, 3, 4 and 6 steps, for three variances of the data, one of them 1."""
    return [student.euler_variance(v, steps) for v in (Fraction(1), spread_of(world), 1 / spread_of(world)) for steps in (1, 3, 4, 6)]


@case("flow")
def exact_paths(student, world):
    """Where the field carries five points until t = 0, 1 and between, for two spreads."""
    z, m = world.normal((5,)), world.normal()
    return [student.exact_path(z.copy(), t, m, s) for s in (world.uniform(0.2, 0.6), world.uniform(2, 4)) for t in (0.0, 1.0, world.uniform(0.3, 0.7))]


@case("flow", check=close())
def floors_of_the_flow_loss(student, world):
    """The least loss of a velocity network for four spreads of the data, from small to large."""
    return [student.least_flow_loss(s) for s in (world.uniform(0.2, 0.6), 1.0, world.uniform(1.2, 2), world.uniform(3, 6))]
