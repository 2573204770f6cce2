"""The cases of `distil_gradient`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy
from shares import lines_of

from autograder.authoring import case
from autograder.checks import close, derivation, positive, real

MORE_THAN_DIFFERENCES = 5e-12
"""Central differences of the loss come to 1e-11 at best, and right gradients to 1e-13."""


def by_logit(z1, z2, p, tau):
    """A derivation of dJ/dz1: four rules are used, two products, the logarithm and the exponential."""
    return derivation(4, {z1: real(-2, 2), z2: real(-2, 2), p: real(0.1, 0.9), tau: positive()})


def both(world, N, K, scale=2.0):
    """The logits of student and teacher."""
    return world.normal((N, K), scale=scale), world.normal((N, K), scale=scale)


@case("distil_gradient", public=True, check=by_logit("z1", "z2", "p", "tau"), worlds=1)
def gradient_for_two_classes(student, world):
    """The derivation of dJ/dz1 line by line, from Derivative(J, z1) to the answer: the factor τ², the logarithm, the exponential, the division by τ."""
    return lines_of(student.derive_distil(*sympy.symbols("z1 z2 p tau")))


@case("distil_gradient", public=True, check=close(MORE_THAN_DIFFERENCES))
def one_example_at_two(student, world):
    """One example with three classes at the temperature 2: loss, gradient, and the gradient for τ → ∞."""
    own, teacher = both(world, 1, 3)
    return {
        "loss": student.distil_loss(own.copy(), teacher.copy(), 2.0),
        "gradient": student.distil_gradient(own.copy(), teacher.copy(), 2.0),
        "hot": student.hot_gradient(own, teacher),
    }


@case("distil_gradient", check=by_logit("a", "b", "s", "t"), worlds=1)
def gradient_in_other_letters(student, world):
    """The same derivation with the letters a, b, s and t."""
    return lines_of(student.derive_distil(*sympy.symbols("a b s t")))


@case("distil_gradient")
def losses_of_a_batch(student, world):
    """The loss of four examples with five classes at the temperatures 1/2, 1 and 10, and of logits of ±10³."""
    own, teacher = both(world, 4, 5)
    losses = [student.distil_loss(own.copy(), teacher.copy(), tau) for tau in (0.5, 1.0, 10.0)]
    return [*losses, student.distil_loss(*both(world, 3, 4, 1e3), 0.5)]


@case("distil_gradient", check=close(MORE_THAN_DIFFERENCES))
def gradients_of_a_batch(student, world):
    """The gradient for four examples with five classes at the temperatures 1/2, 1 and 10, and for logits of ±10³."""
    own, teacher = both(world, 4, 5)
    gradients = [student.distil_gradient(own.copy(), teacher.copy(), tau) for tau in (0.5, 1.0, 10.0)]
    far, _ = both(world, 3, 4, 1e3)
    return [*gradients, student.distil_gradient(far, -far, 0.5)]


@case("distil_gradient", check=close(MORE_THAN_DIFFERENCES))
def where_the_networks_agree(student, world):
    """The gradient at the temperature 1 for three examples, the second of which both networks answer alike."""
    own, teacher = both(world, 3, 4)
    own[1] = teacher[1] + 5
    return student.distil_gradient(own, teacher, 1.0)


@case("distil_gradient")
def hot_gradients(student, world):
    """The gradient for τ → ∞, for three examples with six classes and for one with two; the level of the logits does not count."""
    found = []
    for N, K in ((3, 6), (1, 2)):
        own, teacher = both(world, N, K)
        found.append(student.hot_gradient(own + world.normal((N, 1), scale=20.0), teacher))
    return found


@case("distil_gradient", check=close(1e-11))
def very_hot(student, world):
    """The gradient at the temperature 1000."""
    return np.asarray(student.distil_gradient(*both(world, 3, 5), 1000.0))
