"""The cases of `dark_knowledge`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
from mixtures_judges import another_teacher

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


def softened(z):
    """softmax along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def teacher_of(world, d, K):
    """(W, b); the rows do not add up to 0."""
    return world.normal((d, K)) + world.normal((d, 1)), world.normal((K,)) + world.normal()


def inputs_of(world, n, d, spread=1.0):
    """Inputs around a point: orthogonal directions of different lengths, so that n = d + 1 of them are never nearly dependent."""
    directions = np.linalg.qr(np.column_stack([np.ones(n), world.normal((n, d))]))[0][:, 1:]
    return world.normal((d,)) + spread * directions * np.sqrt(n) * world.uniform(0.5, 2.0, (d,))


def recovered(student, world, n, d, K):
    """The teacher of one task."""
    X, (W, b) = inputs_of(world, n, d), teacher_of(world, d, K)
    found = student.recover(X.copy(), softened(X @ W + b))
    return [found["W"], found["b"]]


SIZES = ((2, 3), (1, 2), (5, 4))


def tasks(world, sizes):
    """Teachers of these sizes."""
    return [teacher_of(world, d, K) for d, K in sizes]


def judged(outputs, world, sizes):
    """Whether the other teachers say the same."""
    return another_teacher(outputs, tasks(world, sizes), [world.fork("points").normal((50, d)) for d, _ in sizes])


@case("dark_knowledge", public=True, check=close(dtype="float64"))
def three_examples_and_two_inputs(student, world):
    """d = 2, K = 3: the centred teacher from its probabilities for three examples."""
    return recovered(student, world, 3, 2, 3)


@case("dark_knowledge", public=True, check=satisfies(lambda outputs, world: judged(outputs, world, [(2, 3)]), 1e-9))
def weights_that_nobody_can_tell_apart(student, world):
    """Another teacher of two inputs and three classes, with the same probabilities everywhere."""
    return [student.other_teacher(*task) for task in tasks(world, [(2, 3)])]


@case("dark_knowledge", public=True, check=exact())
def worth_of_hard_labels(student, world):
    """The excess after n labels, and how many labels are needed for a given excess, with five classes."""
    n, d = world.integers(50, high=400), world.integers(2, high=9)
    return [student.hard_label_excess(n, d, 5), student.hard_labels_for(Fraction(1, world.integers(20, high=90)), d, 5)]


@case("dark_knowledge", check=close(dtype="float64"))
def five_examples(student, world):
    """d = 4, K = 3 from five examples; d = 3, K = 5 from nine."""
    return [recovered(student, world, 5, 4, 3), recovered(student, world, 9, 3, 5)]


@case("dark_knowledge", check=close(dtype="float64"))
def probabilities_near_zero(student, world):
    """Probabilities as small as 10⁻²⁰⁰, for d = 2, K = 4 and four examples."""
    X, (W, b) = inputs_of(world, 4, 2), teacher_of(world, 2, 4)
    W = W * (400 / np.ptp(X @ W + b, axis=1).max())
    found = student.recover(X.copy(), softened(X @ W + b))
    return [found["W"], found["b"]]


@case("dark_knowledge", check=close(dtype="float64"))
def examples_close_together(student, world):
    """Inputs that lie within some thousandths of each other, and weights of some hundreds: d = 3, K = 3, four examples."""
    X, W = inputs_of(world, 4, 3, 3e-3), 300 * world.normal((3, 3))
    b = world.normal((3,)) - X.mean(axis=0) @ W
    found = student.recover(X.copy(), softened(X @ W + b))
    return [found["W"], found["b"]]


@case("dark_knowledge", check=satisfies(lambda outputs, world: judged(outputs, world, SIZES), 1e-9))
def other_teachers(student, world):
    """Other teachers of several sizes."""
    return [student.other_teacher(*task) for task in tasks(world, SIZES)]


@case("dark_knowledge", check=exact())
def worth_of_other_labels(student, world):
    """The excess for two and for ten classes, and the labels that are needed, also where the bound is reached exactly."""
    n, d = world.integers(50, high=400), world.integers(2, high=9)
    excesses = (Fraction(1, world.integers(20, high=90)), Fraction(9 * (d + 1), 2 * n + 1), Fraction(9 * (d + 1), 1000))
    return {
        "excess": [student.hard_label_excess(n, d, K) for K in (2, 10)],
        "labels": [student.hard_labels_for(excess, d, 10) for excess in excesses],
    }
