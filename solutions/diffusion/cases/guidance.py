"""The cases of `guidance`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from numbers_of import spread_of

from autograder.authoring import case
from autograder.checks import close, exact


def setting(world):
    """Mean and spread of a class, the spread of all data, and a strength."""
    return world.uniform(0.5, 2), world.uniform(0.5, 0.9), world.uniform(1.2, 2), world.uniform(0.5, 3)


@case("guidance", public=True)
def five_guided_samples(student, world):
    """Five samples in six steps with guidance, and with w = 0."""
    noise, (mu, s, tau, w) = world.normal((5,)), setting(world)
    return [student.guided_samples(noise.copy(), mu, s, tau, strength, 6) for strength in (w, 0.0)]


@case("guidance", public=True, check=close(1e-5))
def spread_and_mean_of_guided_samples(student, world):
    """Where guided samples end with infinitely many steps: standard deviation and mean."""
    mu, s, tau, w = setting(world)
    return {"std": student.guided_std(s, tau, w), "mean": student.guided_mean(mu, s, tau, w)}


@case("guidance", public=True, check=exact())
def one_tilted_density(student, world):
    """Mean and variance of the tilted density, exactly."""
    return list(student.tilted(spread_of(world), Fraction(world.integers(1, high=4), 4), 1 + spread_of(world), Fraction(world.integers(1, high=5), 2)))


@case("guidance")
def guided_samples_in_few_steps(student, world):
    """Guided samples in one, two and nine steps, for two settings, and without guidance."""
    noise, (mu, s, tau, w) = world.normal((4,)), setting(world)
    found = [student.guided_samples(noise.copy(), mu, s, tau, w, steps) for steps in (1, 2, 9)]
    return [*found, student.guided_samples(noise.copy(), -mu, tau, 3 * s, 0.0, 5)]


@case("guidance", check=close(1e-5))
def spreads_of_guided_samples(student, world):
    """The standard deviation for four settings: no guidance, strong guidance, and a class that is wider than all data."""
    _, s, tau, w = setting(world)
    return [student.guided_std(*arguments) for arguments in ((s, tau, 0.0), (s, tau, w), (s, tau, 2 * w), (tau, s, w))]


@case("guidance", check=close(1e-5))
def means_of_guided_samples(student, world):
    """The mean for four settings: no guidance, strong guidance, a negative mean, and a class that is wider than all data."""
    mu, s, tau, w = setting(world)
    return [student.guided_mean(*arguments) for arguments in ((mu, s, tau, 0.0), (mu, s, tau, w), (-mu, s, tau, 2 * w), (mu, tau, 1.0, 0.5))]


@case("guidance", check=exact())
def tilted_densities(student, world):
    """The tilted density for three settings, one of them without guidance."""
    mu, w = spread_of(world), Fraction(world.integers(1, high=7), 2)
    s, tau = Fraction(world.integers(1, high=5), 4), 1 + spread_of(world)
    return [list(student.tilted(*arguments)) for arguments in ((mu, s, tau, w), (-mu, s, tau + 1, 2 * w), (mu, s, tau, Fraction(0)))]


@case("guidance", check=exact())
def tilted_beyond_the_border(student, world):
    """Where the class is wider than all data: at the border and beyond there is no density, just before there is one."""
    mu = spread_of(world)
    return [student.tilted(mu, Fraction(2), Fraction(1), w) for w in (Fraction(1, 3), Fraction(1, 2), Fraction(2))] + [
        list(student.tilted(mu, Fraction(2), Fraction(1), Fraction(world.integers(1, high=4), 13)))
    ]
