"""The cases of `batch_norm`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def setting(world, n):
    """Scale, shift and running statistics of n features."""
    running = world.normal((n,)), world.uniform(0.5, 2, (n,))
    return world.uniform(0.5, 2, (n,)), world.normal((n,)), running


def some_rate(world):
    """A learning rate that is not 1."""
    return Fraction(world.integers(4, high=9), 3)


def answer(student, x, gamma, beta, running, training, momentum, eps):
    """The outputs and the new statistics."""
    out, (mean, variance) = student.batch_norm(x, gamma.copy(), beta.copy(), tuple(v.copy() for v in running), training, momentum, eps)
    return {"out": out, "mean": mean, "variance": variance}


def gradients(student, x, gamma, g, eps):
    """The three gradients."""
    dx, dgamma, dbeta = student.batch_norm_backward(x, gamma, g, eps)
    return {"x": dx, "gamma": dgamma, "beta": dbeta}


def batch_of_one(student, x, *settings):
    """What happens to a batch of one example in training."""
    try:
        return answer(student, x, *settings)
    except ValueError:
        return "ValueError"


@case("batch_norm", public=True)
def four_examples(student, world):
    """A batch of four examples with two features: in training, and in evaluation."""
    x, (gamma, beta, running) = world.normal((4, 2), mean=2), setting(world, 2)
    return [answer(student, x.copy(), gamma, beta, running, training, 0.1, 1e-5) for training in (True, False)]


@case("batch_norm", public=True)
def way_back_for_four_examples(student, world):
    """The gradients for four examples with three features and a random gradient at the output."""
    return gradients(student, world.normal((4, 3)), world.uniform(0.5, 2, (3,)), world.normal((4, 3)), 1e-2)


@case("batch_norm", public=True, check=close())
def rates_in_three_steps(student, world):
    """The effective rates over three steps: four fractions."""
    return student.effective_rates(world.fraction(1, 4, 3), world.fractions((3,), 1, 5, 2), some_rate(world))


@case("batch_norm")
def training_with_an_eps_that_matters(student, world):
    """Seven examples with five features in training: eps 0.3, momentum 0.3; features of different size, and the same ones far from 0."""
    x, (gamma, beta, running) = world.normal((7, 5), mean=1) * np.array([0.1, 1.0, 3.0, 0.5, 9.0]), setting(world, 5)
    return [answer(student, one, gamma, beta, running, True, 0.3, 0.3) for one in (x, x + 1e8)]


@case("batch_norm")
def two_examples_and_one(student, world):
    """A batch of two in training, then a batch of one in evaluation with what came out, and a batch of one in training."""
    gamma, beta, running = setting(world, 3)
    two = answer(student, world.normal((2, 3)), gamma, beta, running, True, 0.2, 1e-3)
    one = world.normal((1, 3))
    learned = two["mean"], two["variance"]
    return {
        "two": two,
        "one": answer(student, one.copy(), gamma, beta, [np.asarray(v) for v in learned], False, 0.2, 1e-3),
        "one in training": batch_of_one(student, one, gamma, beta, running, True, 0.2, 1e-3),
    }


@case("batch_norm")
def evaluation_of_a_strange_batch(student, world):
    """Evaluation of examples that are far from the running statistics, which stay as they are."""
    gamma, beta, running = setting(world, 4)
    return answer(student, world.normal((6, 4), mean=5, scale=3), gamma, beta, running, False, 0.5, 0.2)


@case("batch_norm")
def way_back_with_an_eps_that_matters(student, world):
    """The gradients for nine examples with four features, eps 0.2, and gradients at the output that have a mean."""
    return gradients(student, world.normal((9, 4), mean=2, scale=0.7), world.uniform(0.5, 2, (4,)), world.normal((9, 4), mean=1), 0.2)


@case("batch_norm")
def way_back_for_two_examples(student, world):
    """The gradients for two examples, with an eps of 0.1."""
    return gradients(student, world.normal((2, 3)), world.uniform(0.5, 2, (3,)), world.normal((2, 3)), 0.1)


@case("batch_norm", check=close())
def rates_in_many_steps(student, world):
    """The effective rates over six steps, and over none."""
    square, rate = world.fraction(1, 4, 3), some_rate(world)
    return [student.effective_rates(square, world.fractions((5,), 1, 5, 2), rate), student.effective_rates(square, [], rate)]
