"""The cases of `iwae`: what is called, and how the values that come back are judged."""

import numpy as np
from tables_of import chances, latent, number_of

from autograder.authoring import case
from autograder.checks import close, exact


def posterior_of(prior, likelihood):
    """The posterior, by Bayes."""
    joint = [a * b for a, b in zip(prior, likelihood)]
    return [c / sum(joint) for c in joint]


@case("iwae", public=True)
def four_weights(student, world):
    """log of the mean of four weights, from their logarithms: moderate ones, and near −1000."""
    return [number_of(student.log_mean_weight(logs)) for logs in (world.normal((4,)), world.normal((4,)) - 1000)]


@case("iwae", public=True, check=close(elementwise=True))
def one_two_and_three_samples(student, world):
    """L₁, L₂ and L₃ for one table."""
    q, (prior, likelihood) = chances(world, 3), latent(world)
    return [number_of(student.iwae(list(q), list(prior), list(likelihood), K)) for K in (1, 2, 3)]


@case("iwae", public=True, check=exact())
def limit_of_one_table(student, world):
    """The limit of K times the gap, as a fraction."""
    return student.gap_limit(chances(world, 3), *latent(world))


@case("iwae")
def many_weights(student, world):
    """log of the mean of 50 weights, of a single one, and of weights whose logarithms lie near 1000, and between −800 and 800."""
    arrays = (world.normal((50,), scale=3), world.normal((1,)), world.uniform(900, 1100, (7,)), np.array([-800.0, 800.0, *world.uniform(799, 801, (3,))]))
    return [number_of(student.log_mean_weight(logs)) for logs in arrays]


@case("iwae", check=close(elementwise=True))
def up_to_seven_samples(student, world):
    """L₁, L₄ and L₇ for another table."""
    q, (prior, likelihood) = chances(world, 3), latent(world)
    return [number_of(student.iwae(list(q), list(prior), list(likelihood), K)) for K in (1, 4, 7)]


@case("iwae", check=close(elementwise=True))
def samples_of_the_posterior(student, world):
    """L₁, L₂ and L₅ where q is the posterior, and where it is the prior."""
    prior, likelihood = latent(world)
    qs = posterior_of(prior, likelihood), prior
    return [[number_of(student.iwae(list(q), list(prior), list(likelihood), K)) for K in (1, 2, 5)] for q in qs]


@case("iwae", check=exact())
def limits_of_other_tables(student, world):
    """The limit of K times the gap for three tables; for the posterior it is 0."""
    found = [student.gap_limit(chances(world, 3), *latent(world)) for _ in range(2)]
    prior, likelihood = latent(world)
    qs = prior, posterior_of(prior, likelihood)
    return [*found, *(student.gap_limit(list(q), list(prior), list(likelihood)) for q in qs)]
