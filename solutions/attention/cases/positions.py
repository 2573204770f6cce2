"""The cases of `positions`: what is called, and how the values that come back are judged."""

from ingredients import normals, tensor

from autograder.authoring import case


@case("positions", public=True)
def encoding_of_two_positions(student, world):
    """Angles and encoding of position 0 and of another one, width 4."""
    positions = tensor([0, world.integers(1, high=1000)])
    return {"angles": student.angles(positions, 4), "encoding": student.sinusoidal(positions, 4)}


@case("positions", public=True)
def rotation_of_one_vector(student, world):
    """Rotary embedding of one vector of width 4 at positions 0 and 1."""
    x = tensor(world.normal((1, 4)))
    return [student.rotary(x, tensor([0])), student.rotary(x, tensor([1]))]


def places(world, *shape):
    """Position ids that are not 0, 1, 2, …."""
    return tensor(world.integers(0, shape, high=2000))


@case("positions")
def encoding_of_arbitrary_positions(student, world):
    """Angles and encodings of position ids in any order, with gaps and in batches."""
    ids = places(world, 2, 5)
    return {"angles": student.angles(ids, 10), "encoding": student.sinusoidal(ids, 10)}


@case("positions")
def shift_as_a_rotation(student, world):
    """The matrix R with PE(p + k) = R PE(p), for positive and negative shifts k."""
    shifts = world.integers(1, high=200), -world.integers(1, high=200)
    return [student.shift_matrix(k, d) for k, d in zip(shifts, (6, 10), strict=True)]


@case("positions")
def rotary_with_arbitrary_positions(student, world):
    """Rotary embedding of (2, 3, 5, 8) with position ids per batch, and of (5, 8) with ids in any order."""
    x, single = normals(world, (2, 3, 5, 8), (5, 8))
    return {"out": [student.rotary(x, places(world, 2, 1, 5)), student.rotary(single, places(world, 5))], "x": x}


@case("positions")
def only_the_distance_counts(student, world):
    """Rotary attention of five queries to seven keys, and again with all positions moved by the same amount."""
    queries, keys, values = normals(world, (2, 5, 8), (2, 7, 8), (2, 7, 4))
    p, k, shift = places(world, 5), places(world, 7), world.integers(1, high=500)
    return [student.rotary_attention(queries, keys, values, p + s, k + s) for s in (0, shift)]
