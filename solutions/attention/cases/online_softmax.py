"""The cases of `online_softmax`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle
import numpy as np
import torch
from ground import SCORES
from ingredients import metered, normals, tensor

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


@case("online_softmax", public=True)
def attention_from_two_blocks(student, world):
    """Attention of two queries to five keys in blocks of three: one query reads mostly the first block, the other the second."""
    queries, keys, values = normals(world, (2, 4), (5, 4), (5, 3))
    identity = torch.eye(4, dtype=torch.float64)
    keys[[0, 4]] += 6.0 * identity[:2]
    return student.blockwise_attention(0.3 * queries + 2.0 * identity[:2], keys, values, 3)


def far_below(world, n_queries, n_keys, width=8):
    """Queries and keys all of whose scores lie between −2·10⁵ and −5·10⁵, keys of one query within a few units."""
    direction = tensor(np.sign(world.normal((width,))))
    queries = direction * tensor(world.uniform(1.0, 1.5, (n_queries, 1)))
    return queries, -1e5 * direction + tensor(world.normal((n_keys, width)))


@case("online_softmax", given=SCORES)
def states_with_far_peaks(student, world):
    """Block states with scores of ±10⁴, of batches; with scores far below 0; merged states whose peaks are up to 10⁴ apart."""
    queries, keys, values = normals(world, (2, 4, 8), (2, 5, 8), (2, 5, 3))
    first, second = states(world, 1e4)
    low = [(-4000.0 - p.abs(), t, w) for p, t, w in states(world)]
    blocks = [(100.0 * queries, 100.0 * keys, values), (*far_below(world, 3, 5), values[0].clone())]
    return [list(student.block_state(*block)) for block in blocks] + [
        list(student.merge_states(*pair)) for pair in ((first, second), low)
    ]  # fmt: skip


@case("online_softmax", given=SCORES)
def blocks_of_any_size(student, world):
    """Attention from blocks of 1 to 100 keys, with zero, one and two batch axes, where scores reach ±10⁴ or all lie far below 0."""
    queries, keys, values = normals(world, (2, 3, 5, 8), (2, 3, 7, 8), (2, 3, 7, 4))
    sharp = 60.0 * queries, 60.0 * keys, values
    return [student.blockwise_attention(*sharp, block) for block in (1, 3, 7)] + [
        student.blockwise_attention(queries[part], keys[part], values[part], block)
        for part, block in (((0, 0), 2), ((1,), 4), (..., 100))
    ] + [student.blockwise_attention(*far_below(world, 3, 7), values[0, 0].clone(), 3)]  # fmt: skip


@case("online_softmax", given=SCORES)
def blocks_in_any_order(student, world):
    """Keys and values in another order, so that the largest score comes first, last or in between; and scores all far below 0."""
    queries, keys, values = normals(world, (4, 6), (9, 6), (9, 3))
    keys = keys * torch.linspace(1.0, 30.0, 9, dtype=torch.float64)[:, None]
    orders = [torch.arange(9), torch.arange(8, -1, -1), tensor(world.permutation(9))]
    low_queries, low_keys = far_below(world, 3, 9)
    return [student.blockwise_attention(queries, keys[o], values[o], 2) for o in orders] + [
        student.blockwise_attention(low_queries, low_keys[o], values[o], 4) for o in orders[:2]
    ]  # fmt: skip


def long_inputs(world):
    """Queries (400, 8), keys (640, 8), values (640, 4)."""
    return [world.normal((400, 8)), world.normal((640, 8)), world.normal((640, 4))]


def memory_stays_small(outputs, world):
    """Right, and nothing larger than 400 × 32 entries, nor 800 kB beside torch; the whole matrix has 400 × 640 entries."""
    why = "The matrix of all scores has 256,000 entries, 2 MB in float64; blocks of 16 keys need no more than 400 × 16."
    allowed = {"entries of the largest tensor": 400 * 32, "bytes that NumPy and Python took": 800_000}
    return judges.within_budgets(outputs, oracle.dense_attention(*long_inputs(world)), allowed, why)


@case("online_softmax", check=satisfies(memory_stays_small, tolerance=1e-9), given=SCORES)
def no_square_matrix(student, world):
    """400 queries and 640 keys in blocks of 16: the output, the largest tensor made, and the memory that NumPy and Python took."""
    out, meter = metered(student.blockwise_attention, [tensor(a) for a in long_inputs(world)], 16)
    return {"out": out, "entries of the largest tensor": meter.largest, "bytes that NumPy and Python took": meter.bytes_beside}


def wide_inputs(world):
    """Queries (2, 4), keys (16384, 4), values (16384, 3)."""
    return [world.normal((2, 4)), world.normal((16384, 4)), world.normal((16384, 3))]


def blocks_are_used(outputs, world):
    """Right, one block at a time, and all of a block at once."""
    why = "Asked for is: `block` keys at a time for all queries, and what is kept is merged."
    allowed = {"numbers computed with at once, in blocks of 128": 4000, "bytes that NumPy and Python took": 400_000,
               "operations, in blocks of 4096": 1000}  # fmt: skip
    return judges.within_budgets(outputs, oracle.dense_attention(*wide_inputs(world)), allowed, why)


@case("online_softmax", check=satisfies(blocks_are_used, tolerance=1e-9), worlds=1, given=SCORES)
def blocks_as_large_as_asked_for(student, world):
    """Two queries and 16,384 keys, in blocks of 128 and of 4,096: what is computed at once grows with the block, the steps get fewer."""
    inputs = [tensor(a) for a in wide_inputs(world)]
    out, small = metered(student.blockwise_attention, inputs, 128)
    _, large = metered(student.blockwise_attention, inputs, 4096)
    return {"out": out, "numbers computed with at once, in blocks of 128": small.computed,
            "bytes that NumPy and Python took": small.bytes_beside, "operations, in blocks of 4096": large.calls}  # fmt: skip
