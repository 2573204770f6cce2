"""The cases of `gates`: what is called, and how the values that come back are judged."""

import numpy as np
import sympy

from autograder.authoring import case
from autograder.checks import equivalent, positive

DOMAINS = {name: positive(9) for name in ("d", "h", "E", "k")}


def routed(student, logits, k):
    """Experts and weights."""
    found = student.route(logits.copy(), k)
    return {"experts": found["experts"], "weights": found["weights"]}


def mixed(student, world, N, d, m, logits, k):
    """A sparse mixture of linear experts, and how many rows each of them was given."""
    E = logits.shape[1]
    matrices, rows = [world.normal((d, m)) for _ in range(E)], [0] * E

    def expert(e):
        def answers(X):
            rows[e] += len(np.atleast_2d(X))
            return X @ matrices[e]

        return answers

    y = student.sparse_mixture(world.normal((N, d)), logits.copy(), [expert(e) for e in range(E)], k)
    return {"y": y, "rows": list(rows)}


@case("gates", public=True)
def two_tokens_routed(student, world):
    """Two tokens, three experts, k = 2: who is chosen, and with which weights."""
    return routed(student, world.normal((2, 3)), 2)


@case("gates", public=True)
def dense_and_sparse(student, world):
    """Two tokens and three experts: the dense mixture, and the sparse one with k = 2, with the number of rows that each expert is given."""
    logits = world.normal((2, 3))
    logits[:, 2] = [-4.0, 4.0]
    dense = student.dense_mixture(world.normal((2, 3, 2)), logits.copy())
    return {"dense": dense, "sparse": mixed(student, world, 2, 3, 2, logits, 2)}


@case("gates", public=True)
def a_layer_in_numbers(student, world):
    """Weights and multiplications of a layer of experts, in numbers."""
    found = student.size_and_work(world.integers(5, high=20), world.integers(21, high=50), world.integers(5, high=9), 2)
    return [found["weights"], found["multiplications"]]


@case("gates")
def many_tokens_routed(student, world):
    """Seven tokens and five experts for k = 1, 3 and 5; logits of ±10⁴."""
    logits = world.normal((7, 5))
    return [*(routed(student, logits, k) for k in (1, 3, 5)), routed(student, 1e4 * world.normal((3, 4)), 2)]


@case("gates")
def equal_logits(student, world):
    """Logits of which several are equal: the lower index first."""
    logits = world.integers(-1, (8, 6), high=2).astype(float)
    logits[0] = 1.0
    return [routed(student, logits, k) for k in (2, 4)]


@case("gates")
def dense_mixtures(student, world):
    """Dense mixtures of several sizes, and of logits of ±10⁴."""
    sizes = ((4, 3, 5), (3, 3, 3), (1, 6, 2))
    found = [student.dense_mixture(world.normal((N, E, m)), world.normal((N, E), scale=2.0)) for N, E, m in sizes]
    return [*found, student.dense_mixture(world.normal((3, 4, 2)), 1e4 * world.normal((3, 4)))]


@case("gates")
def sparse_mixtures(student, world):
    """Sparse mixtures of eight tokens and four experts for k = 1, 2 and 4, and how many rows each expert is given."""
    logits = world.normal((8, 4), scale=2.0)
    return [mixed(student, world, 8, 3, 2, logits, k) for k in (1, 2, 4)]


@case("gates")
def an_expert_without_tokens(student, world):
    """A sparse mixture in which nobody chooses expert 1, and tokens as long as their answers."""
    logits = world.normal((5, 3))
    logits[:, 1] = logits.min(axis=1) - 0.5
    return mixed(student, world, 5, 3, 3, logits, 2)


@case("gates", check=equivalent(DOMAINS, exact=True), worlds=1)
def a_layer_in_letters(student, world):
    """Weights and multiplications of a layer of experts, as formulas."""
    found = student.size_and_work(*sympy.symbols("d h E k"))
    return [found["weights"], found["multiplications"]]
