"""The cases of `pathologies`: what is called, and how the values that come back are judged."""

import numpy as np
import probabilistic_judges as judges
from tables_of import number_of

from autograder.authoring import case
from autograder.checks import close, satisfies


def mixture(world, n):
    """Weights, means and deviations of n humps."""
    weights = world.uniform(0.2, 1, (n,))
    return weights / weights.sum(), world.normal((n,), scale=3), world.uniform(0.3, 2, (n,))


def spiked(found):
    """Weights, means and deviations as lists of numbers."""
    weights, means, deviations = found
    return {name: [number_of(v) for v in part] for name, part in (("weights", weights), ("means", means), ("deviations", deviations))}


@case("pathologies", public=True)
def likelihood_of_two_humps(student, world):
    """The log likelihood of three numbers under two humps."""
    return number_of(student.mixture_log_likelihood(world.normal((3,), scale=3), *mixture(world, 2)))


HOME = [[0.0, 1.0, 2.5, 4.0]]


def above_at_home(outputs, world):
    """For four numbers."""
    return judges.above(outputs, HOME, 600.0)


@case("pathologies", public=True, check=satisfies(above_at_home, dtype="float64"), worlds=1)
def six_hundred_nats_at_home(student, world):
    """A mixture with a log likelihood above 600 for the data 0, 1, 2.5 and 4."""
    return [spiked(student.infinite_likelihood(list(data), 600.0)) for data in HOME]


@case("pathologies", public=True)
def mostly_garbage(student, world):
    """Log densities of a model that draws noise in 99 of 100 cases, at three examples; and what the noise costs at most."""
    found = student.garbage(world.normal((3,)), world.normal((3,), mean=-3), 0.99)
    return {"densities": found, "cost": number_of(student.most_it_costs(world.uniform(0.9, 0.99)))}


@case("pathologies", public=True)
def one_pixel(student, world):
    """log P(x) and the bound of uniform dequantisation for one x."""
    x, mean, deviation = world.uniform(1, 2), world.uniform(0, 1), world.uniform(0.7, 1.5)
    return {"log P": number_of(student.discrete_log_prob(x, mean, deviation)), "bound": number_of(student.dequantised_bound(x, mean, deviation))}


@case("pathologies")
def likelihoods_of_other_mixtures(student, world):
    """The log likelihood under three humps, under one, far away from every hump, and on a spike of width 1e-300."""
    found = [student.mixture_log_likelihood(world.normal((n,), scale=3), *mixture(world, k)) for n, k in ((6, 3), (4, 1))]
    far = student.mixture_log_likelihood(world.uniform(200, 300, (3,)), *mixture(world, 2))
    weights, means, deviations = mixture(world, 2)
    data, widths = np.array([means[0], *world.normal((2,))]), np.array([1e-300, deviations[1]])
    return [number_of(v) for v in [*found, far, student.mixture_log_likelihood(data, weights, means, widths)]]


def samples(world):
    """Ten numbers, and four of which three are equal, and five on both sides of 0."""
    return [world.uniform(-10, 10, (10,)).tolist(), [*[world.uniform(-9, 9)] * 3, world.uniform(-9, 9)], [*world.uniform(-9, -5, (2,)).tolist(), *world.uniform(5, 9, (3,)).tolist()]]


def above(outputs, world):
    """For the data of the world."""
    return judges.above(outputs, samples(world), 600.0)


@case("pathologies", check=satisfies(above, dtype="float64"))
def six_hundred_nats(student, world):
    """Mixtures with a log likelihood above 600 for three other samples, one of them with repeated numbers."""
    return [spiked(student.infinite_likelihood(list(data), 600.0)) for data in samples(world)]


@case("pathologies")
def other_garbage(student, world):
    """The same for shares between 0.3 and 1 − 10⁻⁶, with log densities of ±1000, and noise that is likelier than the data."""
    sizes = ((world.normal((4,)), world.normal((4,)), world.uniform(0.3, 0.4)), (world.normal((3,), mean=-1000), world.normal((3,), mean=-990), 0.9))
    last = student.garbage(world.normal((2,), mean=1000), world.normal((2,)), 1 - 1e-6)
    return [*(student.garbage(*values) for values in sizes), last]


@case("pathologies", check=close(elementwise=True))
def costs_of_garbage(student, world):
    """What noise costs at most, for shares of 1/2, 0.99 and a small one."""
    return [number_of(student.most_it_costs(share)) for share in (0.5, 0.99, world.uniform(0.05, 0.2))]


@case("pathologies", check=close(elementwise=True))
def masses_of_pixels(student, world):
    """log P(x) for three x, one below the mean, one in a wide Gaussian and one in a narrow one."""
    inputs = [(world.uniform(-3, -2), 0.5, 1.5), (world.uniform(1, 9), 5.0, 40.0), (world.uniform(0.1, 0.4), 1.0, 0.3)]
    return [number_of(student.discrete_log_prob(*values)) for values in inputs]


@case("pathologies", check=close(elementwise=True))
def bounds_of_pixels(student, world):
    """The bound of uniform dequantisation for three x, one below the mean, one in a wide Gaussian and one in a very narrow one."""
    inputs = [(world.uniform(-3, -2), 0.5, 1.5), (world.uniform(1, 9), 5.0, 40.0), (world.uniform(0.1, 0.4), 1.0, 0.05)]
    return [number_of(student.dequantised_bound(*values)) for values in inputs]
