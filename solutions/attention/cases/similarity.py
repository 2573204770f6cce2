"""The cases of `similarity`: what is called, and how the values that come back are judged."""

import numpy as np
from ingredients import normals, tensor

from autograder.authoring import case
from autograder.checks import close, exact

INFINITY = float("inf")

@case("similarity", public=True)
def softmax_of_a_small_matrix(student, world):
    """Softmax of a 2×3 matrix, along the rows (dim=1) and along the columns (dim=0)."""
    x = tensor(world.normal((2, 3)))
    return {"dim 0": student.softmax(x, 0), "dim 1": student.softmax(x, 1)}


@case("similarity", public=True, check=exact(), worlds=1)
def law_in_two_dimensions(student, world):
    """The distribution of q·k for ±1 vectors with one and two entries."""
    return [student.dot_product_law(1), student.dot_product_law(2)]


@case("similarity", public=True)
def entropy_falls_with_the_scale(student, world):
    """Entropy of attention over four keys when the same scores are multiplied by 0, 0.1, 1 and 10."""
    scores = tensor(world.normal((2, 4)))
    return [student.attention_entropy(scores * scale) for scale in (0.0, 0.1, 1.0, 10.0)]


@case("similarity")
def softmax_along_every_axis(student, world):
    """Softmax of a (3, 5, 7) array along each of its axes, counted from both ends."""
    x = tensor(world.normal((3, 5, 7), scale=3.0))
    return {"out": [student.softmax(x, dim) for dim in (0, 1, 2, -1, -2, -3)], "x": x}


@case("similarity", check=close(elementwise=True))
def softmax_of_very_different_rows(student, world):
    """Rows whose levels differ by 10⁴, with −inf entries: every slice still sums to one."""
    x = tensor(world.normal((4, 6)) + np.array([[-1e4], [0.0], [1e4], [300.0]]))
    x[1, 2] = x[3, 0] = x[3, 5] = -INFINITY
    return {"rows": student.softmax(x, 1), "columns": student.softmax(x.T.clone(), 0)}


@case("similarity", check=exact(), worlds=1)
def law_in_more_dimensions(student, world):
    """The exact distribution of q·k for ±1 vectors with three and five entries."""
    return [student.dot_product_law(3), student.dot_product_law(5)]


@case("similarity")
def scores_of_batches(student, world):
    """Scaled scores where the number of queries, of keys, of heads and the width all differ."""
    queries, keys = normals(world, (2, 3, 5, 11), (2, 3, 7, 11))
    wide = normals(world, (3, 64), (4, 64))
    return [student.scaled_scores(queries, keys), student.scaled_scores(*wide)]


@case("similarity")
def entropy_of_certain_attention(student, world):
    """Entropy when one key has all the weight (scores of ±10⁴, and −inf), beside ordinary rows."""
    scores = tensor(world.normal((2, 3, 5), scale=2.0))
    scores[0, 0] *= 1e4
    scores[1, 2, 1:3] = -INFINITY
    return student.attention_entropy(scores)
