"""The cases of `elbo`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import sympy
from tables_of import chances, covariance, latent, lines_of, number_of

from autograder.authoring import case
from autograder.checks import derivation, exact, real


def by_hump(letters, chance):
    """A derivation of dJ/dw: three rules are used, the logarithm, the exponential and the square."""
    return derivation(3, {**dict.fromkeys(letters, real(-2, 2)), chance: real(0.2, 0.8)})


def some_q(world):
    """A q with three values, and one with a zero in a random place."""
    zero = world.integers(3)
    a, b = chances(world, 2)
    return chances(world, 3), [Fraction(0) if k == zero else (a if k == (zero + 1) % 3 else b) for k in range(3)]


def parts(student, W, noise, x):
    """Mean and precision by name."""
    mean, precision = student.gaussian_posterior(W, noise, x)
    return {"mean": mean, "precision": precision}


def shadow(student, precision):
    """Variances and gap by name."""
    variances, left = student.best_diagonal(precision)
    return {"variances": variances, "gap": number_of(left)}


@case("elbo", public=True, check=exact())
def table_of_three(student, world):
    """Evidence and posterior of a latent variable with three values."""
    prior, likelihood = latent(world)
    return {"evidence": student.evidence(list(prior), list(likelihood)), "posterior": student.posterior_table(prior, likelihood)}


@case("elbo", public=True)
def bound_and_gap(student, world):
    """ELBO and gap of a q that is not the posterior, and of a q with a zero."""
    prior, likelihood = latent(world)
    return [
        {name: number_of(f(list(q), list(prior), list(likelihood))) for name, f in (("elbo", student.elbo), ("gap", student.gap))}
        for q in some_q(world)
    ]


@case("elbo", public=True, check=by_hump(("w", "v", "x"), "p"), worlds=1)
def derivation_of_the_posterior(student, world):
    """The derivation of dJ/dw line by line, from Derivative(J, w) to the answer."""
    return lines_of(student.derive_evidence(*sympy.symbols("w v x p")))


@case("elbo", public=True)
def two_latents(student, world):
    """The posterior of two latents behind three numbers, and the best diagonal q for a given precision."""
    posterior = parts(student, world.normal((3, 2)), world.uniform(0.2, 0.8), world.normal((3,)))
    return {"posterior": posterior, "diagonal": shadow(student, covariance(world, 2))}


@case("elbo", check=exact())
def evidence_of_other_tables(student, world):
    """The evidence for three, for five and for a single value of z."""
    return [student.evidence(*latent(world, n)) for n in (3, 5, 1)]


@case("elbo", check=exact())
def posteriors_of_other_tables(student, world):
    """The posterior for three, for five and for a single value of z."""
    return [student.posterior_table(*latent(world, n)) for n in (3, 5, 1)]


def posterior_of(prior, likelihood):
    """The posterior, by Bayes."""
    joint = [a * b for a, b in zip(prior, likelihood)]
    return [c / sum(joint) for c in joint]


@case("elbo")
def bounds(student, world):
    """The ELBO of several q: any, with one zero, all on one value, and the posterior itself, where the bound is log p(x)."""
    prior, likelihood = latent(world)
    qs = [*some_q(world), [Fraction(0), Fraction(1), Fraction(0)], posterior_of(prior, likelihood)]
    return [number_of(student.elbo(list(q), list(prior), list(likelihood))) for q in qs]


@case("elbo")
def gaps(student, world):
    """The gap of the same kinds of q; for the posterior it is 0."""
    prior, likelihood = latent(world)
    qs = [*some_q(world), [Fraction(1), Fraction(0), Fraction(0)], posterior_of(prior, likelihood)]
    return [number_of(student.gap(list(q), list(prior), list(likelihood))) for q in qs]


@case("elbo", check=by_hump(("a", "b", "u"), "r"), worlds=1)
def derivation_with_other_letters(student, world):
    """The same derivation with the letters a, b, u and r."""
    return lines_of(student.derive_evidence(*sympy.symbols("a b u r")))


@case("elbo")
def posteriors_of_linear_models(student, world):
    """The posterior of three latents behind five numbers, of two behind one, and with noise of variance 4."""
    return [parts(student, world.normal((d, k)), noise, world.normal((d,))) for d, k, noise in ((5, 3, 0.3), (1, 2, 0.5), (4, 2, 4.0))]


@case("elbo")
def diagonals(student, world):
    """The best diagonal q for precisions of two, three, five and three hundred latents, and for one that is diagonal, where the gap is 0."""
    found = [shadow(student, covariance(world, k)) for k in (2, 3, 5)]
    found.append(shadow(student, 1e3 * (covariance(world, 300) / 300 + np.eye(300))))
    return [*found, shadow(student, np.diag(world.uniform(0.5, 4, (3,))))]
