"""The cases of `positions`: what is called, and how the values that come back are judged."""

import numpy as np
from ground import ATTENTION
from ingredients import normals, tensor

from autograder.authoring import case
from autograder.checks import close


@case("positions", public=True)
def encoding_of_two_positions(student, world):
    """Angles and encoding of position 0 and of another one, width 4."""
    positions = tensor([0, world.integers(1, high=1000)])
    return {"angles": student.angles(positions, 4), "encoding": student.sinusoidal(positions.clone(), 4)}


@case("positions", public=True)
def shift_of_a_few_positions(student, world):
    """The matrix R with PE(t + shift) = R PE(t) for width 4, a shift forwards and one backwards."""
    return [student.shift_matrix(shift, 4) for shift in (world.integers(1, high=9), -world.integers(1, high=9))]


@case("positions", public=True, given=ATTENTION)
def rotary_attention_of_two_queries(student, world):
    """Rotary attention of two queries to three keys of width 4, values of width 5, at small positions that are not 0, 1, 2, …"""
    queries, keys, values = normals(world, (2, 4), (3, 4), (3, 5))
    at = tensor(world.permutation(12))
    return student.rotary_attention(queries, keys, values, at[:2], at[2:5])


@case("positions", public=True)
def rotation_of_one_vector(student, world):
    """Rotary embedding of one vector of width 4 at positions 0 and 1."""
    x = tensor(world.normal((1, 4)))
    return [student.rotary(x, tensor([0])), student.rotary(x.clone(), tensor([1]))]


def places(world, *shape):
    """Position ids that are not 0, 1, 2, …."""
    return tensor(world.integers(0, shape, high=2000))


def any_places(world, length):
    """Position ids of both signs and of very different sizes: millions, thousands and below ten; none is a round number."""
    sizes = np.resize([1, -1, 1000, -1000, 10**6, -(10**6)], length)
    return tensor(np.rint(sizes * world.uniform(1.0, 10.0, (length,))).astype(np.int64)[world.permutation(length)])


@case("positions")
def encoding_of_arbitrary_positions(student, world):
    """Angles and encodings of position ids in any order, with gaps and in batches."""
    ids = places(world, 2, 5)
    return {"angles": student.angles(ids, 10), "encoding": student.sinusoidal(ids.clone(), 10)}


@case("positions", check=close(elementwise=True))
def angles_of_any_integers(student, world):
    """Angles, in float64, of negative positions and of millions, with no batch axis and with two."""
    ids = any_places(world, 7)
    return [student.angles(ids, 6), student.angles(ids.expand(2, 3, 7), 8)]


@case("positions")
def shift_as_a_rotation(student, world):
    """The matrix R with PE(t + shift) = R PE(t), for positive and negative shifts."""
    shifts = world.integers(1, high=200), -world.integers(1, high=200)
    return [student.shift_matrix(k, d) for k, d in zip(shifts, (6, 10), strict=True)]


@case("positions")
def rotary_with_arbitrary_positions(student, world):
    """Rotary embedding of (2, 3, 5, 8) with position ids per batch, and of (7, 8) with ids that are negative or in the millions."""
    x, single = normals(world, (2, 3, 5, 8), (7, 8))
    return [student.rotary(x, places(world, 2, 1, 5)), student.rotary(single, any_places(world, 7))]


@case("positions", given=ATTENTION)
def only_the_distance_counts(student, world):
    """Rotary attention of five queries to seven keys, and again with all positions moved by the same amount, below 0 and far up."""
    queries, keys, values = normals(world, (2, 5, 8), (2, 7, 8), (2, 7, 4))
    q, k, shift = places(world, 5), places(world, 7), world.integers(2000, high=3000)
    arguments = queries, keys, values
    return [student.rotary_attention(*[a.clone() for a in arguments], q + s, k + s) for s in (0, -shift, 100 * shift)]
