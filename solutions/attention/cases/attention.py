"""The cases of `attention`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import numpy as np
import torch
from ground import SCORES
from ingredients import normals, tensor

from autograder.authoring import case
from autograder.checks import exact, satisfies


@case("attention", public=True)
def attention_of_one_query(student, world):
    """One query, four keys of width 3, values of width 5, no mask: output and weights."""
    return list(student.attention(*normals(world, (1, 3), (4, 3), (4, 5))))


@case("attention", public=True, check=exact())
def mask_of_a_square(student, world):
    """The causal mask of n queries and n keys, and of the last two queries of m keys, for some n and m up to 20."""
    n, m = world.integers(4, high=21), world.integers(4, high=21)
    return [student.causal_mask(n, n), student.causal_mask(2, m)]


@case("attention", public=True)
def masked_attention_of_two_queries(student, world):
    """Two queries, four keys of width 3; the first query may not look at the last key."""
    mask = torch.tensor([[True, True, True, False], [True, True, True, True]])
    return list(student.attention(*normals(world, (2, 3), (4, 3), (4, 5)), mask))


@case("attention", check=exact())
def mask_of_any_shape(student, world):
    """Causal masks for random numbers of queries and keys, never more queries than keys."""
    queries = [world.integers(1, high=5) for _ in range(4)]
    return [student.causal_mask(n, n + extra) for n, extra in zip(queries, (0, 1, 3, 6), strict=True)]


@case("attention", given=SCORES)
def batched_attention(student, world):
    """Five queries, seven keys, two batches and three heads; without a mask, with one per batch, with one per batch and head."""
    queries, keys, values = normals(world, (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6))
    masks = [tensor(world.uniform(0.0, 1.0, (2, n, 5, 7)) < 0.6) for n in (1, 3)]
    for mask in masks:
        mask[..., 3] = True
    arguments = queries, keys, values
    return [list(student.attention(*[a.clone() for a in arguments], *more)) for more in ((), masks[:1], masks[1:])]


@case("attention", given=SCORES)
def query_that_sees_nothing(student, world):
    """Rows of the mask without a single True: weights and output are 0 there, and nothing else changes."""
    queries, keys, values = normals(world, (2, 4, 3), (2, 5, 3), (2, 5, 2))
    mask = tensor(world.uniform(0.0, 1.0, (2, 4, 5)) < 0.5)
    mask[0, 1] = mask[1, 3] = False
    mask[0, 2, 1] = True
    return list(student.attention(queries, keys, values, mask))


@case("attention", given=SCORES)
def hidden_keys_with_huge_scores(student, world):
    """Scores of ±10⁵ where the hidden keys have the largest ones; and the same without a mask."""
    keys, values = normals(world, (6, 4), (6, 3))
    direction = tensor(np.sign(world.normal((4,))))
    keys = keys + direction * tensor([[5e4], [-5e4], [5e4], [-5e4], [-5e4], [5e4]])
    queries = 1.0 + tensor(world.uniform(0.0, 0.2, (3, 4)))
    mask = torch.tensor([[False, True, False, True, True, False]] * 3)
    queries = queries * direction
    hidden, seen = (student.attention(queries.clone(), keys.clone(), values.clone(), *more) for more in ((mask,), ()))
    return {"hidden": list(hidden), "seen": list(seen)}


def causal_inputs(world):
    """Queries, keys, values (2, 6, 4), and the change of positions 3, 4, 5."""
    arrays = [world.normal((2, 6, 4)) for _ in range(3)]
    changes = [world.normal((2, 6, 4), scale=1e3) * (np.arange(6) >= 3)[:, None] for _ in range(3)]
    return arrays, changes


def past_is_untouched(outputs, world):
    """Bit-identical before position 3, and right."""
    arrays, _ = causal_inputs(world)
    truth = oracle.dense_attention(*arrays, np.tril(np.ones((6, 6), bool)))
    return judges.blind_to_the_future(outputs, truth, 1, 3)


@case("attention", check=satisfies(past_is_untouched, tolerance=1e-9), given=SCORES)
def the_past_does_not_see_the_future(student, world):
    """With a causal mask, changing positions 3, 4 and 5 leaves the outputs of 0, 1 and 2 as they are, bit for bit."""
    arrays, changes = causal_inputs(world)
    mask = torch.arange(6) <= torch.arange(6)[:, None]
    before, _ = student.attention(*[tensor(a) for a in arrays], mask)
    after, _ = student.attention(*[tensor(a + c) for a, c in zip(arrays, changes, strict=True)], mask.clone())
    return {"before": before, "after": [after]}


@case("attention", given=SCORES)
def order_of_the_keys(student, world):
    """Keys and values in another order give the same outputs, and weights in that order."""
    queries, keys, values = normals(world, (4, 3), (6, 3), (6, 5))
    order = tensor(world.permutation(6))
    return [list(student.attention(queries.clone(), k, v)) for k, v in ((keys, values), (keys[order], values[order]))]
