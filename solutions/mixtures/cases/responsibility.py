"""The cases of `responsibility`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy
from shares import lines_of

from autograder.authoring import case
from autograder.checks import close, derivation, real

MORE_THAN_DIFFERENCES = 5e-12
"""Central differences of the loss come to 1e-11 at best, and right gradients to 1e-14."""


def by_answer(a, b, g, y):
    """A derivation of dJ/da: four rules are used, the logarithm, the product, the exponential and the square."""
    return derivation(4, {a: real(-1, 1), b: real(-1, 1), g: real(0.1, 0.9), y: real(-1, 1)})


def task(world, N, K):
    """logits, answers and targets."""
    return world.normal((N, K)), world.normal((N, K), scale=1.5), world.normal((N,), scale=1.5)


def everything(student, given):
    """Responsibilities, loss and gradients."""
    slopes = student.mixture_gradients(*(a.copy() for a in given))
    return {
        "responsibilities": student.responsibilities(*(a.copy() for a in given)),
        "loss": student.mixture_loss(*(a.copy() for a in given)),
        "gradients": [slopes["logits"], slopes["f"]],
    }


def start(world, K):
    """Weights and answers of K experts that are the same for every example."""
    p = world.uniform(0.5, 2.0, (K,))
    return p / p.sum(), world.normal((K,), scale=2.0)


def stepped(student, p, f, y):
    """The weights and answers after one step."""
    found = student.em_step(p.copy(), f.copy(), y.copy())
    return np.asarray(found["p"]), np.asarray(found["f"])


@case("responsibility", public=True, check=by_answer("a", "b", "g", "y"), worlds=1)
def slope_of_the_loss(student, world):
    """The derivation of dJ/da line by line, from Derivative(J, a) to the answer: the logarithm, the product, the exponential, the square."""
    return lines_of(student.derive_responsibility(*sympy.symbols("a b g y")))


@case("responsibility", public=True, check=close(MORE_THAN_DIFFERENCES))
def one_example_and_two_experts(student, world):
    """One example, two experts: responsibilities, loss, and both gradients."""
    return everything(student, task(world, 1, 2))


@case("responsibility", public=True)
def one_step_of_em(student, world):
    """Two experts and three numbers: weights and answers after one step."""
    return list(stepped(student, *start(world, 2), world.normal((3,), scale=2.0)))


@case("responsibility", check=by_answer("u", "v", "c", "t"), worlds=1)
def slope_in_other_letters(student, world):
    """The same derivation with the letters u, v, c and t."""
    return lines_of(student.derive_responsibility(*sympy.symbols("u v c t")))


@case("responsibility")
def responsibilities_of_a_batch(student, world):
    """The responsibilities for N = 5, K = 3 and N = 3, K = 4."""
    return [student.responsibilities(*task(world, 5, 3)), student.responsibilities(*task(world, 3, 4))]


@case("responsibility")
def losses_of_mixtures(student, world):
    """The loss for N = 5, K = 3 and N = 1, K = 4."""
    return [student.mixture_loss(*task(world, 5, 3)), student.mixture_loss(*task(world, 1, 4))]


@case("responsibility", check=close(MORE_THAN_DIFFERENCES))
def gradients_of_mixtures(student, world):
    """The gradients for N = 5, K = 3 and N = 3, K = 4; in the second all experts of one example agree."""
    found = []
    for given in (task(world, 5, 3), task(world, 3, 4)):
        if len(given[2]) == 3:
            given[1][1] = given[1][1, 0]
        slopes = student.mixture_gradients(*given)
        found.append([slopes["logits"], slopes["f"]])
    return found


def far_off(world, targets, K):
    """Targets far away from every expert, and a gate that makes up for the differences between them: it stays open who it was."""
    z, f, _ = task(world, len(targets), K)
    y = np.array(targets)
    squares = (y[:, None] - f) ** 2 / 2
    return z + squares - squares.min(axis=1, keepdims=True), f, y


@case("responsibility", check=close(1e-9))
def far_from_every_expert(student, world):
    """Targets 60 away from every expert: responsibilities, loss and gradients; and the same for targets 1000 away, where the gate's probabilities are 0 in floats."""
    return [everything(student, far_off(world, targets, K)) for targets, K in (((60.0, -70.0, 80.0), 3), ((1000.0, -900.0), 2))]


@case("responsibility")
def several_steps_of_em(student, world):
    """Three experts and twelve numbers: three steps, one after the other."""
    y, (p, f) = world.normal((12,), scale=3.0), start(world, 3)
    found = []
    for _ in range(3):
        p, f = stepped(student, p, f, y)
        found.append([p, f])
    return found
