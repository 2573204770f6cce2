"""The cases of `bptt`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import sympy
from sequences_judges import points_uphill

from autograder.authoring import case
from autograder.checks import derivation, exact, outline, real, satisfies

NAMES = ("w", "h0", "y", "x1", "x2", "x3", "x4")
DOMAINS = dict.fromkeys(NAMES, real(-2, 2))


def lines_of(derivation):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in derivation]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"


def derived(student, steps):
    """The derivation for a sequence of so many steps."""
    w, h0, y = sympy.symbols("w h0 y")
    return lines_of(student.derive(w, h0, [sympy.Symbol(f"x{t}") for t in range(1, steps + 1)], y))


@case("bptt", public=True, check=derivation(3, DOMAINS), worlds=1)
def two_steps_back(student, world):
    """The derivation for T = 2, from Derivative(L, w) to the answer: the square, and one step of the recurrence per line."""
    return derived(student, 2)


@case("bptt", check=derivation(4, DOMAINS), worlds=1)
def three_steps_back(student, world):
    """The derivation for T = 3."""
    return derived(student, 3)


@case("bptt", check=derivation(5, DOMAINS), worlds=1)
def four_steps_back(student, world):
    """The derivation for T = 4."""
    return derived(student, 4)


def some_sequence(world, steps):
    """(w, xs, y), Fractions."""
    return Fraction(world.choice((-8, -7, -6, -4, -3, -2, 2, 3, 4, 6, 7, 8)), 5), world.fractions((steps,)), world.fraction()


@case("bptt", public=True, check=exact())
def full_and_truncated(student, world):
    """A sequence of 4 steps: the gradient to 1, 2 and 4 steps, as Fractions."""
    w, xs, y = some_sequence(world, 4)
    return [student.truncated_gradient(w, list(xs), y, k) for k in (1, 2, 4)]


@case("bptt", check=exact())
def longer_sequences(student, world):
    """Sequences of 3 to 7 steps, to all numbers of steps, also to more than there are."""
    found = []
    for steps in (3, 5, 7):
        w, xs, y = some_sequence(world, steps)
        found.append([student.truncated_gradient(w, list(xs), y, k) for k in (1, 2, 3, steps, steps + 4)])
    return found


@case("bptt", check=exact())
def a_weight_of_zero(student, world):
    """w = 0: only what happened one step ago counts; and a sequence of a single step."""
    _, xs, y = some_sequence(world, 4)
    zero = [student.truncated_gradient(Fraction(0), list(xs), y, k) for k in (1, 3)]
    w, xs, y = some_sequence(world, 1)
    return [*zero, student.truncated_gradient(w, xs, y, 1)]


@case("bptt", public=True, check=outline({"w": 0, "xs": None, "y": 0}), worlds=1)
def parts_of_a_sequence(student, world):
    """Your sequence for k = 1 has all its parts; which way its gradients point, your own `truncated_gradient` tells."""
    return student.wrong_way(1)


@case("bptt", check=satisfies(lambda outputs, world: points_uphill(outputs, (1, 2, 5, 9))), worlds=1)
def many_steps_point_uphill(student, world):
    """Sequences on which the gradient truncated to 1, 2, 5 and 9 steps has the opposite sign of the full one."""
    return [student.wrong_way(k) for k in (1, 2, 5, 9)]
