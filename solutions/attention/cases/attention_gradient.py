"""The cases of `attention_gradient`: what is called, and how the values that come back are judged."""

import torch
from ingredients import normals, tensor

from autograder.authoring import case


@case("attention_gradient", public=True)
def softmax_gradient_of_one_row(student, world):
    """The gradient with respect to three scores."""
    return student.softmax_vjp(torch.softmax(tensor(world.normal((1, 3))), -1), tensor(world.normal((1, 3))))


@case("attention_gradient", public=True)
def gradients_of_one_query(student, world):
    """dQ, dK and dV for one query and two keys of width 3."""
    return list(student.attention_vjp(*normals(world, (1, 3), (2, 3), (2, 3), (1, 3))))


@case("attention_gradient")
def softmax_gradient_of_batches(student, world):
    """The gradient of a (3, 5, 7) batch of softmax rows, and of rows with weights 0 and 1."""
    weights = torch.softmax(tensor(world.normal((3, 5, 7))), -1)
    weights[0, 0] = torch.eye(7, dtype=torch.float64)[2]
    return student.softmax_vjp(weights, tensor(world.normal((3, 5, 7))))


@case("attention_gradient")
def gradients_of_batches(student, world):
    """dQ, dK and dV where all sizes differ; no argument is changed."""
    arguments = normals(world, (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6), (2, 3, 5, 6))
    return {"out": list(student.attention_vjp(*arguments)), "arguments": arguments}


@case("attention_gradient")
def gradients_through_a_mask(student, world):
    """dQ, dK and dV with a mask that hides one key from all and everything from one query."""
    arguments = normals(world, (5, 4), (7, 4), (7, 3), (5, 3))
    mask = tensor(world.uniform(0.0, 1.0, (5, 7)) < 0.6)
    mask[:, 0] = True
    mask[:, 6] = False
    mask[2] = False
    return list(student.attention_vjp(*arguments, mask))
