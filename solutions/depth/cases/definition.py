"""The cases of `definition`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy
from ingredients import _copy, _network

from autograder.authoring import case
from autograder.checks import close, equivalent, integer

SIZES = {"d": integer(1, 9), "n": integer(1, 9), "L": integer(1, 9), "m": integer(1, 9)}

@case("definition", public=True, check=close())
def a_network_on_paper(student, world):
    """A network with 2 inputs, 2 hidden units and 1 output, small enough to check by hand; one unit is off for some inputs."""
    network = [(np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([0.0, -1.0])), (np.array([[1.0, 3.0]]), np.array([0.5]))]
    signs = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    x = signs * world.integers(1, (4, 2), high=5)
    return {"hidden": student.embeddings(_copy(network), x.copy()), "out": student.forward(_copy(network), x)}


@case("definition", public=True, check=equivalent(domains=SIZES), worlds=1)
def parameters_of_one_hidden_layer(student, world):
    """The parameter count as a formula in d, n and m for a single hidden layer."""
    d, n, m = sympy.symbols("d n m")
    return student.parameter_count(d, n, sympy.Integer(1), m)


@case("definition", check=equivalent(domains=SIZES), worlds=1)
def parameters_in_general(student, world):
    """The parameter count as a formula in d, n, L and m."""
    d, n, L, m = sympy.symbols("d n L m")
    return student.parameter_count(d, n, L, m)


@case("definition", check=close())
def three_hidden_layers(student, world):
    """Three hidden layers of different widths, several outputs of both signs: embeddings and outputs; three layers of one width, which is that of the input too; and inputs that are an array of integers."""
    network = _network(world, [3, 5, 4, 7, 2])
    W, b = network[-1]
    x = world.normal((6, 3))
    outs = [student.forward(_copy([*network[:-1], last]), x.copy()) for last in ((W, b), (-W, -b))]
    square, z = _network(world, [4, 4, 4, 4, 1]), world.normal((5, 4))
    whole = world.integers(-9, (6, 3), high=10)
    return {
        "hidden": student.embeddings(_copy(network), x.copy()),
        "outs": outs,
        "hidden_of_one_width": student.embeddings(square, z),
        "hidden_of_integers": student.embeddings(_copy(network), whole.copy()),
        "outs_of_integers": student.forward(_copy(network), whole),
    }


@case("definition", check=close())
def no_hidden_layer(student, world):
    """L = 0 is an affine map, and a batch of one is a batch."""
    network = _network(world, [3, 2])
    x = 20 * world.normal((1, 3))
    outs = [student.forward(_copy(network), sign * x) for sign in (1, -1)]
    return {"outs": outs, "count": len(student.embeddings(_copy(network), x))}
