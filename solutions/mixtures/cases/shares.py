"""Inputs that the cases of several questions use."""

from fractions import Fraction

import sympy


def shares(world, count):
    """Positive Fractions that add up to 1, all different."""
    parts = world.sample(range(1, 4 * count), count)
    return [Fraction(part, sum(parts)) for part in parts]


def accuracy(world, low, high, parts=30):
    """A Fraction strictly between low/parts and high/parts."""
    return Fraction(50 * world.integers(low, high=high) + world.integers(1, high=50), 50 * parts)


def lines_of(lines):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in lines]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"
