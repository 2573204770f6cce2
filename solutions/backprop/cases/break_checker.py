"""The cases of `break_checker`: what is called, and how the values that come back are judged."""

import numpy as np
from backprop_judges import fools_first, fools_second, fools_third, wrong_enough

from autograder.authoring import case
from autograder.checks import close, satisfies


def cubes(x):
    """The row sums of x³."""
    return np.sum(x**3, axis=1)


def cubes_vjp(x, g):
    """Its gradient, the right one."""
    return g[:, None] * 3 * x**2


def rows_softmax(x):
    """softmax of each row."""
    e = np.exp(x)
    return e / np.sum(e, axis=1, keepdims=True)


def rows_softmax_vjp(x, g):
    """Its gradient, the right one."""
    p = rows_softmax(x)
    return p * (g - np.sum(p * g, axis=1, keepdims=True))


def errors_of(student, f, claims, x, g):
    """What the checker says of several claims, each with arrays of its own."""
    return floored([student.gradient_error(f, claim, x.copy(), g.copy()) for claim in claims])


def floored(errors):
    """Errors below 1e-6 are rounding, and count as 1e-6."""
    return np.maximum(np.array([float(e) for e in errors]), 1e-6)


@case("break_checker", public=True, check=close(1e-7, elementwise=True))
def right_and_wrong_gradients(student, world):
    """Your checker on the row sums of x³: the right gradient (error below 10⁻⁶), one of wrong sign (error 2), and one that is a little too large."""
    x, g, factor = world.normal((2, 3)), world.normal((2,)), world.uniform(1.05, 1.5)
    claims = (cubes_vjp, lambda x, g: -cubes_vjp(x, g), lambda x, g: factor * cubes_vjp(x, g))
    return errors_of(student, cubes, claims, x, g)


@case("break_checker", check=close(3e-9, elementwise=True))
def softmax_gradients(student, world):
    """Your checker on softmax with a random cotangent: the right gradient, and one that forgets how the outputs depend on each other."""
    x, g = world.normal((3, 4)), world.normal((3, 4))
    claims = (rows_softmax_vjp, lambda x, g: rows_softmax(x) * g, lambda x, g: rows_softmax_vjp(x, np.ones_like(g)))
    return errors_of(student, rows_softmax, claims, x, g)


@case("break_checker", check=close(1e-7, elementwise=True))
def same_length_other_direction(student, world):
    """A claim with the right length that points elsewhere, and one that is wrong in a single entry."""
    x, g = world.normal((2, 5)), world.normal((2,))
    spot = np.zeros((2, 5))
    spot[1, 2] = 1.0
    claims = (lambda x, g: np.flip(cubes_vjp(x, g)), lambda x, g: cubes_vjp(x, g) + spot)
    return errors_of(student, cubes, claims, x, g)


@case("break_checker", check=close(1e-7, elementwise=True))
def step_and_small_gradients(student, world):
    """The step is used as h (for x³ a step of 0.1 is off by exactly h²), and a function with gradient 0 is divided by 10⁻⁸ only."""
    coarse = []
    for step in (0.1, 0.2, 0.3):
        x = np.stack([world.uniform(0.5, 1, (3,)), world.uniform(2.5, 3, (3,))])
        coarse.append(student.gradient_error(cubes, cubes_vjp, x, np.array([3.0, 1.0]), step))
    flat = student.gradient_error(lambda x: np.ones(2), lambda x, g: np.full(x.shape, 3e-8), x.copy(), np.ones(2))
    return floored([*coarse, flat])


def submitted(pair):
    """(x, claimed) as float arrays."""
    x, claimed = pair
    return {"x": np.array(x, dtype=float), "claimed": np.array(claimed, dtype=float)}


@case("break_checker", public=True, check=satisfies(wrong_enough), worlds=1)
def claims_are_wrong_enough(student, world):
    """Your three points and claims have the right shapes, and each claim is wrong by at least a tenth. Whether the checkers accept them, try at home."""
    return [submitted(pair) for pair in (student.fool_first(), student.fool_second(), student.fool_third())]


@case("break_checker", check=satisfies(fools_first), worlds=1)
def first_checker_is_fooled(student, world):
    """`first_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_first())


@case("break_checker", check=satisfies(fools_second), worlds=1)
def second_checker_is_fooled(student, world):
    """`second_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_second())


@case("break_checker", check=satisfies(fools_third), worlds=1)
def third_checker_is_fooled(student, world):
    """`third_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_third())
