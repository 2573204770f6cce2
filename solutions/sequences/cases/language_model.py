"""The cases of `language_model`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from sequences_judges import leaks

from autograder.authoring import case
from autograder.checks import exact, satisfies


def shares(world, letters):
    """Random probabilities of the letters, Fractions that add up to 1."""
    weights = world.sample(range(1, 10), len(letters))
    return {letter: Fraction(weight, sum(weights)) for letter, weight in zip(letters, weights, strict=True)}


def grown(world, letters, depth):
    """A model that writes at most `depth` letters; the first one is never the end."""
    model, new = {}, [""]
    while new:
        text = new.pop(0)
        model[text] = shares(world, letters if not text else letters + ".") if len(text) < depth else {".": Fraction(1)}
        new += [text + letter for letter in model[text] if letter != "."]
    return model


def texts_and_chances(model):
    """Every text with its probability."""
    found, going = {}, {"": Fraction(1)}
    while going:
        beginning, chance = going.popitem()
        for letter, p in model[beginning].items():
            if letter == ".":
                found[beginning] = chance * p
            else:
                going[beginning + letter] = chance * p
    return found


def greedy_text(model):
    """The text of the most probable next letters."""
    text = ""
    while (letter := max(model[text], key=model[text].get)) != ".":
        text += letter
    return text


def model_of(world, letters, depth):
    """A model without ties in which the greedy text is not the most probable one."""
    while True:
        model = grown(world, letters, depth)
        chances = texts_and_chances(model)
        best = max(chances, key=chances.get)
        if best != greedy_text(model) and list(chances.values()).count(chances[best]) == 1:
            return model


def copied(model):
    """A model of its own for one call."""
    return {text: dict(after) for text, after in model.items()}


def chances(world, count):
    """`rest`, and where it is looked at."""
    return Fraction(world.integers(700, high=950), 1000), range(1, count + 1)


def leaking(student, world, count, far):
    """stop and survive for the first chances, and survive far away."""
    rest, times = chances(world, count)
    stops = [student.stop(t, rest) for t in times]
    return {"stop": stops, "survive": [student.survive(t, rest) for t in (0, *times)], "far": [student.survive(t, rest) for t in far]}


def judge(outputs, world, count):
    """Whether it leaks enough."""
    return leaks(outputs, chances(world, count)[0])


@case("language_model", public=True, check=exact())
def texts_of_a_small_model(student, world):
    """A model of texts of 1 or 2 letters: the probability of each text, and of one that it cannot write."""
    model = model_of(world, "ab", 2)
    return [student.probability(copied(model), text) for text in ("a", "b", "ab", "bb", "abc")]


@case("language_model", public=True, check=exact())
def greedy_and_most_probable(student, world):
    """The greedy text and the most probable one of a model of texts of 1 or 2 letters; and the probability of texts of one letter."""
    model = model_of(world, "ab", 2)
    found = [student.greedy(copied(model)), student.most_probable(copied(model))]
    return {"texts": found, "mass": student.mass(copied(model), 1)}


@case("language_model", public=True, check=exact())
def a_small_model_sharpened(student, world):
    """The probabilities of all texts of 1 or 2 letters at temperature ½, by letters and by texts."""
    found = student.sharpened(model_of(world, "ab", 2), 2)
    return [found["by_letters"], found["by_texts"]]


@case("language_model", public=True, check=satisfies(lambda outputs, world: judge(outputs, world, 3)))
def three_chances_to_stop(student, world):
    """Three chances to stop, how much has not stopped after each of them, and how much after 10⁶."""
    return leaking(student, world, 3, (1000000,))


@case("language_model", check=exact())
def texts_of_a_larger_model(student, world):
    """Probabilities of texts of up to 3 letters of three, also of texts that the model cannot write; one of them it could only go on with."""
    model = model_of(world, "abc", 3)
    model["dd"] = {".": Fraction(1)}
    return [student.probability(copied(model), text) for text in ("c", "ab", "bca", "cab", "", "abca", "d", "dd")]


@case("language_model", check=exact())
def mass_by_length(student, world):
    """The probability of texts of at most 0, 1, 2 and 5 letters."""
    model = model_of(world, "abc", 3)
    return [student.mass(copied(model), length) for length in (0, 1, 2, 5)]


@case("language_model", check=exact())
def greedy_and_best_of_larger_models(student, world):
    """Greedy and most probable texts of three models."""
    models = [model_of(world, letters, depth) for letters, depth in (("abc", 3), ("ab", 4), ("abcd", 2))]
    return [[student.greedy(copied(model)), student.most_probable(copied(model))] for model in models]


@case("language_model", check=exact())
def sharpened_and_not(student, world):
    """Powers 1, 2 and 3 for a model of up to 3 letters."""
    model, found = model_of(world, "ab", 3), []
    for power in (1, 2, 3):
        new = student.sharpened(copied(model), power)
        found.append([new["by_letters"], new["by_texts"]])
    return found


@case("language_model", check=satisfies(lambda outputs, world: judge(outputs, world, 60)))
def a_leak_for_ever(student, world):
    """60 chances to stop, and what has not stopped after 10³ and 10⁶ of them."""
    return leaking(student, world, 60, (1000, 1000000))
