"""The cases of `train`: what is called, and how the values that come back are judged."""

import numpy as np
import torch
from expert_judge import has_learned
from teacher import batches, hidden_behind

from autograder.authoring import case
from autograder.checks import outline, satisfies

STEPS = 1500
SHAPES = {"gate": (4, 4), "W": (4, 4), "b": (4,), "log_s": (4,)}


def weights_of(found):
    """The four tensors of a mixture, or what came in their places, as arrays of float32."""
    found = {name: found[name] for name in ("gate", "W", "b", "log_s")}
    return {name: np.array(value.tolist() if hasattr(value, "tolist") else value, dtype=np.float32) for name, value in found.items()}


def random_weights(world, scale=1.0):
    """A mixture in float64."""
    return {name: torch.tensor(scale * world.normal(shape)) for name, shape in SHAPES.items()}


def examples(world, n, scale=1.0):
    """x and y in float64."""
    return torch.tensor(world.normal((n, 4))), torch.tensor(scale * world.normal((n,)))


@case("train", public=True)
def density_of_two_examples(student, world):
    """The loss of a random mixture on two examples."""
    return student.density_loss(random_weights(world), *examples(world, 2))


@case("train", public=True, check=outline({name: np.zeros(shape, dtype=np.float32) for name, shape in SHAPES.items()}), worlds=1)
def twenty_batches(student, world):
    """Your training on a stream of twenty batches: names and shapes of what comes back. How good it is, the last cell tells you."""
    torch.set_num_threads(1)
    return weights_of(student.train(batches(world, 20), 20, 0))


@case("train")
def density_of_many_examples(student, world):
    """The loss of three mixtures on nine examples each, on one, and on examples with answers of ±10³, also behind a gate with logits of ±10³."""
    found = [student.density_loss(random_weights(world), *examples(world, n)) for n in (9, 9, 1)]
    found += [student.density_loss(random_weights(world, 0.3), *examples(world, 5, 1e3))]
    weights = random_weights(world, 0.3)
    weights["gate"] *= 3e3
    return [*found, student.density_loss(weights, *examples(world, 5, 1e3))]


def learned(outputs, world):
    """Against the entropy of the noise, on fresh examples of the same world's function."""
    return has_learned(outputs, *hidden_behind(world), world.fork("fresh examples").rng)


@case("train", check=satisfies(learned), worlds=1)
def trained_to_the_gates(student, world):
    """Weights after 1,500 batches, on one thread: their excess over the entropy of the noise, on 100,000 fresh examples. Full points up to 0.0878, none from 0.5 on."""
    torch.set_num_threads(1)
    return weights_of(student.train(batches(world, STEPS), STEPS, world.torch_seed()))
