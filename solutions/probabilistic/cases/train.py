"""The cases of `train`: what is called, and how the values that come back are judged."""

import numpy as np
import torch
from source import batches
from vae_judge import has_learned

from autograder.authoring import case
from autograder.checks import close, outline, satisfies

STEPS = 1000
SHAPES = {"A": (2, 6), "a": (2,), "v": (2,), "W": (6, 2), "b": (6,), "s": ()}
EXAMPLE = {name: np.zeros(shape, dtype=np.float32) for name, shape in SHAPES.items()}


def weights_of(found):
    """The six tensors of a VAE, or what came in their places, as arrays of float32."""
    found = {name: found[name] for name in SHAPES}
    return {name: np.array(value.tolist() if hasattr(value, "tolist") else value, dtype=np.float32) for name, value in found.items()}


def some_weights(world):
    """Weights of a VAE that has not been trained, as tensors of float64."""
    return {name: torch.tensor(world.normal(shape, scale=0.7)) for name, shape in SHAPES.items()}


@case("train", public=True)
def loss_of_three_examples(student, world):
    """The loss of three examples with given noise."""
    return student.vae_loss(torch.tensor(world.normal((3, 6))), some_weights(world), torch.tensor(world.normal((3, 2))))


@case("train", public=True, check=outline(EXAMPLE), worlds=1)
def twenty_steps(student, world):
    """Your training on a stream of twenty batches: the names and shapes of what comes back. How good it is, the last picture tells you."""
    torch.set_num_threads(1)
    stream = (torch.tensor(world.normal((128, 6)), dtype=torch.float32) for _ in range(20))
    return weights_of(student.train(stream, 20))


@case("train")
def losses_of_other_batches(student, world):
    """The loss of nine examples far from 0, of a single one, and with noise 0."""
    found = []
    for n, scale in ((9, 1.0), (1, 1.0), (4, 0.0)):
        x, eps = torch.tensor(world.normal((n, 6), mean=3)), torch.tensor(world.normal((n, 2), scale=scale))
        found.append(student.vae_loss(x, some_weights(world), eps))
    return found


@case("train", check=close())
def gradients_of_the_loss(student, world):
    """The gradients of your loss by all six weights, for five examples."""
    weights = {name: value.requires_grad_() for name, value in some_weights(world).items()}
    student.vae_loss(torch.tensor(world.normal((5, 6), mean=1)), weights, torch.tensor(world.normal((5, 2)))).backward()
    return {name: np.zeros(SHAPES[name]) if value.grad is None else value.grad.numpy() for name, value in weights.items()}


@case("train", check=satisfies(has_learned), worlds=1)
def excess_over_the_entropy(student, world):
    """Weights after 1,000 batches of a source that you have not seen: how far their bound is from its entropy, exactly. Full points up to 0.04 nats, none from 0.2 on."""
    torch.set_num_threads(1)
    return weights_of(student.train(batches(world, STEPS), STEPS))
