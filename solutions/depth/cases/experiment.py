"""The cases of `experiment`: what is called, and how the values that come back are judged."""

from functools import cache

import experiments
import numpy as np
from ingredients import _network

from autograder.authoring import World, case
from autograder.checks import close, satisfies

ARRANGEMENTS = {1: ((32,), 6), 2: ((16, 16), 10), 4: ((8,) * 4, 24), 8: ((4,) * 8, 60)}  # depth: widths, how many networks
BUDGET = {"shallow": (40,), "deep": (5, 5, 5, 5)}
RUNS, STEPS, RATE = 9, 100, 0.03

def _noise(world, widths):
    """Standard normal arrays in the shapes of a network ℝ → ℝ with these hidden widths."""
    return _network(world, [1, *widths, 1])


def _noises(world):
    return {depth: [_noise(world, widths) for _ in range(count)] for depth, (widths, count) in ARRANGEMENTS.items()}


def _starts(world):
    """Initial networks of the training runs: He initialisation, made here so that it does not depend on `he_network`."""
    return {
        name: [[(W * np.sqrt(2 / W.shape[1]), b) for W, b in _noise(world, widths)] for _ in range(RUNS)]
        for name, widths in BUDGET.items()
    }


def _tent_data():
    """65 points of [0, 1] and the 3-fold tent there."""
    x = np.linspace(0, 1, 65)[:, None]
    y = x
    for _ in range(3):
        y = 1 - np.abs(1 - 2 * y)
    return x, y


def _short_training(student, world, widths, steps, rate):
    """A short run."""
    network = _network(world, widths)
    x, y = world.normal((9, widths[0])), world.normal((9, widths[-1]))
    trained, losses = student.train(network, x, y, steps, rate)
    return {"losses": losses, "trained": trained}


@case("experiment", public=True, check=close())
def initialisation_from_noise(student, world):
    """He initialisation of given noise: 3 inputs, 4 and 5 hidden units."""
    return student.he_network(_network(world, [3, 4, 5, 1]))


@case("experiment", public=True, check=close())
def a_few_steps(student, world):
    """Three steps of Adam on a network with one hidden layer."""
    return _short_training(student, world, [1, 4, 1], 3, 0.02)


@case("experiment", check=close())
def initialisation_of_any_shape(student, world):
    """Wide and narrow layers in turn, and one input."""
    return [student.he_network(_network(world, widths)) for widths in ([1, 7, 2, 9, 1], [6, 1, 3])]


@case("experiment", check=close())
def twelve_steps(student, world):
    """Twelve steps with three hidden layers, several inputs and outputs."""
    return _short_training(student, world, [3, 6, 5, 4, 2], 12, 0.01)


@cache
def _shares(seed):
    """The true shares of a world; counting takes a moment, and every program is judged in the same worlds."""
    return experiments.shares_of_cap(_noises(World(seed)))


def _judge_shares(outputs, world):
    return experiments.share_claims(outputs, _noises(world), _shares(world.seed), 1.7)


@cache
def _trained(seed):
    """What the training of a world comes to."""
    starts = _starts(World(seed))
    return {name: [experiments.adam(start, *_tent_data(), STEPS, RATE) for start in networks] for name, networks in starts.items()}


def _judge_training(outputs, world):
    return experiments.training_claims(outputs, _trained(world.seed), *_tent_data(), 0.25)


def _judge_table(outputs, world):
    return experiments.table_of_shares(outputs, (1, 2, 4, 8), ("shallow", "deep", "exact"))


@case("experiment", public=True, check=satisfies(_judge_table), worlds=1)
def table_of_your_claims(student, world):
    """Your table has all seven numbers, and each can be what it is called; whether it is true, the re-runs say."""
    return student.experiment_claims()


@case("experiment", check=satisfies(_judge_shares), worlds=2)
def claims_about_random_networks(student, world):
    """Your four shares of the cap, against fresh random networks made by your initialisation."""
    networks = {depth: [student.he_network(n) for n in noises] for depth, noises in _noises(world).items()}
    return {"claims": student.experiment_claims(), "networks": networks}


@case("experiment", check=satisfies(_judge_training), worlds=2)
def claims_about_trained_networks(student, world):
    """Your three shares of the variance left unexplained, against fresh runs of your training: 18 runs of 100 steps."""
    x, y = _tent_data()
    trained = {}
    for name, networks in _starts(world).items():
        trained[name] = [student.train(network, x, y, STEPS, RATE)[0] for network in networks]
    return {"claims": student.experiment_claims(), "trained": trained}
