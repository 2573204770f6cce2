"""The cases of `masked`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import diffusion_judges as judges
from numbers_of import chance

from autograder.authoring import case
from autograder.checks import exact, satisfies


def uneven(world, words):
    """Words with random chances that sum to 1."""
    parts = [Fraction(int(world.integers(1, high=7))) for _ in words]
    return {word: part / sum(parts) for word, part in zip(words, parts, strict=False)}


@case("masked", public=True, check=exact())
def two_words_in_two_rounds(student, world):
    """The language {AA, BB} with random chances, in two rounds."""
    return student.word_chances(uneven(world, ["AA", "BB"]), 2)


@case("masked", public=True, check=exact())
def rounds_for_a_share(student, world):
    """How many rounds make the nonsense of {AA, BB} rare enough."""
    return student.rounds_needed(chance(world) / 30)


@case("masked", public=True, check=satisfies(judges.is_innocent), worlds=1)
def innocent_pairs_at_home(student, world):
    """Your language: every two positions are independent and uniform, and half of what one round makes is nonsense."""
    return list(student.innocent_pairs())


@case("masked", check=exact())
def two_words_in_several_rounds(student, world):
    """The language {AA, BB} with equal and with random chances, in 1, 2, 3 and 7 rounds."""
    even = {"AA": Fraction(1, 2), "BB": Fraction(1, 2)}
    return [student.word_chances(dict(language), rounds) for language in (even, uneven(world, ["AA", "BB"])) for rounds in (1, 2, 3, 7)]


@case("masked", check=exact())
def three_positions(student, world):
    """Three positions: {AAA, BBB} in 1, 2 and 4 rounds, and four words with random chances in 3 rounds."""
    even = {"AAA": Fraction(1, 2), "BBB": Fraction(1, 2)}
    words = ["ABC", "ABB", "CBA", "BCA"]
    return [*(student.word_chances(dict(even), rounds) for rounds in (1, 2, 4)), student.word_chances(uneven(world, words), 3)]


@case("masked", check=exact())
def one_position_and_four(student, world):
    """One position, where nothing can go wrong; four positions in two rounds; and positions that have nothing to do with each other."""
    free = {a + b: p * q for a, p in uneven(world, "AB").items() for b, q in uneven(world, "CD").items()}
    return [
        student.word_chances(uneven(world, ["A", "B", "C"]), 3),
        student.word_chances(uneven(world, ["ABAB", "BBAA", "AAAA"]), 2),
        student.word_chances(free, 2),
    ]


@case("masked", check=exact())
def rounds_for_several_shares(student, world):
    """How many rounds are needed for shares above ½, for 1/(2n) itself, and for tiny ones."""
    n = int(world.integers(3, high=40))
    return [student.rounds_needed(share) for share in (Fraction(3, 4), Fraction(1, 2), Fraction(1, 2 * n), Fraction(2, 4 * n + 1), chance(world) / 1000)]


@case("masked", check=satisfies(judges.is_innocent), worlds=1)
def innocent_pairs_go_wrong(student, world):
    """Your language: every two positions are independent, and half of what one round makes is nonsense."""
    return list(student.innocent_pairs())
