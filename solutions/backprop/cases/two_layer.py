"""The cases of `two_layer`: what is called, and how the values that come back are judged."""

import numpy as np
from ground import UNITS

from autograder.authoring import case
from autograder.checks import close

OF_THE_OUTPUT, OF_THE_HIDDEN_LAYER = ("S", "W2", "b2"), ("H", "Z", "W1", "b1", "X")


def network_instance(world, m, d, n, k):
    """Inputs, wanted probabilities and weights of a random network; the shapes are (m, d), (m, k), (d, n), (n,), (n, k), (k,)."""
    Y = world.uniform(0.1, 1, (m, k))
    return (
        world.normal((m, d)),
        Y / Y.sum(axis=1, keepdims=True),
        world.normal((d, n)),
        world.normal((n,)),
        world.normal((n, k)),
        world.normal((k,)),
    )


def copies(arrays):
    """Arrays of their own for one call."""
    return [array.copy() for array in arrays]


def gradients(student, inputs, names=(*OF_THE_OUTPUT, *OF_THE_HIDDEN_LAYER)):
    """The gradients asked for; what else a student's dict holds is the student's business."""
    found = student.two_layer_gradients(*inputs)
    return {name: found[name] for name in names}


@case("two_layer", public=True, check=close(), given=UNITS)
def loss_of_a_small_network(student, world):
    """The loss of a network with 4 inputs, 3 hidden units and 2 classes, for 5 examples."""
    return student.two_layer_loss(*network_instance(world, 5, 4, 3, 2))


@case("two_layer", public=True, check=close(), given=UNITS)
def gradients_at_the_output(student, world):
    """The first three gradients: by the logits S, by W2 and by b2. The others come from these, so check them first."""
    return gradients(student, network_instance(world, 5, 4, 3, 2), OF_THE_OUTPUT)


@case("two_layer", public=True, check=close(), given=UNITS)
def gradients_at_the_hidden_layer(student, world):
    """The way back through the hidden layer: by H, by Z, by W1, by b1 and by X; shapes (5, 3), (5, 3), (4, 3), (3,), (5, 4)."""
    return gradients(student, network_instance(world, 5, 4, 3, 2), OF_THE_HIDDEN_LAYER)


@case("two_layer", check=close(), given=UNITS)
def gradients_of_square_layers(student, world):
    """All sizes are 4, so that a transposed matrix fits as well; only values tell."""
    return gradients(student, network_instance(world, 4, 4, 4, 4))


@case("two_layer", check=close(), given=UNITS)
def gradients_for_a_batch_of_one(student, world):
    """One example, 3 inputs, 5 hidden units, 4 classes: every shape as in a large batch."""
    return gradients(student, network_instance(world, 1, 3, 5, 4))


@case("two_layer", check=close(), given=UNITS)
def gradients_by_the_output_layer_of_a_large_batch(student, world):
    """S, W2 and b2 for 11 examples; and the inputs afterwards, which must be as they were."""
    inputs = network_instance(world, 11, 2, 3, 6)
    return {"found": list(gradients(student, inputs, OF_THE_OUTPUT).values()), "inputs_after": list(inputs)}


@case("two_layer", check=close(), given=UNITS)
def gradients_with_saturated_logits(student, world):
    """Output weights of size 10⁴: the loss is large, and loss and gradients are finite and right."""
    X, Y, W1, b1, W2, b2 = network_instance(world, 6, 3, 4, 5)
    inputs = (X, Y, W1, b1, 1e4 * W2, b2)
    return {"loss": student.two_layer_loss(*copies(inputs)), "gradients": gradients(student, inputs)}


@case("two_layer", check=close(), given=UNITS)
def loss_of_other_shapes(student, world):
    """The loss for a batch of one, and for 7 examples of which each has one certain class."""
    X, Y, *weights = network_instance(world, 7, 3, 5, 4)
    certain = np.eye(4)[world.integers(4, (7,))]
    one = student.two_layer_loss(X[:1].copy(), Y[:1].copy(), *copies(weights))
    return [one, student.two_layer_loss(X, certain, *weights)]
