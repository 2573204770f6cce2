"""The cases of `randomised`: what is called, and how the values that come back are judged."""

import numpy as np
from tables_of import number_of

from autograder.authoring import case
from autograder.checks import close


def data(world, n, d):
    """Inputs and targets."""
    return world.normal((n, d)), world.normal((n,), mean=1, scale=2)


def variances(world):
    """σ² and τ², one below 1 and one above."""
    return world.uniform(0.2, 0.7), world.uniform(1.5, 3)


def belief(found):
    """Mean and covariance by name."""
    mean, covariance = found
    return {"mean": mean, "covariance": covariance}


def forecast(found):
    """Mean and variance by name."""
    mean, variance = found
    return {"mean": number_of(mean), "variance": number_of(variance)}


@case("randomised", public=True)
def belief_after_four_examples(student, world):
    """The posterior of two weights after four examples, and the distribution of a new target."""
    X, y = data(world, 4, 2)
    noise, prior = variances(world)
    found = belief(student.weights_posterior(X.copy(), y.copy(), noise, prior))
    return {"weights": found, "target": forecast(student.predictive(X, y, noise, prior, world.normal((2,))))}


@case("randomised", public=True)
def one_member(student, world):
    """One member of an ensemble on four examples with two weights."""
    X, y = data(world, 4, 2)
    return student.member(X, y, *variances(world), world.normal((4,)), world.normal((2,)))


@case("randomised", public=True)
def spread_of_the_ensemble(student, world):
    """The covariance of the members on five examples with two weights, for the three ways of perturbing."""
    X, _ = data(world, 5, 2)
    settings = variances(world)
    return {what: student.ensemble_covariance(X.copy(), *settings, what) for what in ("both", "targets", "prior")}


@case("randomised")
def beliefs_after_other_data(student, world):
    """The posterior of four weights after nine examples, after two, after one, and after none at all."""
    found = []
    for n in (9, 2, 1, 0):
        X, y = data(world, n, 4)
        found.append(belief(student.weights_posterior(X, y, *variances(world))))
    return found


@case("randomised", check=close(elementwise=True))
def new_targets(student, world):
    """The distribution of a new target after nine examples, after one, and after none; the noise is now the larger variance."""
    found = []
    for n in (9, 1, 0):
        X, y = data(world, n, 3)
        small, large = variances(world)
        found.append(forecast(student.predictive(X, y, large, small, world.normal((3,)))))
    return found


@case("randomised")
def other_members(student, world):
    """Members on seven examples with three weights, on one example with four, and on none."""
    found = []
    for n, d in ((7, 3), (1, 4), (0, 2)):
        X, y = data(world, n, d)
        found.append(student.member(X, y, *variances(world), world.normal((n,)), world.normal((d,), mean=1)))
    return found


@case("randomised")
def spread_with_both(student, world):
    """The covariance with both perturbations: seven examples with three weights, one with two, none with three."""
    return [student.ensemble_covariance(world.normal((n, d)), *variances(world), "both") for n, d in ((7, 3), (1, 2), (0, 3))]


@case("randomised")
def spread_with_one_of_the_two(student, world):
    """The covariance with perturbed targets alone, and with perturbed priors alone: seven examples and three weights; two and four."""
    found = []
    for n, d in ((7, 3), (2, 4)):
        X, settings = world.normal((n, d)), variances(world)
        found.append({what: student.ensemble_covariance(X.copy(), *settings, what) for what in ("targets", "prior")})
    return [*found, np.asarray(student.ensemble_covariance(np.zeros((0, 2)), *variances(world), "prior"))]
