"""The cases of `ambiguity`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import sympy
from mixtures_judges import best_is_better, nobody_is_right
from shares import lines_of, shares

from autograder.authoring import case
from autograder.checks import derivation, exact, real, satisfies

LETTERS = ("f1", "f2", "w", "y")
OTHERS = ("a", "b", "u", "t")


def by_member(letters):
    """A derivation of dJ/df1: two rules are used, the square and the product."""
    return derivation(2, dict.fromkeys(letters, real(0.1, 2)))


def members(world, count):
    """(answers, weights, y), Fractions."""
    return world.fractions((count,)), shares(world, count), world.fraction()


def tasks(world, sizes):
    """(weights, y) for ensembles of these sizes."""
    return [(shares(world, count), world.fraction()) for count in sizes]


def gaps(world, sizes):
    """(weights, y, gap) for ensembles of these sizes."""
    return [(*task, world.fraction()) for task in tasks(world, sizes)]


@case("ambiguity", public=True, check=exact())
def answer_of_two(student, world):
    """Two members with unequal weights: what their ensemble answers."""
    answers, weights, _ = members(world, 2)
    return student.ensemble(answers, weights)


@case("ambiguity", public=True, check=exact())
def two_errors_split(student, world):
    """The errors of two members in three parts each, and the three numbers of the theorem."""
    answers, weights, y = members(world, 2)
    found = student.errors(list(answers), list(weights), y)
    return {"split": student.split(answers, weights, y), "errors": [found[name] for name in ("ensemble", "members", "ambiguity")]}


@case("ambiguity", public=True, check=by_member(LETTERS), worlds=1)
def pull_on_a_member(student, world):
    """The derivation of dJ/df1 line by line, from Derivative(J, f1) to the answer: the square, and then what stands in it."""
    return lines_of(student.derive_pull(*sympy.symbols("f1 f2 w y")))


@case("ambiguity", public=True, check=satisfies(lambda outputs, world: nobody_is_right(outputs, tasks(world, [2]))))
def two_wrong_members(student, world):
    """Two members of which none is right, with a perfect ensemble."""
    return [student.all_wrong(*task) for task in tasks(world, [2])]


@case("ambiguity", public=True, check=satisfies(lambda outputs, world: best_is_better(outputs, gaps(world, [2]))))
def better_than_the_ensemble(student, world):
    """Two members of which one is right, and an ensemble that is off by the gap that is asked for."""
    return [student.loses_to_the_best(*task) for task in gaps(world, [2])]


@case("ambiguity", check=exact())
def larger_ensembles(student, world):
    """The answers of ensembles of 3 and 6 members."""
    return [student.ensemble(answers, weights) for answers, weights, _ in (members(world, 3), members(world, 6))]


@case("ambiguity", check=exact())
def errors_of_many(student, world):
    """Five members, three of which two are equal, and one member alone: every part of every error, and the theorem."""
    several, (answers, weights, y), (single, _, aim) = members(world, 5), members(world, 3), members(world, 1)
    answers[2] = answers[0]
    found = []
    for one in (several, (answers, weights, y), (single, [Fraction(1)], aim)):
        numbers = student.errors(*(list(part) if isinstance(part, list) else part for part in one))
        found.append({"split": student.split(*one), "errors": [numbers[name] for name in ("ensemble", "members", "ambiguity")]})
    return found


@case("ambiguity", check=by_member(OTHERS), worlds=1)
def pull_in_other_letters(student, world):
    """The same derivation with the letters a, b, u and t."""
    return lines_of(student.derive_pull(*sympy.symbols("a b u t")))


@case("ambiguity", check=satisfies(lambda outputs, world: nobody_is_right(outputs, tasks(world, [3, 5, 2]))))
def many_wrong_members(student, world):
    """Perfect ensembles of 3, 5 and 2 members of which none is right."""
    return [student.all_wrong(*task) for task in tasks(world, [3, 5, 2])]


@case("ambiguity", check=satisfies(lambda outputs, world: best_is_better(outputs, gaps(world, [3, 5]))))
def best_of_many(student, world):
    """Ensembles of 3 and 5 members that are off by a given gap, with one member that is right."""
    return [student.loses_to_the_best(*task) for task in gaps(world, [3, 5])]
