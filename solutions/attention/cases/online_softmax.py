"""The cases of `online_softmax`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import torch
from ingredients import Meter, normals, tensor

from autograder.authoring import case
from autograder.checks import satisfies


@case("online_softmax", public=True)
def state_of_a_small_block(student, world):
    """Peak, total and weighted sum of two queries and three keys."""
    return list(student.block_state(*normals(world, (2, 4), (3, 4), (3, 2))))


@case("online_softmax", public=True)
def two_states_merged(student, world):
    """The merged state of two blocks, in both orders."""
    first, second = states(world)
    return [list(student.merge_states(first, second)), list(student.merge_states(second, first))]


def states(world, scale=1.0):
    """Two states of three queries and values of width 2."""
    peaks, weighted = normals(world, (2, 3, 1), (2, 3, 2))
    totals = 1.0 + tensor(world.uniform(0.0, 4.0, (2, 3, 1)))
    return [(scale * p, t, w) for p, t, w in zip(peaks, totals, weighted, strict=True)]


@case("online_softmax")
def states_with_far_peaks(student, world):
    """Block states with scores of ±10⁴, of batches, and merged states whose peaks are up to 10⁴ apart."""
    queries, keys, values = normals(world, (2, 4, 8), (2, 5, 8), (2, 5, 3))
    first, second = states(world, 1e4)
    return [list(student.block_state(100.0 * queries, 100.0 * keys, values)), list(student.merge_states(first, second))]


@case("online_softmax")
def blocks_of_any_size(student, world):
    """Attention from blocks of 1, 3, 4, 7 and 100 keys, where scores reach ±10⁴."""
    queries, keys, values = normals(world, (2, 3, 5, 8), (2, 3, 7, 8), (2, 3, 7, 4))
    sharp = 60.0 * queries, 60.0 * keys, values
    return [student.blockwise_attention(*sharp, block) for block in (1, 3, 7)] + [
        student.blockwise_attention(queries, keys, values, block) for block in (2, 4, 100)
    ]  # fmt: skip


@case("online_softmax")
def blocks_in_any_order(student, world):
    """Keys and values in another order, so that the largest score comes first, last or in between."""
    queries, keys, values = normals(world, (4, 6), (9, 6), (9, 3))
    keys = keys * torch.linspace(1.0, 30.0, 9, dtype=torch.float64)[:, None]
    orders = [torch.arange(9), torch.arange(8, -1, -1), tensor(world.permutation(9))]
    return [student.blockwise_attention(queries, keys[o], values[o], 2) for o in orders]


def long_inputs(world):
    """Queries (192, 8), keys (160, 8), values (160, 4)."""
    return [world.normal((192, 8)), world.normal((160, 8)), world.normal((160, 4))]


def memory_stays_small(outputs, world):
    """Right, and no tensor larger than 192 × 32 entries, where the whole matrix has 192 × 160 (the reference: 192 × 16)."""
    why = "The matrix of all scores has 30,720 entries; blocks of 16 keys need no more than 192 × 16."
    return judges.within_budget(outputs, oracle.dense_attention(*long_inputs(world)), "entries of the largest tensor",
                                192 * 32, why)  # fmt: skip


@case("online_softmax", check=satisfies(memory_stays_small, tolerance=1e-9))
def no_square_matrix(student, world):
    """192 queries and 160 keys in blocks of 16: the output, and the number of entries of the largest tensor made."""
    queries, keys, values = [tensor(a) for a in long_inputs(world)]
    with Meter() as meter:
        out = student.blockwise_attention(queries, keys, values, 16)
    return {"out": out, "entries of the largest tensor": meter.largest}
