"""The cases of `similarity`: what is called, and how the values that come back are judged."""

from itertools import product

import numpy as np
import torch
from ingredients import normals, tensor

from autograder.authoring import case
from autograder.checks import close, exact

INFINITY = float("inf")

@case("similarity", public=True)
def softmax_of_a_small_matrix(student, world):
    """Softmax of a 2×3 matrix, along the rows (dim=1) and along the columns (dim=0)."""
    x = tensor(world.normal((2, 3)))
    return {"dim 0": student.softmax(x, 0), "dim 1": student.softmax(x.clone(), 1)}


@case("similarity", public=True, check=exact(), worlds=1)
def law_in_two_dimensions(student, world):
    """The distribution of q·k for ±1 vectors with one and two entries."""
    return [student.dot_product_law(1), student.dot_product_law(2)]


@case("similarity", public=True)
def scores_of_two_queries(student, world):
    """Scaled scores of two queries and three keys of width 5."""
    return student.scaled_scores(*normals(world, (2, 5), (3, 5)))


@case("similarity", public=True)
def entropy_falls_with_the_scale(student, world):
    """Entropy of attention over four keys when the same scores are multiplied by 0, 0.5, 1 and 2."""
    scores = tensor(world.uniform(-1.5, 1.5, (2, 4)))
    return [student.attention_entropy(scores * scale) for scale in (0.0, 0.5, 1.0, 2.0)]


@case("similarity")
def softmax_along_every_axis(student, world):
    """Softmax of a (3, 5, 7) array along each of its axes, counted from both ends, and of a single vector."""
    x, single = tensor(world.normal((3, 5, 7), scale=3.0)), tensor(world.normal((6,)))
    return {
        "out": [student.softmax(x.clone(), dim) for dim in (0, 1, 2, -1, -2, -3)],
        "vector": [student.softmax(single.clone(), dim) for dim in (0, -1)],
    }


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
    """Scaled scores where the number of queries, of keys, of heads and the width all differ; without and with one batch axis too."""
    queries, keys = normals(world, (2, 3, 5, 11), (2, 3, 7, 11))
    wide, one_axis = normals(world, (3, 64), (4, 64)), normals(world, (4, 2, 3), (4, 6, 3))
    return [student.scaled_scores(*pair) for pair in ((queries, keys), wide, one_axis)]


@case("similarity")
def scores_of_all_signs(student, world):
    """Scaled scores of all pairs of ±1 vectors of widths 2, 3 and 6: their variance is 1 whatever the width."""
    signs = [torch.tensor(list(product((-1.0, 1.0), repeat=d)), dtype=torch.float64) for d in (2, 3, 6)]
    order = [tensor(world.permutation(len(s))) for s in signs]
    return [student.scaled_scores(s[o], s) for s, o in zip(signs, order, strict=True)]


@case("similarity")
def entropy_of_certain_attention(student, world):
    """Entropy when one key has all the weight (scores of ±10⁴, and −inf), beside ordinary rows; also of a single query."""
    scores = tensor(world.uniform(-2.0, 2.0, (2, 3, 5)))
    scores[0, 0] *= 1e4
    scores[1, 2, 1:3] = -INFINITY
    return [student.attention_entropy(scores), student.attention_entropy(scores[1, 1:2])]
