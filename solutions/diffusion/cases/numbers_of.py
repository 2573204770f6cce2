"""Inputs that the cases of several questions use."""

from fractions import Fraction

import sympy

PRIMES = (23, 29, 31, 37, 41, 43)


def chance(world):
    """A Fraction strictly between 0 and 1, not 1/2."""
    prime = int(world.choice(PRIMES))
    return Fraction(int(world.integers(1, high=prime)), prime)


def betas_of(world, steps):
    """Variances of the noise of so many steps, different Fractions between 0 and 1."""
    return [Fraction(int(n), 12) for n in world.sample(range(1, 9), steps)]


def shares_of(world, steps):
    """ᾱ_0 = 1 and so many smaller Fractions, falling, none of them 0."""
    return [Fraction(1), *(Fraction(int(n), 20) for n in sorted(world.sample(range(1, 20), steps), reverse=True))]


def spread_of(world):
    """A positive Fraction that is not 1, from about 1/20 to 4."""
    prime = int(world.choice(PRIMES))
    return Fraction(int(world.sample([n for n in range(2, 4 * prime) if n % prime], 1)[0]), prime)


TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))


def circle(world):
    """α and σ, positive Fractions with α² + σ² = 1, α ≠ σ."""
    a, b, c = world.choice(TRIPLES)
    alpha, sigma = Fraction(int(a), int(c)), Fraction(int(b), int(c))
    return (alpha, sigma) if world.integers(2) else (sigma, alpha)


def mixture(world, k):
    """Weights, means and standard deviations of k components, lists of floats."""
    weights = world.uniform(0.5, 2.0, (k,))
    return (weights / weights.sum()).tolist(), world.uniform(-3, 3, (k,)).tolist(), world.uniform(0.2, 0.8, (k,)).tolist()


def lines_of(lines):
    """The lines of a derivation as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in lines]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"
