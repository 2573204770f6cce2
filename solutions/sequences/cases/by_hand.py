"""The cases of `by_hand`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from sequences_judges import every_string, reads_right

from autograder.authoring import case
from autograder.checks import exact, satisfies


def codes_of(world):
    """Two numbers for two letters, whose difference is no whole number."""
    first = world.fraction()
    return first, first + Fraction(world.choice((-7, -5, -3, -2, 2, 3, 5, 7)), world.choice((9, 11, 13)))


def parity(outputs, world, length, more=()):
    """Right for all strings of 0s and 1s up to this length, and for some longer ones."""
    codes = dict(zip("01", codes_of(world), strict=True))

    def asked(string, read):
        wanted = string.count("1") % 2
        return "" if read == wanted else f"asked for is {wanted}, exactly"

    return reads_right(outputs, 2, codes, [*every_string("01", length), *more], asked)


def said(is_zero, read):
    """What is wrong with a reading that is to be 0 or not to be 0."""
    return "" if (read == 0) == is_zero else f"asked for is {'0, exactly' if is_zero else 'a number that is not 0'}"


def balance(outputs, world, most):
    """Right for all a^i b^j with i, j ≤ most."""
    codes = dict(zip("ab", codes_of(world), strict=True))
    strings = ["a" * i + "b" * j for i in range(most + 1) for j in range(most + 1)]
    return reads_right(outputs, 2, codes, strings, lambda s, read: said(s.count("a") == s.count("b"), read))


def order(outputs, world, length, more=()):
    """Right for all strings up to this length, and for some longer ones."""
    codes = dict(zip("ab", codes_of(world), strict=True))

    def asked(string, read):
        half = len(string) // 2
        return said(string == "a" * half + "b" * half, read)

    return reads_right(outputs, 5, codes, [*every_string("ab", length), *more], asked)


LONG = ["a" * 500 + "b" * 500, "a" * 500 + "b" * 499, "a" * 400 + "b" * 500, "a" * 300 + "b" * 300 + "a", "ab" * 400]
LONG_BITS = ["01" * 400, "1" * 999, "0110" * 200 + "1"]


@case("by_hand", public=True, check=satisfies(lambda outputs, world: parity(outputs, world, 3)))
def parity_of_short_strings(student, world):
    """All strings of at most 3 letters."""
    return student.parity_cell(*codes_of(world))


@case("by_hand", public=True, check=satisfies(lambda outputs, world: balance(outputs, world, 3)))
def balance_of_short_strings(student, world):
    """All strings of at most 3 letters a and then at most 3 letters b."""
    return student.counter_cell(*codes_of(world))


@case("by_hand", public=True, check=satisfies(lambda outputs, world: order(outputs, world, 3)))
def order_of_short_strings(student, world):
    """All strings of at most 3 letters, in any order: "ab" and the empty one are read as 0, and no other."""
    return student.order_cell(*codes_of(world))


@case("by_hand", public=True, check=exact())
def three_counters(student, world):
    """Where counters stop whose numbers have so many binary digits, for three numbers of digits."""
    return [student.counter_stops_at(bits) for bits in world.sample(range(3, 40), 3)]


@case("by_hand", check=satisfies(lambda outputs, world: parity(outputs, world, 8, LONG_BITS)))
def parity_of_any_string(student, world):
    """All strings of at most 8 letters, and some of a thousand."""
    return student.parity_cell(*codes_of(world))


@case("by_hand", check=satisfies(lambda outputs, world: balance(outputs, world, 12)))
def balance_of_any_numbers(student, world):
    """All numbers of letters up to 12."""
    return student.counter_cell(*codes_of(world))


@case("by_hand", check=satisfies(lambda outputs, world: order(outputs, world, 8, LONG)))
def order_of_any_string(student, world):
    """All strings of at most 8 letters, and some of a thousand."""
    return student.order_cell(*codes_of(world))


@case("by_hand", check=exact())
def large_counters(student, world):
    """Significands of 8 to 60 binary digits."""
    return [student.counter_stops_at(bits) for bits in (world.integers(8, high=12), world.integers(20, high=61))]
