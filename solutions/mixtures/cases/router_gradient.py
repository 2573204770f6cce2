"""The cases of `router_gradient`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy
from shares import lines_of

from autograder.authoring import case
from autograder.checks import derivation, real

LETTERS = ("z1", "z2", "a", "b")
OTHERS = ("u", "v", "p", "q")


def by_logit(letters):
    """A derivation of dy/dz1: three rules are used, the product, the reciprocal and the exponential."""
    return derivation(3, dict.fromkeys(letters, real(-2, 2)))


def task(world, N, E, m, scale=1.0):
    """logits, outputs and upstream."""
    return world.normal((N, E), scale=scale), world.normal((N, E, m)), world.normal((N, m))


def gradients(student, given, ways):
    """The gradient for each (k, renormalised), as one array."""
    return np.stack([np.asarray(student.router_gradient(*(a.copy() for a in given), k, renormalised)) for k, renormalised in ways])


@case("router_gradient", public=True, check=by_logit(LETTERS), worlds=1)
def two_experts_derived(student, world):
    """The derivation of dy/dz1 line by line, from Derivative(y, z1) to the answer: the product, the reciprocal, the exponential."""
    return lines_of(student.derive_router(*sympy.symbols("z1 z2 a b")))


@case("router_gradient", public=True)
def two_of_three(student, world):
    """Two tokens, three experts, k = 2: with renormalised weights, and with raw ones."""
    given = task(world, 2, 3, 2)
    return [student.router_gradient(*(a.copy() for a in given), 2, way) for way in (True, False)]


@case("router_gradient", check=by_logit(OTHERS), worlds=1)
def two_experts_in_other_letters(student, world):
    """The same derivation with the letters u, v, p and q."""
    return lines_of(student.derive_router(*sympy.symbols("u v p q")))


@case("router_gradient")
def raw_weights(student, world):
    """Raw weights, four experts, k = 1, 2 and 3."""
    return gradients(student, task(world, 5, 4, 3), [(k, False) for k in (1, 2, 3)])


@case("router_gradient")
def renormalised_weights(student, world):
    """Renormalised weights, five experts, k = 2, 3 and 4."""
    return gradients(student, task(world, 4, 5, 2), [(k, True) for k in (2, 3, 4)])


@case("router_gradient")
def one_expert_a_token(student, world):
    """k = 1 with renormalised weights, beside k = 1 with raw ones."""
    return gradients(student, task(world, 6, 3, 2), [(1, True), (1, False)])


@case("router_gradient")
def all_experts(student, world):
    """k = E, where both ways are one, and one expert alone beside it."""
    return gradients(student, task(world, 4, 4, 3), [(4, True), (4, False)])


@case("router_gradient")
def equal_and_far_logits(student, world):
    """Logits of which several are equal, and logits of ±10³ that differ by little."""
    equal = task(world, 6, 4, 2)
    equal[0][:] = world.integers(-1, (6, 4), high=2)
    far = task(world, 3, 4, 2)
    far[0][:] += 1000 * np.array([[1.0], [-1.0], [0.5]])
    return [gradients(student, given, [(2, True), (2, False)]) for given in (equal, far)]
