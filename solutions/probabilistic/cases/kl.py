"""The cases of `kl`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import probabilistic_judges as judges
import sympy
from tables_of import chances, covariance, formula_of, number_of, positive_fraction

from autograder.authoring import case
from autograder.checks import equivalent, exact, positive, real, satisfies


def same_formula(names):
    """The formula for any means and positive deviations."""
    first, s1, second, s2 = names
    return equivalent({first: real(), s1: positive(), second: real(), s2: positive()})


def humps(world, n):
    """Weights, means and deviations of n humps far apart; one weight is clearly the largest, and its hump is not the widest."""
    weights, deviations = sorted(chances(world, n)), sorted(world.uniform(0.2, 2, (n,)).tolist(), reverse=True)
    weights = [float(w) * 0.8 for w in weights]
    weights[-1] += 0.2
    places = [1.5 + 40 * i + world.uniform(0, 9) for i in range(n)]
    order = [int(i) for i in world.permutation(n)]
    return [weights[i] for i in order], [places[int(i)] for i in world.permutation(n)], [deviations[i] for i in order]


@case("kl", public=True)
def two_tables(student, world):
    """KL of two tables with four entries; then one of p's entries is 0; then one of q's, where p has some mass (infinite)."""
    p, q, some = chances(world, 4), chances(world, 4), chances(world, 3)
    tables = [(p, q), ([Fraction(0), *some], q), (p, [Fraction(0), *some])]
    return [number_of(student.kl_table(list(a), list(b))) for a, b in tables]


@case("kl", public=True, check=same_formula(("m1", "s1", "m2", "s2")), worlds=1)
def formula_for_two_gaussians(student, world):
    """The KL of two Gaussians with one variable as a formula."""
    return formula_of(student.kl_formula(*sympy.symbols("m1 s1 m2 s2")))


@case("kl", public=True)
def gaussians_in_the_plane(student, world):
    """KL of two Gaussians with two variables, and of a Gaussian to itself plus 1 in one mean and the covariance I: exactly 1/2."""
    mean, identity = world.normal((2,)), np.eye(2)
    found = student.kl_gaussians(world.normal((2,)), covariance(world, 2), world.normal((2,)), covariance(world, 2))
    return [found, student.kl_gaussians(mean, identity.copy(), mean + np.array([1.0, 0.0]), identity)]


@case("kl", public=True, check=exact())
def forward_fit_of_two_humps(student, world):
    """The forward fit of two humps: its mean and its variance, as fractions."""
    return list(student.forward_fit(chances(world, 2), world.fractions((2,), -5, 5, 3), [positive_fraction(world) for _ in range(2)]))


EQUAL = ([0.25, 0.75], [-4.0, 4.0], [0.5, 0.4])


def least_at_home(outputs, world):
    """For the humps of the handout."""
    return judges.least_reverse(outputs, [EQUAL])


@case("kl", public=True, check=satisfies(least_at_home), worlds=1)
def reverse_fit_at_home(student, world):
    """The reverse fit of a hump at −4 with weight 1/4 and one at 4 with weight 3/4: its KL, computed by a sum over 4,001 points, must be the least possible to 10⁻³."""
    return [list(student.reverse_fit(*[list(part) for part in EQUAL]))]


@case("kl")
def tables_with_zeros(student, world):
    """KL of tables with six entries, in both directions, and of tables with zeros in the same place and in different ones."""
    p, q, some, others = chances(world, 6), chances(world, 6), chances(world, 3), chances(world, 3)
    zero = Fraction(0)
    tables = [(p, q), (q, p), ([zero, *some, zero], [zero, *others, zero]), ([zero, *some], chances(world, 4)), ([*some, zero], [zero, *others])]
    return [number_of(student.kl_table(list(a), list(b))) for a, b in tables]


@case("kl", check=same_formula(("a", "u", "b", "v")), worlds=1)
def formula_in_other_letters(student, world):
    """The same formula with the letters a, u, b and v."""
    return formula_of(student.kl_formula(*sympy.symbols("a u b v")))


@case("kl")
def gaussians_of_other_sizes(student, world):
    """KL of Gaussians with one, three, five and three hundred variables, whose covariances are not diagonal."""
    few = [student.kl_gaussians(world.normal((k,)), covariance(world, k), world.normal((k,), mean=1), covariance(world, k)) for k in (1, 3, 5)]
    many = []
    for scale in (1e-2, 1e2):  # determinants far below and above all floats
        means, cov = world.normal((2, 300), scale=scale), scale**2 * (covariance(world, 300) / 300 + np.eye(300))
        many.append(student.kl_gaussians(means[0].copy(), cov, means[1].copy(), cov + scale**2))
    return {"few": few, "many": many}


@case("kl", check=exact())
def forward_fits_of_more_humps(student, world):
    """The forward fit of three humps, of five, and of a single one."""
    found = []
    for n in (3, 5, 1):
        weights = chances(world, n)
        found.append(list(student.forward_fit(weights, world.fractions((n,), -5, 5, 3), [positive_fraction(world) for _ in range(n)])))
    return found


def mixtures(world):
    """Mixtures of two, three and four humps."""
    return [humps(world, n) for n in (2, 3, 4)]


def least(outputs, world):
    """For the humps of the world."""
    return judges.least_reverse(outputs, mixtures(world))


@case("kl", check=satisfies(least))
def reverse_fits_of_other_humps(student, world):
    """The reverse fit of two, three and four humps of different weight and width."""
    return [list(student.reverse_fit(*[list(part) for part in mixture])) for mixture in mixtures(world)]
