"""Numbers as they come from students, made exact."""

from fractions import Fraction


def plain(number):
    """The number in an array without a dimension; anything else as it is."""
    return number.item() if hasattr(number, "item") else number


def fraction(number):
    """A number of any library as a Fraction of Python's own integers; a float stands for just what it holds."""
    made = Fraction(plain(number))
    return Fraction(int(made.numerator), int(made.denominator))


def thirds(world, size=12):
    """A number k + 1/3 with k from −size to size − 1: no float is equal to it, nor to products of such numbers, nor to the sum of two."""
    return Fraction(3 * world.integers(-size, high=size) + 1, 3)
