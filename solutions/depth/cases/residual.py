"""The cases of `residual`: what is called, and how the values that come back are judged."""

from functools import cache

import experiments
import numpy as np
import torch

from autograder.authoring import World, case
from autograder.checks import close, satisfies

N, SAMPLES = 8, 32
SHALLOW, DEEP, PROBLEMS, CURVES, DEEP_STEPS, DEEP_RATE = 2, 16, 45, 7, 60, 0.05

def _problem(world, depth, n=N, samples=SAMPLES):
    """Layers, readout, x and y of one run."""
    layers = [world.normal((n, n)) / np.sqrt(n) for _ in range(depth)]
    readout = world.normal((n,)) / np.sqrt(n)
    x = world.normal((samples, n))
    return layers, readout, x, np.sin(x[:, 0]) + x[:, 1] / 2


def _tensors(problem):
    layers, *rest = problem
    return [torch.tensor(W) for W in layers], *(torch.tensor(a) for a in rest)


def _both_depths(world):
    return tuple([_problem(world, depth) for _ in range(PROBLEMS)] for depth in (SHALLOW, DEEP))


def _curve_problems(world):
    return [_problem(world, DEEP) for _ in range(CURVES)]


def _all_of_it(student, world, depth, n, samples, steps):
    """Predictions, gradients and a short curve, plain and with skip connections."""
    problem, found = _problem(world, depth, n, samples), {}
    for name in ("plain", "skip"):
        found[name] = {
            "out": student.deep_forward(*_tensors(problem)[:3], name == "skip"),
            "gradient": student.first_layer_gradient(*_tensors(problem), name == "skip"),
            "losses": student.train_deep(*_tensors(problem), name == "skip", steps, 0.05),
        }
    return found


@case("residual", public=True, check=close())
def two_layers_with_and_without(student, world):
    """Two layers of three units: predictions, the gradient of the first layer, and two steps."""
    return _all_of_it(student, world, 2, 3, 4, 2)


@case("residual", check=close())
def five_layers_with_and_without(student, world):
    """Five layers of four units: the same, with five steps."""
    return _all_of_it(student, world, 5, 4, 9, 5)


@case("residual", check=close())
def one_layer_only(student, world):
    """A single layer, and a single sample."""
    return _all_of_it(student, world, 1, 5, 1, 1)


def _judge_factors(outputs, world):
    return experiments.factor_claims(outputs, *_both_depths(world), 0.2)


@cache
def _curves(seed):
    """The true curves of a world."""
    problems = _curve_problems(World(seed))
    return {
        name: [experiments.descent(p, name == "skip", DEEP_STEPS, DEEP_RATE) for p in problems] for name in ("plain", "skip")
    }


def _judge_losses(outputs, world):
    return experiments.loss_claims(outputs, _curves(world.seed), 0.2)


def _judge_table(outputs, world):
    return experiments.table_of_runs(outputs)


@case("residual", public=True, check=satisfies(_judge_table), worlds=1)
def table_of_your_runs(student, world):
    """Your table has all four numbers, and each can be what it is called; whether it is true, the re-runs say."""
    return student.residual_claims()


@case("residual", check=satisfies(_judge_factors), worlds=2)
def claims_about_gradients(student, world):
    """Your two factors per layer, against fresh gradients at depth 2 and 16."""
    depths = _both_depths(world)
    gradients = {
        name: [[student.first_layer_gradient(*_tensors(p), name == "skip") for p in problems] for problems in depths]
        for name in ("plain", "skip")
    }
    return {"claims": student.residual_claims(), "gradients": gradients}


@case("residual", check=satisfies(_judge_losses), worlds=2)
def claims_about_training(student, world):
    """Your two shares of the loss that is left, against fresh runs at depth 16: 14 runs of 60 steps."""
    problems = _curve_problems(world)
    losses = {
        name: [student.train_deep(*_tensors(p), name == "skip", DEEP_STEPS, DEEP_RATE) for p in problems] for name in ("plain", "skip")
    }
    return {"claims": student.residual_claims(), "losses": losses}
