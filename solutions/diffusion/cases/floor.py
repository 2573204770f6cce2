"""The cases of `floor`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from numbers_of import chance, spread_of

from autograder.authoring import case
from autograder.checks import exact

KINDS = ("noise", "data", "velocity")


@case("floor", public=True)
def least_losses_at_one_angle(student, world):
    """The least loss of the three targets at one angle, for one spread of the data."""
    theta, s = world.uniform(0.3, 1.2), world.uniform(1.5, 3)
    return {kind: student.least_loss_at(kind, theta, s) for kind in KINDS}


@case("floor", public=True, check=exact())
def floors_of_one_spread(student, world):
    """The floor of the three losses for data of one spread, exactly."""
    s = spread_of(world)
    return {kind: student.least_loss(kind, s) for kind in KINDS}


@case("floor", public=True, check=exact())
def spread_of_one_loss(student, world):
    """The spread of data for which a perfect network shows a given noise loss."""
    return student.spread_behind(chance(world))


@case("floor")
def least_losses_at_other_angles(student, world):
    """The least losses for a small and a large spread, at three angles, two of them near the ends."""
    found = []
    for s in (world.uniform(0.1, 0.6), world.uniform(3, 8)):
        for theta in (world.uniform(0.02, 0.1), world.uniform(0.6, 1.0), world.uniform(1.45, 1.55)):
            found.append([student.least_loss_at(kind, theta, s) for kind in KINDS])
    return found


@case("floor", check=exact())
def floors_of_the_noise_loss(student, world):
    """The floor of the noise loss: four spreads, from tiny to large, and 1."""
    return [student.least_loss("noise", s) for s in (spread_of(world), spread_of(world), Fraction(1, 1000), 1000 * chance(world), Fraction(1))]


@case("floor", check=exact())
def floors_of_the_other_losses(student, world):
    """The floors of the data loss and of the velocity loss: four spreads, from tiny to large, and 1."""
    spreads = (spread_of(world), spread_of(world), Fraction(1, 1000), 1000 * chance(world), Fraction(1))
    return [[student.least_loss(kind, s) for kind in ("data", "velocity")] for s in spreads]


@case("floor", check=exact())
def spreads_of_losses(student, world):
    """The spread behind three losses, one of them ½."""
    return [student.spread_behind(loss) for loss in (chance(world), chance(world), Fraction(1, 2), Fraction(99, 100))]
