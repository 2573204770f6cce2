"""The cases of `copy_machine`: what is called, and how the values that come back are judged."""

import math

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def given_optimal_data(x, theta, data):
    """The posterior mean over the points, by library calls."""
    distances = np.linalg.norm(x[:, None] - math.cos(theta) * data, axis=-1) / math.sin(theta)
    top = -(distances**2) / 2
    return np.exp(top - np.logaddexp.reduce(top, axis=1)[:, None]) @ data


GIVEN = {"optimal_data": given_optimal_data}


@case("copy_machine", public=True)
def best_guess_among_three_points(student, world):
    """Two places, three points in the plane, one angle: the mean of the data, given x_t."""
    return student.optimal_data(world.normal((2, 2)), world.uniform(0.5, 1.2), world.normal((3, 2)))


@case("copy_machine", public=True, given=GIVEN)
def four_steps_of_the_sampler(student, world):
    """Three samples in four steps, with three points in the plane."""
    return student.sample(world.normal((3, 2)), world.normal((3, 2)), 4)


@case("copy_machine", public=True)
def copies_among_four_samples(student, world):
    """Four samples, two of them near a point of the data: the share of copies."""
    data = world.normal((3, 2)) * 3
    near = data[:2] + world.uniform(0.01, 0.02, (2, 2))
    return student.share_of_copies(np.concatenate([near, data[:2] + 0.9]), data, 0.1)


@case("copy_machine")
def best_guess_in_other_dimensions(student, world):
    """Eight points in one dimension and in five, seven places, at three angles; far away; and for one point alone."""
    found = []
    for d in (1, 5):
        data = world.normal((8, d))
        found += [student.optimal_data(world.normal((7, d)), theta, data.copy()) for theta in (world.uniform(0.3, 0.6), 1.1, math.pi / 2)]
    return [*found, student.optimal_data(world.normal((2, 3)), 0.8, world.normal((1, 3)))]


@case("copy_machine")
def best_guess_where_exponentials_underflow(student, world):
    """Angles of 10⁻³ and places far from all data: every weight by itself is 0 in floating point."""
    data = world.normal((6, 2))
    return [student.optimal_data(world.normal((4, 2), scale=30), theta, data.copy()) for theta in (1e-3, 0.02, world.uniform(0.1, 0.2))]


@case("copy_machine")
def a_point_that_is_there_twice(student, world):
    """Two points, one of them three times: it counts three times."""
    two = world.normal((2, 2))
    return student.optimal_data(world.normal((5, 2)), world.uniform(0.9, 1.4), two[[0, 1, 0, 0]])


@case("copy_machine", given=GIVEN)
def samples_in_few_steps(student, world):
    """Nine samples from six points in three dimensions, in 1, 2 and 7 steps."""
    data, noise = world.normal((6, 3)), world.normal((9, 3))
    return [student.sample(noise.copy(), data.copy(), steps) for steps in (1, 2, 7)]


@case("copy_machine", given=GIVEN, check=close())
def samples_in_many_steps(student, world):
    """Six samples from four points in the plane, in 30 steps."""
    return student.sample(world.normal((6, 2)), 2 * world.normal((4, 2)), 30)


@case("copy_machine")
def copies_among_many(student, world):
    """Copies among 40 samples in two and in four dimensions, with two radii; and where nothing is near."""
    found = []
    for d in (2, 4):
        data = world.normal((5, d))
        samples = np.concatenate([data[world.integers(5, (25,))] + 0.2 * world.normal((25, d)), world.normal((15, d), scale=4)])
        found += [student.share_of_copies(samples.copy(), data.copy(), radius) for radius in (0.25, 0.6)]
    return [*found, student.share_of_copies(np.full((3, 2), 50.0), np.zeros((2, 2)), 0.1)]
