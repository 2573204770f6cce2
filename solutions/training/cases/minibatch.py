"""The cases of `minibatch`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from autograder.authoring import case
from autograder.checks import exact


def gradients(world, n):
    """n Fractions that are not all equal."""
    found = world.fractions((n,), -9, 9, 3)
    return [*found[:-1], found[0] + 1 + abs(found[-1])]


@case("minibatch", public=True, check=exact())
def one_epoch_of_seven(student, world):
    """Seven examples in batches of three, in a given order: 3 + 3 + 1 indices."""
    return student.epoch(world.permutation(7).tolist(), 3)


@case("minibatch", public=True, check=exact())
def batches_of_two_out_of_four(student, world):
    """The chance that two given examples of four are both in a batch of two, and the variance of the mean of such a batch."""
    return {"pair": student.pair_chance(4, 2), "variance": student.batch_variance(gradients(world, 4), 2)}


@case("minibatch", public=True, check=exact())
def two_workers(student, world):
    """Two workers, one with three examples and one with a single one; then the same as two micro-batches."""
    first, second = gradients(world, 3), [world.fraction()]
    return {
        "data_parallel": student.data_parallel([sum(first) / 3, second[0]], [3, 1]),
        "accumulate": student.accumulate(iter([list(first), list(second)])),
    }


@case("minibatch", check=exact())
def epochs_of_other_sizes(student, world):
    """Twelve examples in batches of four; nine in batches of five; five in batches of one, and of more than there are."""
    return [student.epoch(world.permutation(n).tolist(), size) for n, size in ((12, 4), (9, 5), (5, 1), (5, 8))]


@case("minibatch", check=exact())
def chances_of_pairs(student, world):
    """The chance that two given examples are both in a batch: for random sizes, for a batch of one, and for the batch of all."""
    n = world.integers(6, high=30)
    size = world.integers(3, high=n - 1)
    return [student.pair_chance(n, size), student.pair_chance(n + 1, 2), student.pair_chance(n, 1), student.pair_chance(n, n)]


@case("minibatch", check=exact())
def variance_for_every_size(student, world):
    """The variance of the batch mean for eight examples and every size from 1 to 8."""
    g = gradients(world, 8)
    return [student.batch_variance(list(g), size) for size in range(1, 9)]


@case("minibatch", check=exact())
def variance_of_two_examples(student, world):
    """The smallest data set: two examples, batches of one and of two."""
    g = gradients(world, 2)
    return [student.batch_variance(list(g), 1), student.batch_variance(g, 2)]


@case("minibatch", check=exact())
def many_workers(student, world):
    """Five workers with different numbers of examples, one of them with none."""
    counts = [int(c) for c in world.integers(2, (4,), high=9)]
    return student.data_parallel([*world.fractions((4,)), Fraction(0)], [*counts, 0])


@case("minibatch", check=exact())
def many_micro_batches(student, world):
    """Micro-batches of very different lengths, two of them empty, which can be read once."""
    lengths = (4, 0, 1, world.integers(5, high=9), 0, 2)
    return student.accumulate(iter([world.fractions((n,)) for n in lengths]))
