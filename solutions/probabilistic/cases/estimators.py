"""The cases of `estimators`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy
from tables_of import formula_of, lines_of

from autograder.authoring import case
from autograder.checks import derivation, equivalent, positive, real


def formulas(mean, deviation, baseline):
    """Formulas in these letters."""
    return equivalent({mean: real(), deviation: positive(), baseline: real()})


def by_deviation(letters):
    """A derivation of dJ/ds: two rules are used, the outer square and the inner one."""
    return derivation(2, dict.fromkeys(letters, real(-2, 2)))


def pair(found):
    """The two path estimates by name."""
    by_mu, by_sigma = found
    return {"mu": by_mu, "sigma": by_sigma}


@case("estimators", public=True)
def estimates_from_four_samples(student, world):
    """Score and path estimates for f(z) = sin(2z) from four samples, with a baseline."""
    eps, mu, sigma = world.away_from_zero((4,), 0.2), world.normal(), world.uniform(0.3, 0.8)
    z = mu + sigma * eps
    return {
        "score": student.score_estimates(np.sin(2 * z), z, mu, sigma, world.uniform(0.5, 2)),
        "path": pair(student.path_estimates(lambda a: 2 * np.cos(2 * a), eps, mu, sigma)),
    }


@case("estimators", public=True, check=formulas("mu", "sigma", "c"), worlds=1)
def variances_of_both(student, world):
    """The variances of both estimates for f(z) = z², with and without a baseline, and the best baseline, as formulas."""
    mu, sigma, c = sympy.symbols("mu sigma c")
    found = {"score": student.score_variance(mu, sigma), "path": student.path_variance(mu, sigma), "best": student.best_baseline(mu, sigma)}
    return {name: formula_of(f) for name, f in (found | {"baseline": student.variance_with_baseline(mu, sigma, c)}).items()}


@case("estimators", public=True, check=by_deviation(("mu", "s", "y")), worlds=1)
def derivation_along_the_path(student, world):
    """The derivation of dJ/ds line by line, from Derivative(J, s) to the answer."""
    return lines_of(student.derive_path(*sympy.symbols("mu s y")))


@case("estimators")
def score_from_many_samples(student, world):
    """Score estimates from nine samples, without a baseline and with a large one, for deviations 3 and 0.1."""
    found = []
    for sigma, baseline in ((3.0, 0.0), (0.1, 7.0), (world.uniform(0.4, 0.7), -world.uniform(1, 2))):
        mu, eps = world.normal(), world.away_from_zero((9,), 0.1)
        found.append(student.score_estimates(world.normal((9,)), mu + sigma * eps, mu, sigma, baseline))
    return found


@case("estimators")
def paths_from_many_samples(student, world):
    """Path estimates from nine samples, for three functions and deviations 3, 0.1 and one between."""
    slopes = (lambda a: 3 * a**2, lambda a: np.exp(-a), lambda a: np.cos(a) + 2)
    sigmas = (3.0, 0.1, world.uniform(0.4, 0.7))
    return [pair(student.path_estimates(f, world.away_from_zero((9,), 0.1), world.normal(), s)) for f, s in zip(slopes, sigmas)]


@case("estimators", check=formulas("a", "u", "k"), worlds=1)
def variance_of_the_score(student, world):
    """The variance of the score estimate, in the letters a and u."""
    return formula_of(student.score_variance(*sympy.symbols("a u")))


@case("estimators", check=formulas("a", "u", "k"), worlds=1)
def variance_of_the_path(student, world):
    """The variance of the path estimate, in the letters a and u."""
    return formula_of(student.path_variance(*sympy.symbols("a u")))


@case("estimators", check=formulas("a", "u", "k"), worlds=1)
def variance_beside_a_baseline(student, world):
    """The variance of the score estimate with a baseline, in the letters a, u and k."""
    return formula_of(student.variance_with_baseline(*sympy.symbols("a u k")))


@case("estimators", check=formulas("a", "u", "k"), worlds=1)
def baseline_that_is_best(student, world):
    """The best baseline, in the letters a and u."""
    return formula_of(student.best_baseline(*sympy.symbols("a u")))


@case("estimators", check=by_deviation(("a", "b", "k")), worlds=1)
def derivation_along_another_path(student, world):
    """The same derivation with the letters a, b and k."""
    return lines_of(student.derive_path(*sympy.symbols("a b k")))
