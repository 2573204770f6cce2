"""Inputs and outputs that the cases of several questions use."""

from fractions import Fraction


def positive_fraction(world, most=9, denominator=5):
    """A Fraction above 1: powers of 1 could not be told from each other."""
    while True:
        found = world.fraction(1, most, denominator)
        if found != 1:
            return found


def several_positive(world, n, most=9, denominator=5):
    """n different positive Fractions in random order."""
    found = []
    while len(found) < n:
        number = positive_fraction(world, most, denominator)
        if number not in found:
            found.append(number)
    return found


def chance(world, parts=7):
    """A Fraction strictly between 0 and 1, not 1/2."""
    while True:
        found = Fraction(world.integers(1, high=parts), parts)
        if found != Fraction(1, 2):
            return found


def number_of(value):
    """A number of any kind (a Fraction of a student's, an array without a dimension) as a float."""
    return float(value.item() if hasattr(value, "item") else value)


def fraction_of(value):
    """A number of any library as a Fraction of Python's own integers; a float stands for just what it holds."""
    made = Fraction(value.item() if hasattr(value, "item") else value)
    return Fraction(int(made.numerator), int(made.denominator))
