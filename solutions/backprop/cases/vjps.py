"""The cases of `vjps`: what is called, and how the values that come back are judged."""

import numpy as np
from ground import UNITS

from autograder.authoring import case
from autograder.checks import close


def both(pair, world):
    """Value and gradients of (out, vjp) for a random cotangent, and the cotangent afterwards."""
    out, vjp = pair
    g = np.asarray(world.normal(np.shape(out)))
    return {"out": out, "gradients": list(vjp(g)), "g_after": g}


@case("vjps", public=True, check=close())
def sums_after_broadcasting(student, world):
    """`unbroadcast`: a gradient of shape (2, 3, 4) for arguments of shapes (3, 4), (4,), (3, 1) and (2, 1, 4)."""
    g = world.normal((2, 3, 4))
    return [student.unbroadcast(g.copy(), shape) for shape in ((3, 4), (4,), (3, 1), (2, 1, 4))]


@case("vjps", public=True, check=close())
def plain_matrix_product(student, world):
    """matmul of shapes (3, 5) and (5, 2) with a random cotangent of shape (3, 2)."""
    return both(student.op_matmul(world.normal((3, 5)), world.normal((5, 2))), world)


@case("vjps", public=True, check=close(), given=UNITS)
def softmax_of_one_row(student, world):
    """softmax of 4 logits with a random cotangent: every output depends on every input."""
    return both(student.op_softmax(world.normal((4,))), world)


@case("vjps", public=True, check=close(), given=UNITS)
def log_sum_exp_of_two_rows(student, world):
    """log Σ e^z of shape (2, 4) with a random cotangent of shape (2,): the value, and the gradient of shape (2, 4)."""
    return both(student.op_log_sum_exp(world.normal((2, 4))), world)


@case("vjps", public=True, check=close())
def layer_norm_of_two_rows(student, world):
    """Layer norm of shape (2, 5): three gradients, by x, γ and β."""
    return both(student.op_layer_norm(world.normal((2, 5)), world.normal((5,)), world.normal((5,)), 1e-5), world)


@case("vjps", public=True, check=close())
def embedding_and_maximum(student, world):
    """A lookup in which id 1 occurs twice, and a maximum that two entries share."""
    looked_up = student.op_embedding(world.normal((4, 3)), np.array([1, 3, 1]))
    shared = student.op_max(np.array([[1.0, 2.0, 2.0, 0.0], [3.0, -1.0, 0.0, 1.0]]))
    return {"embedding": both(looked_up, world), "max": both(shared, world)}


@case("vjps", check=close())
def matrix_products_with_broadcasting(student, world):
    """Batches of matrices against one matrix, one against a batch, and axes of length 1 on both sides; and `unbroadcast` where nothing was stretched, several axes were, all were, and for an argument without axes."""
    g, column = world.normal((2, 3, 4)), world.normal((3, 1))
    little = ((2, 3, 4), (1, 1, 4), (1, 3, 1), (2, 1, 1), (1, 1), (1,), ())
    sums = [student.unbroadcast(g.copy(), shape) for shape in little]
    sums += [student.unbroadcast(column.copy(), shape) for shape in ((3, 1), (1, 1), (1,))]
    shapes = (((4, 2, 3), (3, 5)), ((2, 3), (4, 3, 2)), ((2, 1, 3, 4), (5, 4, 2)), ((3, 1, 1, 2), (1, 4, 2, 3)))
    products = [both(student.op_matmul(world.normal(a), world.normal(b)), world) for a, b in shapes]
    return {"sums": sums, "products": products}


@case("vjps", check=close(), given=UNITS)
def softmax_of_a_cube(student, world):
    """softmax over the last axis of shape (2, 3, 5), of logits of ±10⁴, and of rows of one entry, where it is 1."""
    far = np.array([[1e4, 1e4, -1e4], [0.5, -0.5, 0.0]])
    return [both(student.op_softmax(z), world) for z in (world.normal((2, 3, 5)), far, world.normal((3, 1)))]


@case("vjps", check=close(), given=UNITS)
def log_sum_exp_and_its_gradient(student, world):
    """log Σ e^z for shapes (5,), (2, 3, 4), with logits near 10⁴, and for rows of one entry, which it gives back."""
    inputs = (world.normal((5,)), world.normal((2, 3, 4)), 1e4 + world.normal((2, 3)), world.normal((3, 1)))
    return [both(student.op_log_sum_exp(z), world) for z in inputs]


@case("vjps", check=close())
def layer_norm_of_a_cube(student, world):
    """Layer norm of shape (2, 3, 7) with an eps that matters, of small numbers, of a row whose entries are all equal, and far from 0."""
    gamma, beta = world.normal((7,)), world.normal((7,))
    equal = np.ones((2, 7)) * np.array([[2.0], [-1.0]])
    inputs = ((world.normal((2, 3, 7), mean=3), 0.1), (world.normal((4, 7), scale=1e-3), 1e-5), (equal, 1e-2))
    inputs = (*inputs, (world.normal((3, 7), mean=1e7), 1e-5))
    return [both(student.op_layer_norm(x, gamma.copy(), beta.copy(), eps), world) for x, eps in inputs]


@case("vjps", check=close())
def embedding_with_repeated_ids(student, world):
    """Ids in a table of shape (3, 4), most of them repeated, and rows that nobody looks up; a list of one id, and a single one."""
    table, ids = world.normal((9, 5)), world.integers(4, (3, 4))
    found = both(student.op_embedding(table, ids), world)
    few = [both(student.op_embedding(table, np.array(one)), world) for one in ([ids[0, 0]], ids[1, 1])]
    return {**found, "few": few, "table_after": table}


@case("vjps", check=close())
def maximum_with_many_ties(student, world):
    """Maximum over the last axis of small whole numbers, shape (3, 4, 6): ties of two, three and more; and of rows of one entry."""
    inputs = {"ties": world.integers(3, (3, 4, 6)).astype(float), "one_entry": world.normal((3, 1))}
    return {name: both(student.op_max(x), world) for name, x in inputs.items()}
