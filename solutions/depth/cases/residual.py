"""The cases of `residual`: what is called, and how the values that come back are judged."""

import experiments
import numpy as np
import torch

from autograder.authoring import case
from autograder.checks import close, satisfies

N, SAMPLES = 8, 32
SHALLOW, DEEP, PROBLEMS, CURVES, DEEP_STEPS, DEEP_RATE = 2, 16, 15, 7, 60, 0.05

def _problem(world, depth, n=N, samples=SAMPLES):
    """Layers, readout, x and y of one run."""
    layers = [world.normal((n, n)) / np.sqrt(n) for _ in range(depth)]
    readout = world.normal((n,)) / np.sqrt(n)
    x = world.normal((samples, n))
    return layers, readout, x, np.sin(x[:, 0]) + x[:, 1] / 2


def _tensors(problem):
    layers, readout, x, y = problem
    return [torch.from_numpy(W) for W in layers], torch.from_numpy(readout), torch.from_numpy(x), torch.from_numpy(y)


def _both_depths(world):
    return tuple([_problem(world, depth) for _ in range(PROBLEMS)] for depth in (SHALLOW, DEEP))


def _curve_problems(world):
    return [_problem(world, DEEP) for _ in range(CURVES)]


def _all_of_it(student, world, depth, n, samples, steps):
    """Predictions, gradients and a short curve, plain and with skip connections, and the layers as they are afterwards."""
    layers, readout, x, y = _tensors(_problem(world, depth, n, samples))
    found = {"layers": layers}
    for skip in (False, True):
        found["skip" if skip else "plain"] = {
            "out": student.deep_forward(layers, readout, x, skip),
            "gradient": student.first_layer_gradient(layers, readout, x, y, skip),
            "losses": student.train_deep(layers, readout, x, y, skip, steps, 0.05),
        }
    return found


@case("residual", public=True, check=close())
def two_layers_with_and_without(student, world):
    """Two layers of three units: predictions, the gradient of the first layer, and two steps; the layers stay as they were."""
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
    return experiments.factor_claims(outputs, *_both_depths(world), 0.15)


def _judge_losses(outputs, world):
    return experiments.loss_claims(outputs, _curve_problems(world), DEEP_STEPS, 0.2)


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
