"""The cases of `adaptive`: what is called, and how the values that come back are judged."""

import numpy as np
import training_judges as judges

from autograder.authoring import case
from autograder.checks import satisfies


def walk(step, w, gradients, *settings):
    """The weights after each step."""
    path, state = [], None
    for g in gradients:
        found, state = step(w, g, state, *settings)
        path.append(found)
        w = np.array(found, dtype=float)
    return path


def some_gradients(world, steps, shape):
    """Gradients of changing size, none near 0."""
    return [g * 10.0**k for g, k in zip(world.away_from_zero((steps, *shape), 0.1), world.uniform(-2, 1, (steps,)).tolist())]


@case("adaptive", public=True)
def first_steps_of_all_four(student, world):
    """Two steps of each method from the same weights, with settings such as people use."""
    w, gradients = world.normal((3,)), list(world.away_from_zero((2, 3), 0.3))
    return {
        "adagrad": walk(student.adagrad_step, w.copy(), [g.copy() for g in gradients], 0.1, 1e-8),
        "rmsprop": walk(student.rmsprop_step, w.copy(), [g.copy() for g in gradients], 0.1, 0.9, 1e-8),
        "adam": walk(student.adam_step, w.copy(), [g.copy() for g in gradients], 0.1, (0.9, 0.999), 1e-8),
        "adamw": walk(student.adamw_step, w.copy(), gradients, 0.1, (0.9, 0.999), 1e-8, 0.01),
    }


@case("adaptive", public=True)
def a_step_without_gradient(student, world):
    """A gradient, None, and another gradient: in the middle nothing changes, not even by weight decay."""
    gradients = [world.away_from_zero((2,), 0.1), None, world.away_from_zero((2,), 0.1)]
    return walk(student.adamw_step, world.normal((2,)), gradients, 0.1, (0.9, 0.99), 1e-8, 0.1)


def walks_uphill_at_home(outputs, world):
    """For β₂ = 0.9."""
    return judges.uphill(outputs, [0.9])


@case("adaptive", public=True, check=satisfies(walks_uphill_at_home), worlds=1)
def adam_is_fooled_at_home(student, world):
    """Your gradients for β₂ = 0.9: their sum is positive, and Adam, run on them for thirty periods, walks uphill."""
    return [list(student.fool_adam(0.9))]


@case("adaptive")
def six_steps_of_adagrad(student, world):
    """Six steps of Adagrad with an eps that matters, one of them without a gradient, one with a zero in it; shape (2, 3)."""
    gradients = some_gradients(world, 6, (2, 3))
    gradients[3][0, 0] = 0.0
    return walk(student.adagrad_step, world.normal((2, 3)), [*gradients[:2], None, *gradients[2:]], 0.3, 0.1)


@case("adaptive")
def six_steps_of_rmsprop(student, world):
    """Six steps of RMSProp with an eps that matters, one of them without a gradient, one with a zero in it; shape (2, 3)."""
    gradients = some_gradients(world, 6, (2, 3))
    gradients[3][0, 0] = 0.0
    return walk(student.rmsprop_step, world.normal((2, 3)), [*gradients[:2], None, *gradients[2:]], 0.2, 0.7, 0.1)


@case("adaptive")
def six_steps_of_adam(student, world):
    """Six steps of Adam with unusual settings (β 0.7 and 0.95) and tiny gradients beside an eps of 0.1; one step without a gradient."""
    gradients = [0.1 * g for g in some_gradients(world, 6, (2, 3))]
    gradients[3][0, 0] = 0.0
    return walk(student.adam_step, world.normal((2, 3)), [*gradients[:4], None, *gradients[4:]], 0.2, (0.7, 0.95), 0.1)


@case("adaptive")
def first_step_hardly_depends_on_the_gradient(student, world):
    """The first two steps of Adam with gradients from 10⁻³ to 77, without any eps."""
    g = np.array([1e-3, -77.0, world.uniform(0.1, 9), -world.uniform(0.1, 9)])
    return walk(student.adam_step, world.normal((4,)), [g, world.uniform(0.2, 0.8) * g], 0.1, (0.9, 0.999), 0.0)


@case("adaptive")
def decay_where_there_is_no_slope(student, world):
    """AdamW where the gradient of some weights is 0, with a strong decay; three steps and one without a gradient."""
    gradients = some_gradients(world, 3, (4,))
    for g in gradients:
        g[:2] = 0.0
    return walk(student.adamw_step, 5 + world.normal((4,)), [gradients[0], None, *gradients[1:]], 0.1, (0.8, 0.9), 1e-3, 0.5)


def averages(world):
    """Three values of β₂."""
    return [0.05, world.uniform(0.3, 0.6), world.uniform(0.8, 0.9)]


def walks_uphill(outputs, world):
    """For the values of the world."""
    return judges.uphill(outputs, averages(world))


@case("adaptive", check=satisfies(walks_uphill), worlds=1)
def adam_is_fooled(student, world):
    """Your gradients for three values of β₂."""
    return [list(student.fool_adam(beta2)) for beta2 in averages(world)]
