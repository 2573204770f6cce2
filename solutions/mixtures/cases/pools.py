"""The cases of `pools`: what is called, and how the values that come back are judged."""

import numpy as np
from mixtures_judges import twins

from autograder.authoring import case
from autograder.checks import exact, satisfies


def network_of(world, d, n):
    """A small network of Fractions, all units different, and all of them above 0 for an input near 0."""
    b = [abs(bias) for bias in world.fractions((n,))]
    return {"W": world.fractions((d, n)), "b": b, "v": world.fractions((n,)), "c": world.fraction()}


SIZES = ((2, 3), (1, 4), (4, 2))


def networks(world, sizes):
    """Networks of these sizes."""
    return [network_of(world, d, n) for d, n in sizes]


def judged(outputs, world, sizes):
    """The same networks again, and 60 points for each, a third of them near 0."""
    made = networks(world, sizes)
    places = world.fork("points")
    points = [places.fractions((60, d), -9, 9) for d, _ in sizes]
    return twins(outputs, made, [[[x / 1000 for x in point] if i % 3 == 0 else point for i, point in enumerate(some)] for some in points])


@case("pools", public=True)
def two_members_pooled(student, world):
    """Two members, one example, three classes: the mean of the probabilities, the mean of the logits, and what the latter gains."""
    logits = world.normal((2, 1, 3), scale=2.0)
    return {
        "probabilities": student.pool_probabilities(logits.copy()),
        "logits": student.pool_logits(logits.copy()),
        "gain": student.pool_gain(logits),
    }


@case("pools", public=True, check=exact())
def average_of_two_networks(student, world):
    """The average of two networks with two inputs and two units."""
    found = student.average_weights(network_of(world, 2, 2), network_of(world, 2, 2))
    return [found[name] for name in ("W", "b", "v", "c")]


@case("pools", public=True, check=satisfies(lambda outputs, world: judged(outputs, world, [(2, 2)])))
def twin_of_a_network(student, world):
    """A twin of a network with two inputs and two units: the same answers, and an average of weights that answers something else."""
    return [student.twin(network) for network in networks(world, [(2, 2)])]


@case("pools")
def probabilities_of_five(student, world):
    """The mean of the probabilities for M = 5, N = 4, K = 3, and for logits of ±10⁴."""
    return [student.pool_probabilities(world.normal((5, 4, 3), scale=2.0)), student.pool_probabilities(1e4 * world.normal((3, 2, 4)))]


@case("pools")
def logits_of_five(student, world):
    """The mean of the logits for M = 5, N = 4, K = 3, and for logits of ±10⁴; the members' logits have different levels."""
    level = world.normal((5, 4, 1), scale=9.0)
    return [student.pool_logits(world.normal((5, 4, 3), scale=2.0) + level), student.pool_logits(1e4 * world.normal((3, 2, 4)))]


@case("pools")
def gains_of_five(student, world):
    """The gain for M = 5, N = 4, K = 3 with members of different levels; for M = 2, N = 3, K = 6; for members that agree; and for logits of ±10⁴."""
    level = world.normal((5, 4, 1), scale=9.0)
    found = np.concatenate([
        np.asarray(student.pool_gain(world.normal((5, 4, 3), scale=2.0) + level)),
        np.asarray(student.pool_gain(world.normal((2, 3, 6)))),
        np.asarray(student.pool_gain(np.repeat(world.normal((1, 2, 4)), 3, axis=0))),
    ])
    return {"near": found, "far": student.pool_gain(1e4 * world.normal((3, 2, 4)))}


@case("pools")
def a_member_that_is_certain(student, world):
    """Three members of which one gives a class the probability 0: both pools, as probabilities, and the gain."""
    logits = world.normal((3, 2, 4))
    logits[1, 0, 2] = -np.inf
    pools = [student.pool_probabilities(logits.copy()), student.pool_logits(logits.copy())]
    return {"pools": [np.exp(np.asarray(pool)) for pool in pools], "gain": student.pool_gain(logits)}


@case("pools", check=exact())
def averages_of_other_shapes(student, world):
    """Averages of networks of one input and four units, and of three inputs and one unit."""
    found = [student.average_weights(network_of(world, d, n), network_of(world, d, n)) for d, n in ((1, 4), (3, 1))]
    return [[one[name] for name in ("W", "b", "v", "c")] for one in found]


@case("pools", check=satisfies(lambda outputs, world: judged(outputs, world, SIZES)))
def twins_of_other_shapes(student, world):
    """Twins of networks with 3, 4 and 2 units."""
    return [student.twin(network) for network in networks(world, SIZES)]
