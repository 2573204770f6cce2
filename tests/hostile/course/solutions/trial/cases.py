"""Cases of the hostile tests. Whatever contains the word CANARY must never be seen by a student."""

import sympy
import torch

from autograder.authoring import case
from autograder.checks import close, equivalent, exact, real


@case("energy", public=True, check=close(1e-9))
def energy_of_three(student, world):
    """The energy of three numbers."""
    x = world.normal((3,))
    return {"out": student.energy(x), "x_after": x}


@case("energy", check=close(1e-9))
def energy_of_many(student, world):
    """CANARY-DOC: the energy of fifty numbers."""
    secret = "CANARY-CONSTANT"
    x = world.normal((50,), mean=len(secret))
    return {"out": student.energy(x), "x_after": x}


@case("weights", public=True, check=close(1e-6))
def weights_of_three(student, world):
    """The weights of three logits."""
    return student.weights(torch.tensor(world.normal((3,))))


@case("weights", check=close(1e-6))
def weights_of_large_logits(student, world):
    """CANARY-DOC: the weights of logits near 1000."""
    return student.weights(torch.tensor(world.normal((6,), mean=1000.0, scale=3.0)))


@case("slope", public=True, check=equivalent(domains={"x": real(-2, 2), "a": real(-2, 2)}, tolerance=1e-9))
def slope_in_x_and_a(student, world):
    """The derivative of tanh(a x) by x."""
    return student.slope(sympy.Symbol("x"), sympy.Symbol("a"))


@case("slope", check=equivalent(domains={"t": real(-2, 2)}, tolerance=1e-9))
def slope_with_a_number(student, world):
    """CANARY-DOC: a number for a, another name for x."""
    return student.slope(sympy.Symbol("t"), sympy.Integer(world.integers(2, high=9)))


@case("ranks", public=True, check=exact())
def ranks_of_words(student, world):
    """The places of five words."""
    items = world.sample(["ash", "beech", "cedar", "elm", "fir", "oak", "pine"], 5)
    return {"out": student.ranks(items), "items_after": items}


@case("ranks", check=exact())
def ranks_of_many_words(student, world):
    """CANARY-DOC: the places of ten words."""
    items = world.sample([f"CANARY-INPUT-{n}" for n in range(40)], 10)
    return {"out": student.ranks(items), "items_after": items}
