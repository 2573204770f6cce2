"""The cases of `votes`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import sympy
from best_values import votes_at_the_end
from mixtures_judges import better_and_worse_than_one
from shares import accuracy

from autograder.authoring import case
from autograder.checks import equivalent, exact, positive, real, satisfies

DOMAINS = {"v": positive(), "rho": real(-1, 1), "M": positive(9)}
MIDDLE = (10, 20)  # accuracies between 1/3 and 2/3, in 30ths


def ends(world):
    """p below 1/3, in the middle and above 2/3."""
    return [accuracy(world, low, high) for low, high in ((1, 10), MIDDLE, (20, 29))]


def tasks(ps):
    """Both ends for each p."""
    return [(p, best) for p in ps for best in (True, False)]


@case("votes", public=True, check=exact())
def range_of_three_voters(student, world):
    """The smallest and the largest probability of a right majority, for p between 1/3 and 2/3."""
    found = student.majority_range(accuracy(world, *MIDDLE))
    return [found["least"], found["most"]]


@case("votes", public=True, check=satisfies(lambda outputs, world: better_and_worse_than_one(outputs, tasks([accuracy(world, *MIDDLE)]))))
def voters_at_both_ends(student, world):
    """Tables of three voters for one p between 1/3 and 2/3: a majority that is better than one voter, and one that is worse."""
    return [student.voters(p, best) for p, best in tasks([accuracy(world, *MIDDLE)])]


@case("votes", public=True, check=exact())
def three_independent_voters(student, world):
    """The majority of three independent voters; the variance of the mean of two members; the least correlation of three; the share for n = 2."""
    return {
        "majority": student.independent_majority(accuracy(world, 2, 28), 3),
        "variance": student.variance_of_mean(world.fraction(1, 5), Fraction(1, world.integers(2, high=7)), 2),
        "correlation": student.least_correlation(3),
        "share": student.distinct_share(2),
    }


@case("votes", check=exact())
def ranges_for_all_p(student, world):
    """The range for p = 0, 1/3, 1/2, 2/3 and 1, and for three others."""
    found = [student.majority_range(p) for p in (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1), *ends(world))]
    return {"least": [one["least"] for one in found], "most": [one["most"] for one in found]}


@case("votes", check=satisfies(lambda outputs, world: votes_at_the_end(outputs, tasks(ends(world)))))
def tables_for_all_p(student, world):
    """Voters at both ends, for p below 1/3, in the middle and above 2/3."""
    return [student.voters(p, best) for p, best in tasks(ends(world))]


@case("votes", check=exact())
def many_independent_voters(student, world):
    """One voter, five and nine, for a p below and a p above one half."""
    return [student.independent_majority(p, M) for p in (accuracy(world, 3, 14), accuracy(world, 16, 28)) for M in (1, 5, 9)]


@case("votes", check=equivalent(DOMAINS, exact=True), worlds=1)
def variance_as_a_formula(student, world):
    """The variance of the mean as a formula of the variance, the correlation and the number of members."""
    return student.variance_of_mean(*sympy.symbols("v rho M"))


@case("votes", check=exact())
def variances_and_correlations(student, world):
    """The variance of the mean for correlations 0, 1 and two others; the least correlation of 2, 4, 7 and 50 members."""
    v = world.fraction(1, 5)
    rhos = (Fraction(0), Fraction(1), Fraction(1, 4), Fraction(-1, 5))
    return {
        "variances": [student.variance_of_mean(v, rho, M) for rho in rhos for M in (1, 3, world.integers(4, high=6))],
        "correlations": [student.least_correlation(M) for M in (2, 4, 7, 50)],
    }


@case("votes", check=exact(), worlds=1)
def shares_of_small_samples(student, world):
    """The expected share of different examples in a bootstrap sample, for n = 1 and 3 to 6."""
    return [student.distinct_share(n) for n in (1, 3, 4, 5, 6)]
