"""The cases of `gates`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


def lstm_inputs(world, N, d, n, scale=1.0):
    """x, h, c, W, U, b."""
    state = world.uniform(-1, 1, (N, n))
    return world.normal((N, d)), state, world.normal((N, n)), scale * world.normal((d, 4 * n)), world.normal((n, 4 * n)), world.normal((4 * n,))


def gru_inputs(world, N, d, n, scale=1.0):
    """x, h, W, U, b, b_state."""
    state = world.uniform(-1, 1, (N, n))
    return world.normal((N, d)), state, scale * world.normal((d, 3 * n)), world.normal((n, 3 * n)), world.normal((3 * n,)), world.normal((n,))


def ported(student, world, d, n):
    """PyTorch's weights in the form of `gru_step`."""
    weights = student.port_gru(world.normal((3 * n, d)), world.normal((3 * n, n)), world.normal((3 * n,)), world.normal((3 * n,)))
    return {name: weights[name] for name in ("W", "U", "b", "b_state")}


@case("gates", public=True, check=close())
def one_step_of_an_lstm(student, world):
    """One LSTM step of N = 1, d = 2, n = 2: state and cell."""
    h, c = student.lstm_step(*lstm_inputs(world, 1, 2, 2))
    return {"h": h, "c": c}


@case("gates", public=True, check=close())
def one_step_of_each_gru(student, world):
    """One GRU step of N = 1, d = 2, n = 3 by the same weights in both conventions: reset first, and reset after the product."""
    inputs = gru_inputs(world, 1, 2, 3)
    return [student.gru_step(*(a.copy() for a in inputs), first) for first in (True, False)]


@case("gates", public=True, check=close())
def weights_of_two_units(student, world):
    """PyTorch's weights of a GRU with d = 3 and n = 2 in our form."""
    return ported(student, world, 3, 2)


@case("gates", check=close())
def lstm_of_other_sizes(student, world):
    """N = 3, d = 5, n = 4; and N = 2, d = 1, n = 6."""
    steps = [student.lstm_step(*lstm_inputs(world, *sizes)) for sizes in ((3, 5, 4), (2, 1, 6))]
    return {"h": [h for h, _ in steps], "c": [c for _, c in steps]}


@case("gates", check=close())
def several_steps_of_an_lstm(student, world):
    """Four steps one after the other, state and cell handed on."""
    _, h, c, W, U, b = lstm_inputs(world, 2, 3, 4)
    for x in world.normal((4, 2, 3)):
        h, c = (np.asarray(part) for part in student.lstm_step(x, h, c, W.copy(), U.copy(), b.copy()))
    return {"h": h, "c": c}


@case("gates", check=close())
def saturated_gates(student, world):
    """Inputs that drive the gates of an LSTM to their ends: weights of size 50."""
    h, c = student.lstm_step(*lstm_inputs(world, 3, 2, 4, 50.0))
    return {"h": h, "c": c}


@case("gates", check=close())
def grus_of_other_sizes(student, world):
    """Both conventions for N = 4, d = 5, n = 3, and three steps in a row for d = n = 4."""
    inputs = gru_inputs(world, 4, 5, 3)
    found = [student.gru_step(*(a.copy() for a in inputs), first) for first in (True, False)]
    for first in (True, False):
        _, h, *weights = gru_inputs(world, 2, 4, 4)
        for x in world.normal((3, 2, 4)):
            h = np.asarray(student.gru_step(x, h, *(w.copy() for w in weights), first))
        found.append(h)
    return found


@case("gates", check=close())
def weights_of_square_layers(student, world):
    """d = n = 4, where a transposed matrix fits as well, and d = 1, n = 5."""
    return [ported(student, world, 4, 4), ported(student, world, 1, 5)]
