"""The cases of `block`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import numpy as np
import torch
from ground import ATTENTION, HEADS, MODEL
from ingredients import block_shapes, filled, model_shapes, normals, random_weights, tensor

from autograder.authoring import case
from autograder.checks import satisfies


@case("block", public=True)
def norm_of_one_row(student, world):
    """Layer norm of one row of four numbers, with gain 1 and bias 0."""
    return student.LayerNorm(4).double().requires_grad_(False)(tensor(world.normal((1, 4), mean=3.0)))


@case("block", public=True, given=ATTENTION)
def block_on_one_position(student, world):
    """A block with two heads on a single position of width 6."""
    block = filled(student.Block(6, 2), random_weights(world, block_shapes(6)))
    return block(tensor(world.normal((1, 1, 6), scale=0.1)))


@case("block", public=True, given=ATTENTION)
def logits_of_two_single_tokens(student, world):
    """Logits of a language model with one block of width 4 for two sequences of a single token each."""
    model = filled(student.LanguageModel(5, 4, 2, 1), random_weights(world, model_shapes(5, 4, 1)))
    return model(tensor(world.integers(5, (2, 1))))


@case("block")
def norm_with_gain_and_bias(student, world):
    """Layer norm of (2, 3, 7) with random gain and bias; eps 10⁻⁵ on tiny rows, and eps 0.3; also of a single vector."""
    x, gain, bias = normals(world, (2, 3, 7), (7,), (7,))
    x[0, 0] *= 1e-3
    x[1, 1] = 5.0
    out = []
    for layer in (student.LayerNorm(7), student.LayerNorm(7, eps=0.3)):
        filled(layer, {"gain": gain, "bias": bias})
        out += [layer(x), layer(x[0, 1].clone())]
    return {"out": out, "x": x}


@case("block")
def norm_far_from_zero(student, world):
    """Layer norm of rows whose mean is ten million times their spread, in float64: no digit of the spread may get lost."""
    x, gain, bias = normals(world, (2, 3, 7), (7,), (7,))
    return filled(student.LayerNorm(7), {"gain": gain, "bias": bias})(1e3 * (x + tensor([[[1e7], [-1e7], [2e7]]])))


@case("block", given=HEADS)
def parts_of_a_block(student, world):
    """`project` and `combine` of a block with three heads, with given weights."""
    block = filled(student.Block(12, 3), random_weights(world, block_shapes(12)))
    x, mixed = normals(world, (2, 5, 12), (2, 3, 5, 4))
    return {"project": list(block.project(x)), "combine": block.combine(x, mixed), "x": x, "mixed": mixed}


@case("block", given=HEADS)
def whole_block(student, world):
    """A block with given weights, with a causal mask and without one."""
    block = filled(student.Block(12, 2), random_weights(world, block_shapes(12)))
    x = tensor(world.normal((2, 5, 12), mean=1.0))
    return [block(x, torch.ones(5, 5, dtype=torch.bool).tril()), block(x)]


@case("block", given=MODEL)
def logits_of_the_language_model(student, world):
    """Logits of a two-layer language model with given weights, for two sequences with repeated tokens."""
    model = filled(student.LanguageModel(11, 12, 3, 2), random_weights(world, model_shapes(11, 12, 2)))
    return model(tensor(world.integers(11, (2, 7))))


CHANGES = 40  # so many that the largest score of all surely moves: a maximum over everything shows too

def story(world):
    """Weights of a small language model, tokens (2, 7), and (40, 2, 7) with other tokens at the last three places."""
    weights = random_weights(world, model_shapes(11, 8, 2))
    tokens = world.integers(11, (2, 7))
    others = (tokens + 1 + world.integers(10, (CHANGES, 2, 7))) % 11
    return weights, tokens, np.where(np.arange(7) < 4, tokens, others)


def model_is_causal(outputs, world):
    """Bit-identical before position 4, and right."""
    weights, tokens, _ = story(world)
    return judges.blind_to_the_future(outputs, oracle.language_model_logits(weights, tokens, 2, 2), 1, 4)


@case("block", check=satisfies(model_is_causal, tolerance=1e-9), given=MODEL)
def the_model_does_not_see_its_target(student, world):
    """Replacing tokens 4, 5 and 6 leaves the logits of positions 0 to 3 as they are, bit for bit."""
    weights, tokens, others = story(world)
    model = filled(student.LanguageModel(11, 8, 2, 2), weights)
    return {"before": model(tensor(tokens)), "after": [model(tensor(other)) for other in others]}
