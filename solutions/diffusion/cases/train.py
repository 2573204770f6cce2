"""The cases of `train`: what is called, and how the values that come back are judged."""

import math

import diffusion_judges as judges
import excess_judge
import numpy as np
import torch
from mixture_of import batches
from numbers_of import mixture

from autograder.authoring import case
from autograder.checks import close, outline, satisfies

STEPS = 2000
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4")
EXAMPLE = {"W1": np.zeros((3, 48)), "b1": np.zeros(48), "W2": np.zeros((48, 48)), "b2": np.zeros(48)}
EXAMPLE |= {"W3": np.zeros((48, 48)), "b3": np.zeros(48), "W4": np.zeros((48, 1)), "b4": np.zeros(1)}


def plain(value):
    """A tensor, or what came in its place, as an array of float32."""
    return np.array(value.tolist() if hasattr(value, "tolist") else value, dtype=np.float32)


def given_bayes_noise(x, theta, weights, means, stds):
    """The best prediction of the noise, by library calls."""
    spread = (math.cos(theta) * np.asarray(stds)) ** 2 + math.sin(theta) ** 2
    far = np.subtract.outer(np.asarray(x), math.cos(theta) * np.asarray(means)) / np.sqrt(spread)
    top = np.log(np.asarray(weights) / np.sqrt(spread)) - far * far / 2
    return (np.exp(top - np.logaddexp.reduce(top, axis=1)[:, None]) * far * math.sin(theta) / np.sqrt(spread)).sum(1)


def drawn(student, x0, seeds):
    """Examples that are made of the same data with a generator that goes on."""
    generator = torch.Generator().manual_seed(seeds)
    found = []
    for _ in range(2):
        x, theta, noise = student.examples(torch.tensor(x0, dtype=torch.float32), generator)
        found.append({"x": plain(x), "theta": plain(theta), "noise": plain(noise)})
    return found


@case("train", public=True, check=outline([{"x": np.zeros(6), "theta": np.zeros(6), "noise": np.zeros(6)}] * 2), worlds=1)
def six_examples(student, world):
    """Two draws of six examples: three tensors of shape (6,) each. What is in them, the hidden cases look at."""
    return drawn(student, world.normal((6,)), 0)


@case("train", public=True, check=outline(0.5), worlds=1)
def floor_of_two_components(student, world):
    """The floor of the noise loss for two components: here only that it is a number."""
    return student.least_noise_loss(*mixture(world, 2))


@case("train", public=True, check=outline(EXAMPLE), worlds=1)
def twenty_steps(student, world):
    """Your training on twenty batches: the names and shapes of what comes back. How good it is, the last picture tells you."""
    torch.set_num_threads(1)
    found = student.train((torch.tensor(world.normal((256,)), dtype=torch.float32) for _ in range(20)), 20)
    return {name: plain(found[name]) for name in NAMES}


def data_of(world):
    """4,000 numbers, no two alike."""
    return world.normal((4000,), scale=2)


def are_fresh(outputs, world):
    """Two draws for the numbers of this world."""
    if not isinstance(outputs, list) or len(outputs) != 2:
        return judges.wrong("two draws are expected")
    return judges.fresh_examples(outputs[0], outputs[1], data_of(world).astype(np.float32).astype(float))


@case("train", check=satisfies(are_fresh))
def examples_are_fresh(student, world):
    """Two draws for 4,000 numbers: uniform angles, normal noises, fresh for each example and in each draw, and x_t made of them."""
    return drawn(student, data_of(world), world.torch_seed())


@case("train", given={"bayes_noise": given_bayes_noise}, check=close(1e-4))
def floors_of_mixtures(student, world):
    """The floor of the noise loss for one component, for three, and for five."""
    return [student.least_noise_loss(*mixture(world, k)) for k in (1, 3, 5)]


@case("train", check=satisfies(excess_judge.has_learned), worlds=1)
def excess_over_the_best_denoiser(student, world):
    """Weights after 2,000 batches of data that you have not seen: how far they are from the best prediction. Full points up to 0.012, none from 0.06 on."""
    torch.set_num_threads(1)
    found = student.train(batches(world, STEPS), STEPS)
    return {name: plain(found[name]) for name in NAMES}
