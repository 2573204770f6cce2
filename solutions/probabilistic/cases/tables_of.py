"""Inputs and outputs that the cases of several questions use."""

from fractions import Fraction

import numpy as np
import sympy


def chances(world, n, most=9):
    """n different positive Fractions that sum to 1."""
    weights = world.sample(range(1, most + n), n)
    return [Fraction(w, sum(weights)) for w in weights]


def latent(world, n=3):
    """A prior, and the likelihood of what was seen, of a latent variable with n values; the posterior is neither of the two."""
    return chances(world, n), [Fraction(w, 12) for w in world.sample(range(1, 12), n)]


def positive_fraction(world, most=9, denominator=5):
    """A Fraction above 1: powers of 1 could not be told from each other."""
    while True:
        found = world.fraction(1, most, denominator)
        if found != 1:
            return found


def covariance(world, k):
    """A symmetric positive definite array (k, k), far from the identity."""
    A = world.normal((k, k))
    return A @ A.T + np.diag(world.uniform(0.3, 1.5, (k,)))


def number_of(value):
    """A number of any kind (a Fraction of a student's, an array without a dimension) as a float."""
    return float(value.item() if hasattr(value, "item") else value)


def lines_of(lines):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in lines]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"
