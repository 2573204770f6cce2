"""The cases of `memory`: what is called, and how the values that come back are judged."""

import sympy
from sequences_judges import remembers_by_gates

from autograder.authoring import case
from autograder.checks import close, derivation, equivalent, outline, real, satisfies

DOMAINS = dict.fromkeys(("c", "u", "o", "s", "a"), real(-2, 2))
_z = sympy.Symbol("z")
MEANING = {"sigma": sympy.Lambda(_z, 1 / (1 + sympy.exp(-_z)))}


def lines_of(derivation):
    """The lines as sympy expressions. What is none is named in its place, and refuses only itself."""
    return [formula_of(line) for line in derivation]


def formula_of(line):
    """A line, or a number in any form, as a sympy expression; the name of its type where it is neither."""
    try:
        return sympy.sympify(line, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        return line if isinstance(line, str) else f"an object of type {type(line).__name__}"


def derived(student):
    """The derivation, for symbols of the names in the text."""
    return lines_of(student.derive_memory(*sympy.symbols("c u o s a")))


@case("memory", public=True, check=derivation(4, DOMAINS, functions=MEANING), worlds=1)
def from_one_cell_to_the_next(student, world):
    """The derivation of dc'/dc: the product, σ, what stands in σ, and tanh, one on each line."""
    return derived(student)


@case("memory", check=derivation(4, DOMAINS, functions=MEANING), worlds=1)
def all_of_its_lines(student, world):
    """The same derivation, line by line."""
    return derived(student)


@case("memory", check=equivalent(DOMAINS, functions=MEANING, closed=True), worlds=1)
def its_last_line(student, world):
    """The last line: no Derivative is left."""
    return derived(student)[-1]


def unit_of(world, steps):
    """c0, h0, inputs and U."""
    return world.normal(), world.uniform(-1, 1), world.normal((steps, 4)), world.choice((-1, 1)) * world.uniform(0.5, 2, (4,))


def gradients_of(student, unit):
    """The two numbers."""
    found = student.cell_gradient(*unit)
    return [found["all_paths"], found["highway"]]


@case("memory", public=True, check=close(elementwise=True))
def two_steps_of_a_unit(student, world):
    """Two steps: the first one only has the highway, at the second one the gates have seen the cell."""
    return gradients_of(student, unit_of(world, 2))


@case("memory", public=True, check=close())
def a_short_half_life(student, world):
    """The forget bias for a half-life of 2 to 9 steps, as one bias and in two parts."""
    steps = world.uniform(2, 9)
    return [student.forget_bias(steps), student.forget_bias(steps, 2)]


@case("memory", public=True, check=outline({"c0": 0, "h0": 0, "inputs": None, "U": None}), worlds=1)
def parts_of_a_unit(student, world):
    """Your unit for the factor 2 has all its parts; what it remembers, your own `cell_gradient` tells."""
    return student.beats_the_highway(2)


@case("memory", check=close(elementwise=True))
def units_of_several_steps(student, world):
    """Units of 1, 3 and 8 steps."""
    return [gradients_of(student, unit_of(world, steps)) for steps in (1, 3, 8)]


@case("memory", check=close(elementwise=True))
def one_gate_at_a_time(student, world):
    """Four steps in which only one of the four looks at the state; and one in which none does, where both numbers are the same."""
    found = []
    for gate in (0, 1, 2, 3, None):
        c0, h0, inputs, U = unit_of(world, 4)
        keep = U.copy()
        U = 0 * U
        if gate is not None:
            U[gate] = keep[gate]
        found.append(gradients_of(student, (c0, h0, inputs, U)))
    return found


@case("memory", check=close())
def long_half_lives(student, world):
    """Half-lives of 1, of 100 or so, and of half a step; one bias, and two."""
    long = world.integers(50, high=500)
    return [student.forget_bias(long), student.forget_bias(long, 2), student.forget_bias(0.5), student.forget_bias(3 * long, 3)]


@case("memory", check=satisfies(lambda outputs, world: remembers_by_gates(outputs, [2, 50, 5000])), worlds=1)
def far_more_than_the_highway(student, world):
    """Forget gates of at least ½, and gradients along all paths of 2, 50 and 5,000 times the highway and more."""
    return [student.beats_the_highway(factor) for factor in (2, 50, 5000)]
