"""The cases of `requirements`: what is called, and how the values that come back are judged."""

from sequences_judges import fools_bag, fools_windows

from autograder.authoring import case
from autograder.checks import exact, satisfies

WORDS = ["dog", "man", "cat", "boy", "cow", "fly", "fox", "hen"]


def words_for(world, different, repeated):
    """ "bites" and some others in random order, one of them several times."""
    others = world.sample(WORDS, different)
    words = ["bites", *others, *others[:1] * repeated]
    return world.sample(words, len(words))


def three_words(outputs, world):
    """For three words."""
    return fools_bag(outputs, words_for(world, 2, 0))


def many_words(outputs, world):
    """For eight words, with repeats."""
    return fools_bag(outputs, words_for(world, 5, 2))


@case("requirements", public=True, check=satisfies(three_words))
def two_orders_of_three_words(student, world):
    """"bites" and two other words in two orders, so that the two sentences disagree about who bites."""
    return [list(sentence) for sentence in student.fool_bag(words_for(world, 2, 0))]


@case("requirements", public=True, check=satisfies(lambda outputs, world: fools_windows(outputs, (2,))), worlds=1)
def a_window_of_two_words(student, world):
    """Two sentences with the same last two words, that disagree about who bites."""
    return [[list(sentence) for sentence in student.fool_window(2)]]


@case("requirements", public=True, check=exact())
def sentences_of_a_small_bag(student, world):
    """How many sentences a bag of three words has; and strings and bags for another small vocabulary and length."""
    counts = [1, world.integers(1, high=5), world.integers(2, high=8)]
    found = student.strings_and_bags(world.integers(2, high=7), world.integers(3, high=9))
    return {"same_bag": student.same_bag(counts), "strings": found["strings"], "bags": found["bags"]}


@case("requirements", check=satisfies(many_words))
def two_orders_of_many_words(student, world):
    """Eight words, one of them three times."""
    return [list(sentence) for sentence in student.fool_bag(words_for(world, 5, 2))]


@case("requirements", check=satisfies(lambda outputs, world: fools_windows(outputs, (1, 3, 8, 30))), worlds=1)
def windows_of_any_size(student, world):
    """Windows of 1 to 30 words."""
    return [[list(sentence) for sentence in student.fool_window(k)] for k in (1, 3, 8, 30)]


@case("requirements", check=exact())
def sentences_of_larger_bags(student, world):
    """Bags of 4 to 6 words with 0 to 6 of each; the empty bag; and a bag of one word only."""
    bags = [world.integers(7, (n,)).tolist() for n in (4, 5, 6)]
    return [student.same_bag(bag) for bag in (*bags, [0, 0, 0], [world.integers(2, high=9)])]


@case("requirements", check=exact())
def strings_and_bags_of_longer_texts(student, world):
    """Vocabularies of 3 to 9 words, lengths of 0 to 12."""
    pairs = [(world.integers(3, high=10), world.integers(3, high=13)), (world.integers(3, high=10), 0)]
    found = [student.strings_and_bags(*pair) for pair in pairs]
    return [[entry["strings"], entry["bags"]] for entry in found]
