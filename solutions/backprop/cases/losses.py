"""The cases of `losses`: what is called, and how the values that come back are judged."""

import numpy as np

from autograder.authoring import case
from autograder.checks import close


@case("losses", public=True, check=close())
def losses_of_small_logits(student, world):
    """The three losses for 4 examples, logits near 0; each is a mean over the batch, and each is positive."""
    Z, labels = world.normal((4, 3)), world.integers(3, (4,))
    z, y = world.normal((4,)), np.array([0.0, 1.0, 1.0, 0.0])
    return {
        "softmax_cross_entropy": student.softmax_cross_entropy(Z, labels),
        "binary_cross_entropy": student.binary_cross_entropy(z, y),
        "mean_squared_error": student.mean_squared_error(world.normal((4, 2)), world.normal((4, 2))),
    }


@case("losses", public=True, check=close())
def log_sum_exp_of_rows(student, world):
    """log Σ e^z over the last axis: shape (2, 5) in, shape (2,) out; one row lies near 0, one near 1000."""
    return student.log_sum_exp(world.normal((2, 5)) + np.array([[0.0], [1000.0]]))


@case("losses", check=close(elementwise=True))
def log_sum_exp_far_out(student, world):
    """log Σ e^z for logits of ±10⁴ in one batch, for one row, for a cube, and with entries −∞ (a whole row too)."""
    cube = world.normal((2, 3, 4), mean=2)
    cube[0] *= 1e4
    holes = world.normal((3, 4))
    holes[0, 1] = holes[1, :] = -np.inf
    return [student.log_sum_exp(cube), student.log_sum_exp(world.normal((6,), mean=-1e4)), student.log_sum_exp(holes)]


@case("losses", check=close())
def softmax_survives_large_logits(student, world):
    """The softmax cross-entropy of logits of ±10⁴ is finite and right; rows of very different size do not disturb each other."""
    Z = world.normal((5, 7)) * np.array([[1e4], [1.0], [1e-2], [300.0], [1.0]]) + np.array(
        [[0.0], [-5e3], [0.0], [0.0], [9e3]]
    )
    labels = world.integers(7, (5,))
    labels[0] = np.argmin(Z[0])  # a confident mistake in every world: the loss of this row is thousands
    rows = [student.softmax_cross_entropy(Z[i : i + 1], labels[i : i + 1]) for i in range(5)]
    return {"batch": student.softmax_cross_entropy(Z, labels), "each": rows}


@case("losses", check=close())
def binary_survives_large_logits(student, world):
    """The binary cross-entropy of logits of ±10⁴, right and wrong ones, is finite and right."""
    z = np.concatenate([[1e4, -1e4, 700.0, -700.0, 0.0, 35.0], world.normal((4,), scale=10)])
    y = world.integers(2, (10,)).astype(float)
    return [student.binary_cross_entropy(z.copy(), y), student.binary_cross_entropy(z, 1 - y)]


@case("losses", check=close(elementwise=True))
def confident_and_right(student, world):
    """A right answer with logit 30 still costs e^(−30), not 0; checked to six digits, label 1 and label 0."""
    z = world.uniform(38, 60)
    return [
        student.binary_cross_entropy(np.array([z]), np.array([1.0])),
        student.binary_cross_entropy(np.array([-z]), np.array([0.0])),
    ]


@case("losses", check=close())
def means_over_batches_of_other_sizes(student, world):
    """Batches of 1, 3 and 6 examples: the loss is the mean over them."""
    out = []
    for m in (1, 3, 6):
        logits, right, target = world.normal((m, 5)), world.integers(5, (m,)), world.normal((m, 5))
        found = [student.softmax_cross_entropy(logits.copy(), right), student.mean_squared_error(logits.copy(), target)]
        out.append([*found, student.binary_cross_entropy(logits[:, 0], right % 2)])
    return out
