"""The cases of `will_i_pass`: what is called, and how the values that come back are judged."""

import numpy as np
from course_judges import all_descended, descended, excess, handed_out
from courses import a_class, everybody, several, three_classes
from ground import LOSS

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


@case("will_i_pass", public=True, check=close(), given=LOSS)
def three_steps_of_descent(student, world):
    """Three steps with learning rate 0.5 on ten examples: weights, bias, and the loss before each step (the first is log 2)."""
    w, b, losses = student.descend(world.normal((10, 2)), world.integers(2, (10,)).astype(float), 0.5, 3)
    return {"w": w, "b": b, "losses": list(losses)}


BUDGETS = (1, 2, 20, 21)


def first_steps(outputs, world):
    """Trainings on the same hundred students are plain descent."""
    return descended(outputs, BUDGETS, *handed_out(world, 100))


@case("will_i_pass", public=True, check=satisfies(first_steps), given=LOSS)
def budget_is_kept(student, world):
    """`train` on 100 students with budgets of 1, 2, 20 and 21 steps: so many losses, the first one log 2; the weights after 1, 2 and 20 steps have the losses that the longest training reports, and those after the first two lie where descent leads."""
    return trainings(student, *some_students(world, 100), BUDGETS)


def trainings(student, X, y, budgets):
    """What `train` returned for each budget; of the longest, the losses alone."""
    found = [trained(student, X.copy(), y.copy(), steps) for steps in budgets]
    return [*found[:-1], {"losses": found[-1]["losses"]}]


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
    """A test set of other size and spread than the training set gets the training set's shift and scale; five columns, one of them a time stamp."""
    train, other = world.normal((8, 5), mean=3, scale=2), world.normal((3, 5), mean=-1)
    since = 1e8 * np.array([0, 0, 0, 0, 1])
    return list(student.standardise(train + since, other + since))


@case("will_i_pass", check=close(), given=LOSS)
def descent_in_three_dimensions(student, world):
    """The weights and the bias after seven steps with learning rate 2 on 6 examples with 3 inputs, and after no step at all."""
    Z, y = world.normal((6, 3), mean=1), world.integers(2, (6,)).astype(float)
    return [list(student.descend(Z.copy(), y.copy(), 2.0, steps)[:2]) for steps in (7, 0)]


@case("will_i_pass", check=close(), given=LOSS)
def losses_along_the_way(student, world):
    """The losses before each of five steps on 7 examples with 4 inputs."""
    Z, y = world.normal((7, 4)), world.integers(2, (7,)).astype(float)
    return list(student.descend(Z, y, 1.5, 5)[2])


def budgets(world):
    """One step, two, and numbers that nobody knows."""
    many = world.integers(6, high=13)
    return 1, 2, many, many + 1


LONGER = (1, 2, 5, 20, 21)


def of_four_classes(outputs, world):
    """Trainings on a class in which those who attend also work, and on three in which diligence alone counts."""
    known = budgets(world)
    return all_descended(outputs, [(known, *a_class(world)), *((LONGER, X, y) for X, y in three_classes(world))])


@case("will_i_pass", check=satisfies(of_four_classes), given=LOSS)
def steps_are_those_of_descent(student, world):
    """The same for a class in which those who attend also work, and for another budget; and for three classes in which the rate that is best for one step is not the best for twenty: the first steps are the same for every budget."""
    known = budgets(world)
    first = trainings(student, *a_class(world), known)
    return [first, *(trainings(student, X, y, LONGER) for X, y in three_classes(world))]


def risk(outputs, world):
    """How far three neurons are from the truth of their courses."""
    return excess(outputs, several(world))


# The threshold: see course_judges.py.
@case("will_i_pass", check=satisfies(risk, tolerance=0.006), given=LOSS)
def excess_over_other_courses(student, world):
    """Trained on 3,025 students within 200 steps, for three courses with other chances than the one you know: the cross-entropy over all students is at most 0.006 above that of the true probabilities."""
    courses = several(world)
    found = [trained(student, *everybody(world, course), STEPS) for course in courses]
    return [{"w": run["w"], "b": run["b"]} for run in found]
