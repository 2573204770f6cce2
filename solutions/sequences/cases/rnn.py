"""The cases of `rnn`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy

from autograder.authoring import case
from autograder.checks import close, equivalent, exact, integer

SIZES = {"d": integer(1, 9), "n": integer(1, 9), "T": integer(1, 9)}


def cell_of(world, d, n):
    """Wx, Wh and b."""
    return world.normal((d, n)), world.normal((n, n)) / n**0.5, world.normal((n,))


@case("rnn", public=True, check=close())
def one_sequence_of_three_steps(student, world):
    """N = 1, T = 3, d = 2, n = 2, from the state 0: all three states."""
    return student.rnn(world.normal((1, 3, 2)), 0 * world.normal((1, 2)), *cell_of(world, 2, 2))


@case("rnn", public=True, check=exact())
def sizes_of_one_cell(student, world):
    """Number of parameters and of multiplications for given numbers d, n and T."""
    d, n, T = (world.integers(2, high=9) for _ in range(3))
    return {"parameters": student.parameter_count(d, n, T), "multiplications": student.multiplications(d, n, T)}


@case("rnn", check=close())
def sizes_all_different(student, world):
    """N = 2, T = 5, d = 3, n = 7, from a state that is not 0."""
    return student.rnn(world.normal((2, 5, 3)), world.normal((2, 7)), *cell_of(world, 3, 7))


@case("rnn", check=close())
def as_many_steps_as_sequences(student, world):
    """N = T = 4: batch and time have the same length, only values tell."""
    return student.rnn(world.normal((4, 4, 3)), world.normal((4, 5)), *cell_of(world, 3, 5))


@case("rnn", check=close())
def one_step_and_then_more(student, world):
    """A single step, and a long sequence in two halves: the last state of the first is where the second begins."""
    weights = cell_of(world, 2, 4)
    h0, halves = world.normal((3, 4)), [world.normal((3, 1, 2)), world.normal((3, 20, 2))]
    first = np.asarray(student.rnn(halves[0], h0, *(w.copy() for w in weights)))
    return [first, student.rnn(halves[1], first[:, -1], *weights)]


@case("rnn", check=equivalent(domains=SIZES), worlds=1)
def sizes_as_formulas(student, world):
    """Number of parameters and of multiplications as formulas in d, n and T."""
    d, n, T = sympy.symbols("d n T")
    return [student.parameter_count(d, n, T), student.multiplications(d, n, T)]
