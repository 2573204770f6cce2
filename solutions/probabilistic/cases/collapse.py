"""The cases of `collapse`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import sympy
from tables_of import lines_of, number_of, positive_fraction

from autograder.authoring import case
from autograder.checks import derivation, exact, positive, real


def by_weight(w, s, lam):
    """A derivation of dJ/dw: two rules are used, the logarithm (or the reciprocal) and the square."""
    return derivation(2, {w: real(-2, 2), s: positive(), lam: positive()})


def spectrum_around(world, threshold, n):
    """n + 1 different variances, some below the threshold, some above it, one exactly at it."""
    asleep = world.integers(1, high=n)
    below = [threshold * Fraction(k, 12) for k in world.sample(range(2, 12), asleep)]
    above = [threshold * Fraction(k, 12) for k in world.sample(range(13, 60), n - asleep)]
    mixed = [*below, *above, threshold]
    return [mixed[int(i)] for i in world.permutation(len(mixed))]


def settings(world):
    """σ² and β, neither of them 1, nor their product; β not 1/β nor close to it."""
    return positive_fraction(world, 5), positive_fraction(world, 4, 3)


@case("collapse", public=True, check=exact())
def encoder_of_one_latent(student, world):
    """The best encoder of one decoder, with a KL that counts β times."""
    return list(student.best_encoder(positive_fraction(world), *settings(world)))


@case("collapse", public=True, check=by_weight("w", "s", "lam"), worlds=1)
def derivation_of_the_slope(student, world):
    """The derivation of dJ/dw line by line, from Derivative(J, w) to the answer."""
    return lines_of(student.derive_weight(*sympy.symbols("w s lam")))


@case("collapse", public=True, check=exact())
def latents_of_five_directions(student, world):
    """Best squared weights and number of active latents for five directions, one of which lies exactly at the border."""
    sigma2, beta = settings(world)
    spectrum = spectrum_around(world, sigma2 * beta, 4)
    return {"weights": student.best_weights(list(spectrum), sigma2, beta), "active": student.active_latents(spectrum, sigma2, beta)}


@case("collapse", public=True)
def bound_of_three_directions(student, world):
    """The largest mean ELBO for three directions, two of which are above σ²."""
    sigma2 = world.uniform(0.5, 1.5)
    return number_of(student.best_bound([4 * sigma2, sigma2 * world.uniform(0.2, 0.8), 2 * sigma2], sigma2))


@case("collapse", check=exact())
def encoders_of_other_latents(student, world):
    """The best encoder of three decoders: one with a negative weight, one with weight 0, one with β = 1."""
    sigma2, beta = settings(world)
    inputs = [(-positive_fraction(world), sigma2, beta), (Fraction(0), sigma2, beta), (positive_fraction(world), sigma2, Fraction(1)), (Fraction(2, 3), sigma2, 1 / beta)]
    return [list(student.best_encoder(*values)) for values in inputs]


@case("collapse", check=by_weight("u", "b", "k"), worlds=1)
def derivation_of_the_slope_again(student, world):
    """The same derivation with the letters u, b and k."""
    return lines_of(student.derive_weight(*sympy.symbols("u b k")))


@case("collapse", check=exact())
def weights_of_many_directions(student, world):
    """Best squared weights of ten directions for β above 1 and below 1."""
    sigma2, beta = settings(world)
    return [student.best_weights(spectrum_around(world, sigma2 * b, 9), sigma2, b) for b in (beta, 1 / beta)]


@case("collapse", check=exact())
def counts_of_active_latents(student, world):
    """The number of active latents for β = 1, above 1 and below 1; once none is left, once all are, once all lie at the border."""
    sigma2, beta = settings(world)
    found = [student.active_latents(spectrum_around(world, sigma2 * b, n), sigma2, b) for b, n in ((Fraction(1), 7), (beta, 9), (1 / beta, 5))]
    edge = sigma2 * beta
    return [*found, student.active_latents([edge / 2] * 3, sigma2, beta), student.active_latents([edge * 2] * 4, sigma2, beta), student.active_latents([edge] * 2, sigma2, beta)]


@case("collapse")
def bounds_of_other_spectra(student, world):
    """The largest mean ELBO of seven directions, of one that is asleep, of one that is not, and of one at the border."""
    sigma2 = world.uniform(0.3, 3)
    spectra = [(sigma2 * world.uniform(0.1, 4, (7,))).tolist(), [sigma2 * 0.3], [sigma2 * 5], [sigma2]]
    return [number_of(student.best_bound(spectrum, sigma2)) for spectrum in spectra]
