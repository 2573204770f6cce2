"""The cases of `tents`: what is called, and how the values that come back are judged."""

import judges

from autograder.authoring import case
from autograder.checks import exact, satisfies


def _tents(ks):
    return satisfies(lambda outputs, world: judges.tents(outputs, ks))


@case("tents", public=True, check=_tents((1, 2, 3)), worlds=1)
def first_three_tents(student, world):
    """k = 1, 2, 3: k hidden layers of at most 2 units, 2, 4, 8 pieces on [0, 1], and the values of the k-fold tent."""
    return [student.tent_network(k) for k in (1, 2, 3)]


@case("tents", public=True, check=exact())
def pieces_of_a_sum_and_a_composition(student, world):
    """The most pieces of f + g and of f ∘ g."""
    return [student.piece_caps(world.integers(1, high=10), world.integers(10, high=99)) for _ in range(3)]


@case("tents", check=exact())
def caps_in_general(student, world):
    """The caps for larger numbers of pieces, in both orders and with p = 1."""
    p, q = world.integers(2, high=90), world.integers(90, high=999)
    return [student.piece_caps(p, q), student.piece_caps(q, p), student.piece_caps(1, q)]


@case("tents", check=_tents((4, 5, 7, 10)), worlds=1)
def deeper_tents(student, world):
    """k = 4, 5, 7, 10."""
    return [student.tent_network(k) for k in (4, 5, 7, 10)]


@case("tents", check=_tents((12,)), worlds=1)
def four_thousand_pieces(student, world):
    """k = 12: 24 units, 4,096 pieces."""
    return [student.tent_network(12)]
