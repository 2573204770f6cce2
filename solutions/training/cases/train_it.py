"""The cases of `train_it`: what is called, and how the values that come back are judged."""

import numpy as np
import torch
from excess_judge import has_learned
from teacher import batches

from autograder.authoring import case
from autograder.checks import close, outline, satisfies

STEPS = 1500


def weights_of(found):
    """The four tensors of a network, or what came in their places, as arrays of float32."""
    found = {name: found[name] for name in ("W", "b", "v", "c")}
    return {name: np.array(value.tolist() if hasattr(value, "tolist") else value, dtype=np.float32) for name, value in found.items()}


@case("train_it", public=True, check=close())
def error_of_four_outputs(student, world):
    """The squared error of four outputs in a column against four targets in a row: a mean of four numbers, not of sixteen."""
    return student.squared_error(torch.tensor(world.normal((4, 1))), torch.tensor(world.normal((4,))))


def of_noise(world, steps):
    """Pairs of float32 tensors of shapes (64, 6) and (64,) that nothing can be learned from."""
    for _ in range(steps):
        yield torch.tensor(world.normal((64, 6)), dtype=torch.float32), torch.tensor(world.normal((64,)), dtype=torch.float32)


SHAPES = {"W": (6, 16), "b": (16,), "v": (16,), "c": (1,)}
EXAMPLE = {name: np.zeros(shape, dtype=np.float32) for name, shape in SHAPES.items()}


@case("train_it", public=True, check=outline(EXAMPLE), worlds=1)
def twenty_steps(student, world):
    """Your training on twenty batches of noise: the names and shapes of what comes back. How good it is, the last cell tells you."""
    torch.set_num_threads(1)
    return weights_of(student.train(of_noise(world, 20), 20))


@case("train_it", check=close())
def errors_of_other_shapes(student, world):
    """The squared error for all four combinations of rows and columns, and for a batch of one."""
    outputs, targets = torch.tensor(world.normal((7,))), torch.tensor(world.normal((7,)))
    found = [student.squared_error(o, t) for o in (outputs.clone(), outputs[:, None]) for t in (targets.clone(), targets[:, None])]
    return [*found, student.squared_error(outputs[:1, None], targets[:1])]


@case("train_it", check=satisfies(has_learned), worlds=1)
def excess_over_the_noise(student, world):
    """Weights after 1,500 batches of a function that you have not seen: how far they are from it, on 50,000 points without noise. Full points up to 0.005, none from 0.03 on."""
    torch.set_num_threads(1)
    return weights_of(student.train(batches(world, STEPS), STEPS))
