"""The cases of `rnn_gradient`: what is called, and how the values that come back are judged."""

import torch

from autograder.authoring import case
from autograder.checks import close

NAMES = ("X", "h0", "Wx", "Wh", "b")


def run_of(world, N, T, d, n):
    """X, h0, Wx, Wh, the states that the cell runs through (by a library), and a gradient by each state."""
    X, h0 = world.normal((N, T, d)), world.normal((N, n))
    Wx, Wh, b = world.normal((d, n)), world.normal((n, n)) / n**0.5, world.normal((n,))
    weights = [torch.from_numpy(a) for a in (Wx.T.copy(), Wh.T.copy(), b, 0 * b)]
    start = torch.from_numpy(h0.copy())[None]
    found, _ = torch.rnn_tanh(torch.from_numpy(X.copy()), start, weights, True, 1, 0.0, False, False, True)
    return X, h0, Wx, Wh, found.numpy(), world.normal((N, T, n))


def found_by(student, run, chunk=None, names=NAMES):
    """The gradients asked for."""
    found = student.rnn_gradient(*(array.copy() for array in run), chunk)
    return {name: found[name] for name in names}


@case("rnn_gradient", public=True, check=close())
def a_single_step(student, world):
    """T = 1: nothing goes back through time yet. N = 2, d = 3, n = 2; all five gradients."""
    return found_by(student, run_of(world, 2, 1, 3, 2))


@case("rnn_gradient", public=True, check=close())
def three_steps(student, world):
    """T = 3 with a gradient that arrives at every state: N = 2, d = 3, n = 4."""
    return found_by(student, run_of(world, 2, 3, 3, 4))


@case("rnn_gradient", public=True, check=close())
def two_chunks_of_two(student, world):
    """T = 4 in chunks of 2: nothing passes from step 3 back to step 2."""
    return found_by(student, run_of(world, 1, 4, 2, 3), 2)


@case("rnn_gradient", check=close())
def longer_sequences_in_full(student, world):
    """T = 7, N = 3, and all sizes 4, where a transposed matrix fits as well."""
    return [found_by(student, run_of(world, 3, 7, 2, 5)), found_by(student, run_of(world, 4, 4, 4, 4))]


@case("rnn_gradient", check=close())
def the_last_state_only(student, world):
    """A loss that looks at the last state only: what earlier weights get came through time."""
    *run, upstream = run_of(world, 2, 5, 3, 4)
    upstream[:, :-1] = 0
    return found_by(student, (*run, upstream))


@case("rnn_gradient", check=close())
def chunks_of_any_length(student, world):
    """T = 7 in chunks of 1, of 3, and of 7 and more."""
    return [found_by(student, run_of(world, 2, 7, 3, 4), chunk) for chunk in (1, 3, 7, 12)]
