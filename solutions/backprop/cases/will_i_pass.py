"""The cases of `will_i_pass`: what is called, and how the values that come back are judged."""

import numpy as np
from course_judges import excess_entropy, excess_error, within_budget

from autograder.authoring import case
from autograder.checks import close, satisfies

STEPS = 200

def some_students(world, m):
    """Records of m of the 2,000 students."""
    from backprop_course import course

    return course(world.permutation(2000)[:m])


@case("will_i_pass", public=True, check=close())
def standardised_training_set(student, world):
    """Six students as training set and three others: both are shifted and scaled by the mean and deviation of the six."""
    X, _ = some_students(world, 9)
    train, other = student.standardise(X[:6], X[6:])
    return {"train": train, "other": other, "X_after": X}


@case("will_i_pass", public=True, check=close())
def three_steps_of_descent(student, world):
    """Three steps with learning rate 0.5 on ten examples: weights, bias, and the loss before each step (the first is log 2)."""
    w, b, losses = student.descend(world.normal((10, 2)), world.integers(2, (10,)).astype(float), 0.5, 3)
    return {"w": w, "b": b, "losses": list(losses)}


@case("will_i_pass", public=True, check=satisfies(within_budget), worlds=1)
def budget_is_kept(student, world):
    """`train` on 100 students with a budget of 20 steps: twenty losses, the first one log 2, the last one smaller."""
    return trained(student, *some_students(world, 100), 20)


def trained(student, X, y, steps):
    """What `train` returned, as plain values."""
    found = student.train(X, y, steps)
    return {
        "w": np.array(found["w"], dtype=float),
        "b": float(found["b"]),
        "losses": [float(v) for v in found["losses"]],
    }


@case("will_i_pass", check=close())
def scale_comes_from_the_training_set(student, world):
    """A test set of other size and spread than the training set gets the training set's shift and scale; five columns."""
    train, other = world.normal((8, 5), mean=3, scale=2), world.normal((3, 5), mean=-1)
    return list(student.standardise(train, other))


@case("will_i_pass", check=close())
def descent_in_three_dimensions(student, world):
    """The weights and the bias after seven steps with learning rate 2 on 6 examples with 3 inputs, and after no step at all."""
    Z, y = world.normal((6, 3), mean=1), world.integers(2, (6,)).astype(float)
    return [list(student.descend(Z, y, 2.0, steps)[:2]) for steps in (7, 0)] + [Z]


@case("will_i_pass", check=close())
def losses_along_the_way(student, world):
    """The losses before each of five steps on 7 examples with 4 inputs."""
    Z, y = world.normal((7, 4)), world.integers(2, (7,)).astype(float)
    return list(student.descend(Z, y, 1.5, 5)[2])


# The thresholds: see the head of course_judges.py.
@case("will_i_pass", check=satisfies(excess_error, tolerance=0.0078), worlds=1)
def excess_error_over_bayes(student, world):
    """Trained on 1,950 students within 200 steps, your neuron errs at most 0.78 % more often than the best possible predictor, over the whole population."""
    return trained(student, *some_students(world, 1950), STEPS)


@case("will_i_pass", check=satisfies(excess_entropy, tolerance=0.021), worlds=1)
def excess_cross_entropy_over_bayes(student, world):
    """The same training; its cross-entropy over the whole population is at most 0.021 above that of the true probabilities."""
    return trained(student, *some_students(world, 1950), STEPS)
