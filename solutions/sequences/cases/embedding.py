"""The cases of `embedding`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def one_cycle(world, words):
    """A permutation that leads through all words before it comes back to the first: it is not its own inverse."""
    order, new_id = world.permutation(words), np.empty(words, dtype=int)
    new_id[order] = np.roll(order, 1)
    return new_id


@case("embedding", public=True, check=close())
def three_words(student, world):
    """Three ids into a table of 5 rows: the rows, and the matrix of 0s and 1s of shape (3, 5)."""
    table, ids = world.normal((5, 2)), np.array(world.sample(range(5), 3))
    return {"rows": student.embed(table, ids), "one_hot": student.one_hot(ids.copy(), 5)}


@case("embedding", public=True, check=close())
def gradient_of_a_repeated_word(student, world):
    """The gradient by a table of 4 rows for the ids 2, 0, 2, 2: row 2 was used three times."""
    return student.embedding_gradient(world.normal((4, 3)), np.array([2, 0, 2, 2]), 4)


@case("embedding", public=True, check=close())
def four_words_renumbered(student, world):
    """A vocabulary of 4 words under other numbers: the moved table, and the ids of a sentence of 6 words."""
    table, ids, new_id = world.normal((4, 2)), world.integers(4, (6,)), one_cycle(world, 4)
    moved, renamed = student.renumbered(table, ids, new_id)
    return {"table": moved, "ids": renamed}


@case("embedding", check=close())
def batches_of_words(student, world):
    """Ids of shape (3, 4) and of shape (2, 3, 1); rows and 0s and 1s."""
    table = world.normal((6, 5))
    shapes = ((3, 4), (2, 3, 1))
    ids = [world.integers(6, shape) for shape in shapes]
    return {"rows": [student.embed(table.copy(), i) for i in ids], "one_hot": [student.one_hot(i.copy(), 6) for i in ids]}


@case("embedding", check=close())
def empty_sentences(student, world):
    """Two sentences without a word beside a usual one: the shape of their rows, and a gradient of nothing."""
    table, none = world.normal((6, 3)), np.zeros((2, 0), dtype=int)
    rows = student.embed(table.copy(), none)
    gradient = student.embedding_gradient(np.zeros((2, 0, 3)), none.copy(), 6)
    usual = student.embed(table, world.integers(6, (4,)))
    return {"shape": list(np.shape(rows)), "of_the_gradient": list(np.shape(gradient)), "usual": usual}


@case("embedding", check=close())
def gradients_of_batches(student, world):
    """Gradients for ids of shape (3, 5) in a table of 7 rows: repeats everywhere, and rows that nobody used."""
    return student.embedding_gradient(world.normal((3, 5, 4)), world.integers(5, (3, 5)), 7)


@case("embedding", check=close())
def padding_is_not_trained(student, world):
    """The same with an id whose row must not be trained: first the id 0, then another one."""
    found = []
    for padding_id in (0, world.integers(1, high=5)):
        ids = world.integers(5, (4, 6))
        ids[:, 4:] = padding_id
        found.append(student.embedding_gradient(world.normal((4, 6, 3)), ids, 5, padding_id))
    return found


@case("embedding", check=close())
def a_vocabulary_renumbered(student, world):
    """Seven words, by a permutation that is not its own inverse; ids of shape (3, 8)."""
    table, ids = world.normal((7, 4)), world.integers(7, (3, 8))
    moved, renamed = student.renumbered(table, ids, one_cycle(world, 7))
    return {"table": moved, "ids": renamed}
