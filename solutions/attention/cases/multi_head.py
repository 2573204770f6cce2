"""The cases of `multi_head`: what is called, and how the values that come back are judged."""

import torch
from ground import ATTENTION
from ingredients import again, normals, tensor

from autograder.authoring import case
from autograder.checks import exact


@case("multi_head", public=True, check=exact())
def heads_of_a_counting_tensor(student, world):
    """Twelve numbers in a row as two positions of width 6, split into three heads, and merged again."""
    start = world.integers(1000)
    heads = student.split_heads(torch.arange(start, start + 12).reshape(1, 2, 6), 3)
    return [heads, student.merge_heads(again(heads))]


@case("multi_head", public=True, check=exact(), worlds=1)
def parameters_of_the_base_model(student, world):
    """One attention layer of the paper's base model: d_model 512, 8 heads, d_k = d_v = 64."""
    return student.multi_head_parameters(512, 8, 64, 64)


@case("multi_head", public=True, given=ATTENTION)
def two_heads_look_at_themselves(student, world):
    """Self-attention with two heads over three positions of width 4."""
    x = tensor(world.normal((1, 3, 4)))
    return student.multi_head_attention(x, x.clone(), projections(world, 4), 2)


def projections(world, width):
    """The four matrices of multi-head attention."""
    return {name: tensor(world.normal((width, width)) / width**0.5) for name in ("query", "key", "value", "output")}


@case("multi_head", check=exact())
def split_and_merge(student, world):
    """Splitting (2, 5, 12) into 3 and 4 heads, and merging random (2, 3, 5, 4) heads."""
    x, heads = normals(world, (2, 5, 12), (2, 3, 5, 4))
    return [student.split_heads(x, 3), student.split_heads(x.clone(), 4), student.merge_heads(heads)]


@case("multi_head", given=ATTENTION)
def causal_self_attention(student, world):
    """Three heads, causal, two batches of five positions of width 12."""
    x = tensor(world.normal((2, 5, 12)))
    mask = torch.ones(5, 5, dtype=torch.bool).tril()
    return student.multi_head_attention(x, x.clone(), projections(world, 12), 3, mask)


@case("multi_head", given=ATTENTION)
def attention_to_a_context(student, world):
    """Four positions attend to a context of seven, with a padding mask of shape (B, 1, 1, 7)."""
    x, context = normals(world, (2, 4, 12), (2, 7, 12))
    mask = torch.arange(7) < tensor([7, 4])[:, None, None, None]
    return student.multi_head_attention(x, context, projections(world, 12), 2, mask)


@case("multi_head", given=ATTENTION)
def a_mask_for_every_head(student, world):
    """Three heads, each with a mask of its own for each sequence (B, heads, Tq, Tk); one query of one head sees nothing."""
    x, context = normals(world, (2, 4, 12), (2, 5, 12))
    mask = tensor(world.uniform(0.0, 1.0, (2, 3, 4, 5)) < 0.5)
    mask[..., 2] = True
    mask[1, 2, 3] = False
    return student.multi_head_attention(x, context, projections(world, 12), 3, mask)


@case("multi_head", check=exact())
def parameters_of_any_model(student, world):
    """Parameter counts for random sizes, also with heads·d_key ≠ d_model."""
    sizes = [[world.integers(2, high=90) for _ in range(4)] for _ in range(4)]
    return [student.multi_head_parameters(*s) for s in sizes]
