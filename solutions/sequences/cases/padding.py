"""The cases of `padding`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def discounted(X, share):
    """Of each step the sum of all inputs up to it, an input k steps back times share^k."""
    back = np.subtract.outer(np.arange(X.shape[1]), np.arange(X.shape[1]))
    return np.einsum("ts,nsd->ntd", np.where(back >= 0, share ** np.maximum(back, 0), 0), X)


def sum_so_far(X):
    """A network that reads from left to right."""
    return discounted(X, 0.5)


def bend_so_far(X):
    """Another one."""
    return np.tanh(0.3 + discounted(X, 0.8))


def losses_of(world, N, T):
    """Losses of tokens; what stands behind the end of a sequence is large."""
    return world.uniform(0.1, 3, (N, T))


@case("padding", public=True, check=close())
def ends_of_three_sequences(student, world):
    """Three sequences of lengths 1, 3 and 4 in a batch of 4 steps: the state of each at its end."""
    return student.last_states(world.normal((3, 4, 2)), np.array([3, 1, 4]))


@case("padding", public=True, check=close())
def loss_of_two_sequences(student, world):
    """Losses of two sequences of 1 and 3 tokens: the mean loss of a token, and the perplexity."""
    losses, lengths = losses_of(world, 2, 4), np.array([1, 3])
    return {"mean": student.mean_loss(losses.copy(), lengths.copy()), "perplexity": student.perplexity(losses, lengths)}


@case("padding", public=True, check=close())
def two_sequences_backwards(student, world):
    """Sequences of 2 and 4 steps in a batch of 4: backwards, padding stays."""
    return student.reversed_in_time(world.normal((2, 4, 1)), np.array([2, 4]))


@case("padding", public=True, check=close())
def two_sequences_both_ways(student, world):
    """The states of a bidirectional network for sequences of 3 and 2 steps in a batch of 3."""
    return student.both_ways(world.normal((2, 3, 2)), np.array([3, 2]), sum_so_far, bend_so_far)


def lengths_of(world, N, T, least):
    """N lengths, of which one is the least and one is T."""
    return world.permutation(N) * 0 + np.array(world.sample([least, T, *world.integers(least, (N - 2,), high=T + 1).tolist()], N))


@case("padding", check=close())
def ends_of_many_sequences(student, world):
    """Five sequences of 1 to 6 steps, and four that are all as long as the batch."""
    ends = [student.last_states(world.normal((5, 6, 3)), lengths_of(world, 5, 6, 1))]
    return [*ends, student.last_states(world.normal((4, 3, 2)), np.full(4, 3))]


@case("padding", check=close())
def losses_of_many_sequences(student, world):
    """Sequences of 0 to 7 tokens, where a whole row may be padding, and padding that is not a number."""
    losses, lengths = losses_of(world, 6, 7), lengths_of(world, 6, 7, 0)
    full = losses.copy()
    losses[np.arange(7) >= lengths[:, None]] = np.nan
    found = [student.mean_loss(losses.copy(), lengths.copy()), student.mean_loss(full, np.full(6, 7))]
    return {"means": found, "perplexity": student.perplexity(losses, lengths)}


@case("padding", check=close())
def many_sequences_backwards(student, world):
    """Sequences of 0 to 6 steps, backwards."""
    return student.reversed_in_time(world.normal((5, 6, 3)), lengths_of(world, 5, 6, 0))


@case("padding", check=close())
def many_sequences_both_ways(student, world):
    """Bidirectional states of sequences of 1 to 6 steps; what stands in the padding does not matter."""
    X, lengths = world.normal((5, 6, 2)), lengths_of(world, 5, 6, 1)
    found = [student.both_ways(X.copy(), lengths.copy(), sum_so_far, bend_so_far)]
    X[np.arange(6) >= lengths[:, None]] = 1e3
    return [*found, student.both_ways(X, lengths, bend_so_far, sum_so_far)]
