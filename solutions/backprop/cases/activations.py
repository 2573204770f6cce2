"""The cases of `activations`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def activations_of(student, z):
    """The three activations of z."""
    return {"sigmoid": student.sigmoid(z.copy()), "tanh": student.tanh(z.copy()), "relu": student.relu(z.copy())}


@case("activations", public=True, check=close())
def small_inputs(student, world):
    """σ, tanh and relu of small numbers, negative and positive, in an array of shape (2, 3)."""
    return activations_of(student, world.away_from_zero((2, 3)))


@case("activations", public=True, check=close())
def slopes_at_small_inputs(student, world):
    """The three slopes. The first two get a = σ(z) and a = tanh(z), not z; the third gets z, and its slope at 0 is 0."""
    z = world.away_from_zero((5,))
    return {
        "sigmoid_slope": student.sigmoid_slope(1 / (1 + np.exp(-z))),
        "tanh_slope": student.tanh_slope(np.tanh(z)),
        "relu_slope": student.relu_slope(np.append(z, 0.0)),
    }


def far_out(world):
    """Inputs up to ±1e4, with 0 and the place where e^z leaves float64 among them."""
    return np.concatenate(
        [[-1e4, -800.0, 0.0, 800.0, 1e4], world.uniform(50, 1e3, (2,)), -world.uniform(50, 1e3, (2,))]
    )


@case("activations", check=close())
def large_inputs(student, world):
    """σ, tanh and relu stay finite and right for inputs of ±10⁴."""
    return activations_of(student, far_out(world))


@case("activations", check=close(elementwise=True))
def left_tail_of_sigmoid(student, world):
    """σ(z) for z between −600 and −20 is a small number, and not 0: every entry to six digits."""
    return student.sigmoid(-world.uniform(20, 600, (6,)))


@case("activations", check=close())
def slopes_far_out(student, world):
    """The slopes where the activations are saturated, for arrays of shape (2, 3, 2)."""
    a = world.uniform(0, 1, (2, 3, 2))
    return {
        "sigmoid_slope": student.sigmoid_slope(np.append(a, [0.0, 1.0, 0.5])),
        "tanh_slope": student.tanh_slope(2 * a - 1),
        "relu_slope": student.relu_slope(far_out(world)),
        "whole_array": student.sigmoid_slope(a),
    }


@case("activations", check=close())
def moderate_inputs(student, world):
    """σ, tanh and relu of an array of shape (3, 4), and the slope of relu."""
    z = world.normal((3, 4), scale=2)
    return {**activations_of(student, z), "slope": student.relu_slope(z)}
