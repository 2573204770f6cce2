"""The cases of `music`: what is called, and how the values that come back are judged."""

import numpy as np
import torch
from music_judge import SHAPES, has_learned

from autograder.authoring import case
from autograder.checks import outline, satisfies

STEPS, BATCH, POOL = 800, 32, 8000


def padded_tokens(world, lengths, V):
    """Token 0, then so many others, then 0s."""
    tokens = world.integers(1, (len(lengths), 1 + max(lengths)), high=V)
    tokens[:, 0] = 0
    for row, length in enumerate(lengths):
        tokens[row, 1 + length :] = 0
    return torch.from_numpy(tokens)


def budget(world, steps, size, pool):
    """Batches of tunes: drawn once, then sampled."""
    import tune_source

    tokens = torch.tensor(tune_source.encode(tune_source.draw_many(pool, world.torch_seed())))
    generator = world.torch_generator()
    batches = []
    for _ in range(steps):
        rows = tokens[torch.randint(pool, (size,), generator=generator)]
        batches.append(rows[:, : int((rows > 0).sum(1).max()) + 1].clone())
    return batches


@case("music", public=True)
def loss_of_two_tunes(student, world):
    """The loss of a batch of two texts of 3 and 5 characters, with random logits."""
    return student.tune_loss(torch.from_numpy(world.normal((2, 5, 7))), padded_tokens(world, (3, 5), 7))


@case("music", public=True, check=outline({name: np.zeros(shape) for name, shape in SHAPES.items()}), worlds=1)
def weights_after_three_steps(student, world):
    """A training of three steps: names and shapes of the weights that come back."""
    torch.set_num_threads(1)
    weights = student.train(budget(world, 3, 4, 20), 0)
    return {name: np.array(value) for name, value in weights.items()}


@case("music")
def loss_of_a_batch(student, world):
    """The loss of five texts of 1 to 9 characters, with logits of very different sizes, and with all of them large."""
    logits = torch.from_numpy(world.normal((5, 9, 6), scale=3.0))
    logits[1] *= 100
    tokens = padded_tokens(world, (9, 4, 1, 7, 7), 6)
    return {"mixed": student.tune_loss(logits.clone(), tokens.clone()), "large": student.tune_loss(1e3 * logits, tokens)}


def learned(outputs, world):
    """Against the floor, on fresh tunes."""
    return has_learned(outputs, world.fork("fresh tunes").rng)


@case("music", check=satisfies(learned), worlds=1)
def trained_to_the_floor(student, world):
    """Weights after 800 batches of 32 tunes, on one thread: their excess on 2,000 fresh tunes, and 200 tunes that the judge lets them write."""
    torch.set_num_threads(1)
    weights = student.train(budget(world, STEPS, BATCH, POOL), world.torch_seed())
    return {name: np.array(value) for name, value in weights.items()}
