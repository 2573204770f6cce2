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


@case("copy_machine", public=True)
def four_steps_of_the_sampler(student, world):
    """Three samples in four steps, with three points in the plane."""
    return student.sample(world.normal((3, 2)), world.normal((3, 2)), 4)


def some_copies(world, d):
    """Three points far from each other, and samples near one of them, at some distance from it, and beside it in one coordinate."""
    data = np.zeros((3, d))
    data[1, 0], data[2, 1] = 6.0, 7.0
    data = data + world.normal((3, d)) * 0.1
    near, apart, beside = (int(n) for n in world.sample(range(2, 17), 3))
    away = world.normal((near + apart, d))
    away = away / np.linalg.norm(away, axis=1, keepdims=True) * np.concatenate([np.full(near, 0.05), np.full(apart, 0.25)])[:, None]
    aside = np.zeros((beside, d))
    aside[:, 0] = world.uniform(1.5, 2.5, (beside,))
    return np.concatenate([data[0] + away, data[2] + aside]), data


@case("copy_machine", public=True)
def copies_in_the_plane(student, world):
    """Some samples in the plane, a part of them within 0.1 of a point of the data: the share of copies."""
    return student.share_of_copies(*some_copies(world, 2), 0.1)


@case("copy_machine")
def best_guess_in_other_dimensions(student, world):
    """Eight points in one dimension and in five, seven places, at three angles; far away; and for one point alone."""
    found = []
    for d in (1, 5):
        data = world.normal((8, d))
        found += [student.optimal_data(world.normal((7, d)), theta, data.copy()) for theta in (world.uniform(0.3, 0.6), 1.1, math.pi / 2)]
    return [*found, student.optimal_data(world.normal((2, 3)), 0.8, world.normal((1, 3)))]


def between(world, theta, offset):
    """Five places, far from two points but about equally far from both; a third point is further away."""
    data = world.normal((2, 2))
    along = data[0] - data[1]
    length = float(np.linalg.norm(along))
    across = np.array([along[1], -along[0]]) / length
    steps = np.linspace(-1.5, 1.5, 5) + world.uniform(-0.3, 0.3, (5,))
    lean = steps[:, None] * along / length**2 * math.sin(theta) ** 2 / math.cos(theta)
    middle = math.cos(theta) * (data[0] + data[1]) / 2
    return middle + offset * across + lean, np.concatenate([data, [(data[0] + data[1]) / 2 - (2 + length) * across]])


@case("copy_machine")
def best_guess_where_exponentials_underflow(student, world):
    """Angles down to 10⁻³ and places between two points, but so far from both that every weight by itself is 0 in floating point; one more
    place is beside a point."""
    places, found = ((1e-3, 0.5), (0.02, 5.0), (world.uniform(0.1, 0.2), 30.0)), []
    for theta, offset in places:
        x, data = between(world, theta, offset)
        found.append(student.optimal_data(np.concatenate([x, math.cos(theta) * data[:1]]), theta, data))
    return found


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
    """Six samples from four points in the plane, in 12 steps."""
    return student.sample(world.normal((6, 2)), 0.7 * world.normal((4, 2)), 12)


@case("copy_machine")
def copies_in_more_dimensions(student, world):
    """Copies in two and in five dimensions, with a small and a larger radius; where nothing is near, and just at the radius."""
    found = [student.share_of_copies(*some_copies(world, d), radius) for d, radius in ((2, 0.1), (5, 0.1), (5, 0.2), (5, 0.4))]
    found.append(student.share_of_copies(np.full((3, 2), 50.0), np.zeros((2, 2)), 0.1))
    return [*found, student.share_of_copies(np.array([[3.0, 4.0], [6.0, 8.0]]), np.zeros((1, 2)), 5.0)]
