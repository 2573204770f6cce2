"""The cases of `attention_gradient`: what is called, and how the values that come back are judged."""

import torch
from ground import ATTENTION
from ingredients import normals, tensor

from autograder.authoring import case
from autograder.checks import close


@case("attention_gradient", public=True)
def softmax_gradient_of_two_rows(student, world):
    """The gradient with respect to two rows of three scores each."""
    return student.softmax_vjp(torch.softmax(tensor(world.normal((2, 3))), -1), tensor(world.normal((2, 3))))


@case("attention_gradient", public=True, given=ATTENTION)
def gradients_of_two_queries(student, world):
    """dQ, dK and dV for two queries and four keys of width 3, values of width 5."""
    return list(student.attention_vjp(*normals(world, (2, 3), (4, 3), (4, 5), (2, 5))))


def with_a_key_that_is_hardly_read(world, *shapes):
    """Arguments of `attention_vjp`; all queries score the last key 25 to 60 lower than the others."""
    queries, keys, *rest = normals(world, *shapes)
    queries[..., 0] = 1.0 + tensor(world.uniform(0.0, 1.0, queries.shape[:-1]))
    keys[..., -1, 0] = -30.0 * queries.shape[-1] ** 0.5
    return [queries, keys, *rest]


@case("attention_gradient", check=close(elementwise=True))
def softmax_gradient_of_batches(student, world):
    """The gradient of a (3, 5, 7) batch of softmax rows with small and large weights, also 0 and 1, and of a single row of shape (6,)."""
    scores, single = normals(world, (3, 5, 7), (6,))
    scores[..., 1] -= 25.0
    single[3] -= 25.0
    weights = torch.softmax(scores, -1)
    weights[0, 0] = torch.eye(7, dtype=torch.float64)[2]
    return [student.softmax_vjp(w, tensor(world.normal(w.shape))) for w in (weights, torch.softmax(single, -1))]


@case("attention_gradient", check=close(elementwise=True), given=ATTENTION)
def gradients_of_keys_that_are_hardly_read(student, world):
    """Keys with weights below 10⁻⁹: their gradients are small, and right to as many digits as the others."""
    queries, cotangent = 1.0 + tensor(world.uniform(0.0, 0.3, (3, 4))), 1.0 + tensor(world.uniform(0.0, 1.0, (3, 2)))
    keys, values = tensor(world.normal((5, 4))), tensor(world.uniform(0.5, 2.0, (5, 2)))
    keys[2:] -= tensor([[10.5], [12.0], [13.5]])
    values[2:] += tensor([[4.0], [6.0], [8.0]])
    scores = tensor([[0.3, -0.2, -21.0, -24.0, -27.0], [0.1, 0.4, -22.0, -20.0, -25.0]]) + tensor(world.uniform(0.0, 0.5, (2, 5)))
    steep = tensor([-3.0, 2.0, 5.0, 7.0, 9.0]) + tensor(world.uniform(0.0, 0.5, (2, 5)))
    _, d_keys, d_values = student.attention_vjp(queries, keys, values, cotangent)
    return {"scores": student.softmax_vjp(torch.softmax(scores, -1), steep), "keys": d_keys[2:], "values": d_values[2:]}


@case("attention_gradient", check=close(elementwise=True), given=ATTENTION)
def gradients_of_batches(student, world):
    """dQ, dK and dV where all sizes differ, and where one key is hardly read."""
    return list(student.attention_vjp(*with_a_key_that_is_hardly_read(world, (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6), (2, 3, 5, 6))))


@case("attention_gradient", check=close(elementwise=True), given=ATTENTION)
def gradients_through_a_mask(student, world):
    """dQ, dK and dV with a mask that hides one key from all and everything from one query, and with one for each sequence."""
    arguments = with_a_key_that_is_hardly_read(world, (5, 4), (7, 4), (7, 3), (5, 3))
    mask = tensor(world.uniform(0.0, 1.0, (5, 7)) < 0.6)
    mask[:, :2] = mask[:, 6] = True  # with a single other key the scores' gradients are 0 but for rounding
    mask[:, 5] = False
    mask[2] = False
    several = normals(world, (2, 3, 4), (2, 5, 4), (2, 5, 2), (2, 3, 2))
    masks = tensor(world.uniform(0.0, 1.0, (2, 3, 5)) < 0.6)
    masks[..., :2] = True
    return [list(student.attention_vjp(*arguments, mask)), list(student.attention_vjp(*several, masks))]
