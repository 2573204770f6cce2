"""The cases of `balance`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from best_values import cheated
from mixtures_judges import below, collapsed
from shares import shares

from autograder.authoring import case
from autograder.checks import exact, satisfies


def table_of(world, T, E):
    """T rows of E different probabilities."""
    return [shares(world, E) for _ in range(T)]


def tied(world, T, E):
    """Rows in which several probabilities are equal."""
    rows = []
    for _ in range(T):
        parts = [world.integers(1, high=4) for _ in range(E)]
        rows.append([Fraction(part, sum(parts)) for part in parts])
    return rows


@case("balance", public=True, check=exact())
def loss_of_four_tokens(student, world):
    """The balance loss of four tokens and three experts, each token with its most probable expert."""
    return student.balance_loss(table_of(world, 4, 3))


@case("balance", public=True, check=satisfies(lambda outputs, world: collapsed(outputs, [3])), worlds=1)
def collapsed_and_unseen(student, world):
    """A table for three experts in which every token chooses expert 0, with a loss of at most 1.01."""
    return [student.hidden_collapse(3)]


@case("balance", public=True, check=exact())
def value_of_a_cheat(student, world):
    """The loss near which a table with m chosen experts of E comes, for two pairs of E and m."""
    sizes = [world.integers(7, high=60) for _ in range(2)]
    return [student.cheat_value(E, world.integers(2, high=E - 2)) for E in sizes]


@case("balance", public=True, check=satisfies(lambda outputs, world: below(outputs, 3, Fraction(4, 5))), worlds=1)
def cheat_with_three(student, world):
    """A table for three experts with a loss of at most 0.8; hidden cases ask for the least."""
    return [student.cheat(3)]


@case("balance", check=exact())
def losses_of_many_tokens(student, world):
    """The balance loss of tables of 7 × 4, 5 × 2 and 1 × 6."""
    return [student.balance_loss(table_of(world, T, E)) for T, E in ((7, 4), (5, 2), (1, 6))]


@case("balance", check=exact())
def losses_with_several_choices(student, world):
    """The balance loss for k = 2 of three experts, k = 3 of five, and k = E."""
    return [student.balance_loss(table_of(world, T, E), k) for T, E, k in ((4, 3, 2), (6, 5, 3), (3, 4, 4))]


@case("balance", check=exact())
def losses_with_ties(student, world):
    """The balance loss of tables with equal probabilities: the lower index is chosen."""
    return [student.balance_loss(tied(world, 8, 4)), student.balance_loss(tied(world, 8, 5), 2), student.balance_loss([[Fraction(1, 3)] * 3] * 2)]


@case("balance", check=satisfies(lambda outputs, world: collapsed(outputs, [2, 5, 16, 64])), worlds=1)
def collapses_of_all_sizes(student, world):
    """Tables for 2, 5, 16 and 64 experts in which every token chooses expert 0."""
    return [student.hidden_collapse(E) for E in (2, 5, 16, 64)]


@case("balance", check=exact(), worlds=1)
def values_of_cheats(student, world):
    """The value of a cheat for all m of E = 2 to 6, and for 32 of 64."""
    return [[student.cheat_value(E, m) for m in range(1, E + 1)] for E in range(2, 7)] + [[student.cheat_value(64, 32)]]


@case("balance", check=satisfies(lambda outputs, world: cheated(outputs, [3, 4, 8, 64])), worlds=1)
def cheats_of_all_sizes(student, world):
    """Tables for 3, 4, 8 and 64 experts; points by value, full ones within a thousandth of the least loss."""
    return [student.cheat(E) for E in (3, 4, 8, 64)]


@case("balance", check=satisfies(lambda outputs, world: cheated(outputs, [2])), worlds=1)
def cheat_with_two(student, world):
    """A table for two experts; full points within a thousandth of the least loss."""
    return [student.cheat(2)]
