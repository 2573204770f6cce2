"""The cases of `backprop`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import sympy
from backprop_judges import crossing, exclusive_or, first_corners, fools_first, fools_second, fools_third, wrong_enough
from course_judges import excess_entropy, excess_error, within_budget

from autograder.authoring import case
from autograder.checks import close, derivation, equivalent, exact, real, satisfies

# ---------------------------------------------------------------------------------------------------------------------
# 1. perceptron


def shifted_square(z):
    """An activation that is neither odd nor linear, so that nothing can be applied in another order unseen."""
    return (z + 0.5) ** 2


@case("perceptron", public=True, check=close())
def neuron_with_three_inputs(student, world):
    """One neuron with three inputs, x = (1, 2, 3)·s and a bias: a single number comes out, g(w·x + b) with g(z) = (z + 1/2)²."""
    scale = world.uniform(0.5, 2)
    x, w = scale * np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 0.25])
    return student.neuron(x, w, 2.0, shifted_square)


@case("perceptron", public=True, check=close())
def layer_for_two_examples(student, world):
    """A layer of 3 neurons on 2 examples with 4 inputs gives an array of shape (2, 3)."""
    X, W, b = world.normal((2, 4)), world.normal((4, 3)), world.normal((3,))
    return student.dense_layer(X, W, b, shifted_square)


@case("perceptron", public=True, check=exact())
def line_of_another_neuron(student, world):
    """The decision line as exact Fractions, for weights like (2, 4) and bias −1: 2·x1 + 4·x2 − 1 = 0 is x2 = −x1/2 + 1/4."""
    w, b = (world.fraction(), world.fraction()), world.fraction()
    slope, intercept = student.decision_line(w, b)
    return {"slope": Fraction(slope), "intercept": Fraction(intercept)}


@case("perceptron", check=close())
def neuron_in_many_dimensions(student, world):
    """One neuron with 7 inputs and a bias far from 0."""
    return student.neuron(world.normal((7,)), world.normal((7,)), world.normal(mean=5), shifted_square)


@case("perceptron", check=close())
def layer_is_square_and_batch_is_one(student, world):
    """A batch of one example through a layer with as many neurons as inputs; then five examples."""
    W, b = world.normal((3, 3)), world.normal((3,), mean=2)
    return [student.dense_layer(world.normal((m, 3)), W, b, shifted_square) for m in (1, 5)]


@case("perceptron", check=exact())
def line_of_a_negative_bias(student, world):
    """The decision line of a neuron whose two weights and bias have three different sizes, the bias negative."""
    w, b = (world.fraction(2, 3), world.fraction(4, 6)), -world.fraction(7, 9)
    return [Fraction(value) for value in student.decision_line(w, b)]


@case("perceptron", check=exact(), worlds=1)
def line_and_side_by_hand(student, world):
    """Slope and intercept of the decision line for weights (3, −2) and bias 1, and the side on which (−1, 2) lies."""
    mine = student.by_hand()
    return {
        "slope": Fraction(mine["slope"]),
        "intercept": Fraction(mine["intercept"]),
        "side": str(mine["side"]).strip().lower(),
    }


@case("perceptron", check=equivalent({}), worlds=1)
def values_by_hand(student, world):
    """z and σ(z) at the point (−1, 2), exactly."""
    mine = student.by_hand()
    return [sympy.sympify(mine["z"]), sympy.sympify(mine["sigma"])]


# ---------------------------------------------------------------------------------------------------------------------
# 2. linear_stack


def random_layer(world, rows, columns):
    """(W, b) with small positive Fractions, so that nothing cancels."""
    return world.fractions((rows, columns), 1, 6, 4), world.fractions((columns,), 1, 6, 4)


def as_fractions(layer):
    """(W, b) as nested lists of Fractions, whatever kind of list or number came back."""
    W, b = layer
    return {"W": [[Fraction(x) for x in row] for row in W], "b": [Fraction(x) for x in b]}


@case("linear_stack", public=True, check=exact())
def two_square_layers(student, world):
    """Two layers, 2 → 2 → 2, collapse into one: xW + b must be (xW1 + b1)W2 + b2 for every x, exactly."""
    return as_fractions(student.collapse([random_layer(world, 2, 2), random_layer(world, 2, 2)]))


@case("linear_stack", public=True, check=exact())
def two_layers_of_other_shapes(student, world):
    """Two layers, 3 → 2 → 1: the shapes of W and b are (3, 1) and (1,)."""
    return as_fractions(student.collapse([random_layer(world, 3, 2), random_layer(world, 2, 1)]))


@case("linear_stack", check=exact())
def four_layers(student, world):
    """Four layers, 2 → 3 → 2 → 2 → 4."""
    shapes = ((2, 3), (3, 2), (2, 2), (2, 4))
    return as_fractions(student.collapse([random_layer(world, rows, columns) for rows, columns in shapes]))


@case("linear_stack", check=exact())
def one_layer_and_the_list_untouched(student, world):
    """A stack of one layer is that layer, and collapsing three layers leaves the caller's lists as they were."""
    one = [random_layer(world, 2, 3)]
    three = [random_layer(world, 2, 2) for _ in range(3)]
    result = [as_fractions(student.collapse(one)), as_fractions(student.collapse(three))]
    return {"result": result, "layers_after": [as_fractions(layer) for layer in one + three]}


def as_points(points):
    """Points as lists of Fractions."""
    return [[Fraction(x) for x in point] for point in points]


@case("linear_stack", check=satisfies(crossing), worlds=1)
def no_line_separates(student, world):
    """Four different points that no line separates by class: two of class +, two of class −."""
    plus, minus = student.inseparable()
    return [as_points(plus), as_points(minus)]


def weights_of(network):
    """(W1, b1, w2, b2) as Fractions."""
    W1, b1, w2, b2 = network
    return {"W1": as_points(W1), "b1": as_points([b1])[0], "w2": as_points([w2])[0], "b2": Fraction(b2)}


@case("linear_stack", public=True, check=satisfies(first_corners), worlds=1)
def network_up_to_the_last_corner(student, world):
    """Your network of two ReLU units at three of the four corners: 0 at (0, 0), and 1 at (0, 1) and (1, 0)."""
    return weights_of(student.xor_network())


@case("linear_stack", check=satisfies(exclusive_or), worlds=1)
def two_hidden_units_are_enough(student, world):
    """The network with your weights computes 0, 1, 1, 0 at (0, 0), (0, 1), (1, 0), (1, 1), exactly."""
    return weights_of(student.xor_network())


# ---------------------------------------------------------------------------------------------------------------------
# 3. activations


def activations_of(student, z):
    """The three activations of z."""
    return {"sigmoid": student.sigmoid(z), "tanh": student.tanh(z), "relu": student.relu(z)}


@case("activations", public=True, check=close())
def small_inputs(student, world):
    """σ, tanh and relu of small numbers, negative and positive, in an array of shape (2, 3)."""
    return activations_of(student, world.away_from_zero((2, 3)))


@case("activations", public=True, check=close())
def slopes_at_small_inputs(student, world):
    """The three slopes. The first two get a = σ(z) and a = tanh(z), not z; the third gets z, and its slope at 0 is 0."""
    z = world.away_from_zero((5,))
    return {
        "sigmoid_slope": student.sigmoid_slope(1 / (1 + np.exp(-z))),
        "tanh_slope": student.tanh_slope(np.tanh(z)),
        "relu_slope": student.relu_slope(np.append(z, 0.0)),
    }


def far_out(world):
    """Inputs up to ±1e4, with 0 and the place where e^z leaves float64 among them."""
    return np.concatenate(
        [[-1e4, -800.0, 0.0, 800.0, 1e4], world.uniform(50, 1e3, (2,)), -world.uniform(50, 1e3, (2,))]
    )


@case("activations", check=close())
def large_inputs(student, world):
    """σ, tanh and relu stay finite and right for inputs of ±10⁴."""
    return activations_of(student, far_out(world))


@case("activations", check=close(elementwise=True))
def left_tail_of_sigmoid(student, world):
    """σ(z) for z between −600 and −20 is a small number, and not 0: every entry to six digits."""
    return student.sigmoid(-world.uniform(20, 600, (6,)))


@case("activations", check=close())
def slopes_far_out(student, world):
    """The slopes where the activations are saturated, for arrays of shape (2, 3, 2)."""
    a = world.uniform(0, 1, (2, 3, 2))
    return {
        "sigmoid_slope": student.sigmoid_slope(np.append(a, [0.0, 1.0, 0.5])),
        "tanh_slope": student.tanh_slope(2 * a - 1),
        "relu_slope": student.relu_slope(far_out(world)),
        "whole_array": student.sigmoid_slope(a),
    }


@case("activations", check=close())
def moderate_inputs(student, world):
    """σ, tanh and relu of an array of shape (3, 4), and the array afterwards: it must not be changed in place."""
    z = world.normal((3, 4), scale=2)
    return {**activations_of(student, z), "slope": student.relu_slope(z), "z_after": z}


# ---------------------------------------------------------------------------------------------------------------------
# 4. losses


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
    return [student.binary_cross_entropy(z, y), student.binary_cross_entropy(z, 1 - y)]


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
    """Batches of 1, 3 and 6 examples: the loss is the mean over them; inputs stay as they were."""
    out = []
    for m in (1, 3, 6):
        logits, right, target = world.normal((m, 5)), world.integers(5, (m,)), world.normal((m, 5))
        found = [student.softmax_cross_entropy(logits, right), student.mean_squared_error(logits, target)]
        out.append([*found, student.binary_cross_entropy(logits[:, 0], right % 2), logits])
    return out


# ---------------------------------------------------------------------------------------------------------------------
# 5. chain_rule

NAMES = ["w1", "w2", "x1", "x2", "x3", "y1", "y2", "y3"]
DOMAINS = dict.fromkeys(NAMES, real(-2, 2))
_z = sympy.Symbol("z")
MEANING = {"sigma": sympy.Lambda(_z, 1 / (1 + sympy.exp(-_z)))}


def by_w2():
    """A derivation of dJ/dw2: three rules are used."""
    return derivation(3, DOMAINS, functions=MEANING)


def by_w1():
    """A derivation of dJ/dw1: five rules are used."""
    return derivation(5, DOMAINS, functions=MEANING)


def symbols_for(m):
    """w1, w2 and m pairs (x_i, y_i) of sympy symbols."""
    w1, w2 = sympy.symbols("w1 w2")
    return w1, w2, [sympy.symbols(f"x{i} y{i}") for i in range(1, m + 1)]


@case("chain_rule", public=True, check=by_w2(), worlds=1)
def output_weight_with_two_examples(student, world):
    """The derivation of dJ/dw2 for m = 2 examples, line by line, from Derivative(J, w2) to the answer."""
    return list(student.derive_w2(*symbols_for(2)))


@case("chain_rule", public=True, check=by_w1(), worlds=1)
def hidden_weight_with_two_examples(student, world):
    """The derivation of dJ/dw1 for m = 2 examples, line by line, from Derivative(J, w1) to the answer."""
    return list(student.derive_w1(*symbols_for(2)))


@case("chain_rule", check=by_w2(), worlds=1)
def output_weight_with_three_examples(student, world):
    """The derivation of dJ/dw2 for m = 3 examples."""
    return list(student.derive_w2(*symbols_for(3)))


@case("chain_rule", check=by_w1(), worlds=1)
def hidden_weight_with_three_examples(student, world):
    """The derivation of dJ/dw1 for m = 3 examples."""
    return list(student.derive_w1(*symbols_for(3)))


@case("chain_rule", check=equivalent(DOMAINS, functions=MEANING), worlds=1)
def answers_for_one_example(student, world):
    """The last lines of both derivations for a single example."""
    return [student.derive_w2(*symbols_for(1))[-1], student.derive_w1(*symbols_for(1))[-1]]


# ---------------------------------------------------------------------------------------------------------------------
# 6. two_layer


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


@case("two_layer", public=True, check=close())
def loss_of_a_small_network(student, world):
    """The loss of a network with 4 inputs, 3 hidden units and 2 classes, for 5 examples."""
    return student.two_layer_loss(*network_instance(world, 5, 4, 3, 2))


@case("two_layer", public=True, check=close())
def gradients_at_the_output(student, world):
    """The first three gradients: by the logits S, by W2 and by b2. The others come from these, so check them first."""
    found = student.two_layer_gradients(*network_instance(world, 5, 4, 3, 2))
    return {name: found[name] for name in ("S", "W2", "b2")}


@case("two_layer", public=True, check=close())
def gradients_at_the_hidden_layer(student, world):
    """The way back through the hidden layer: by H, by Z, by W1, by b1 and by X; shapes (5, 3), (5, 3), (4, 3), (3,), (5, 4)."""
    found = student.two_layer_gradients(*network_instance(world, 5, 4, 3, 2))
    return {name: found[name] for name in ("H", "Z", "W1", "b1", "X")}


@case("two_layer", check=close())
def gradients_of_square_layers(student, world):
    """All sizes are 4, so that a transposed matrix fits as well; only values tell."""
    return student.two_layer_gradients(*network_instance(world, 4, 4, 4, 4))


@case("two_layer", check=close())
def gradients_for_a_batch_of_one(student, world):
    """One example, 3 inputs, 5 hidden units, 4 classes: every shape as in a large batch."""
    return student.two_layer_gradients(*network_instance(world, 1, 3, 5, 4))


@case("two_layer", check=close())
def gradients_by_the_output_layer_of_a_large_batch(student, world):
    """S, W2 and b2 for 11 examples; and the inputs afterwards, which must be as they were."""
    inputs = network_instance(world, 11, 2, 3, 6)
    found = student.two_layer_gradients(*inputs)
    return {"found": [found[name] for name in ("S", "W2", "b2")], "inputs_after": list(inputs)}


@case("two_layer", check=close())
def gradients_with_saturated_logits(student, world):
    """Output weights of size 10⁴: the loss is large, and loss and gradients are finite and right."""
    X, Y, W1, b1, W2, b2 = network_instance(world, 6, 3, 4, 5)
    inputs = (X, Y, W1, b1, 1e4 * W2, b2)
    return {"loss": student.two_layer_loss(*inputs), "gradients": student.two_layer_gradients(*inputs)}


@case("two_layer", check=close())
def loss_of_other_shapes(student, world):
    """The loss for a batch of one, and for 7 examples of which each has one certain class."""
    X, Y, *weights = network_instance(world, 7, 3, 5, 4)
    certain = np.eye(4)[world.integers(4, (7,))]
    return [student.two_layer_loss(X[:1], Y[:1], *weights), student.two_layer_loss(X, certain, *weights)]


# ---------------------------------------------------------------------------------------------------------------------
# 7. vjps


def both(pair, world):
    """Value and gradients of (out, vjp) for a random cotangent, and the cotangent afterwards."""
    out, vjp = pair
    g = np.asarray(world.normal(np.shape(out)))
    return {"out": out, "gradients": list(vjp(g)), "g_after": g}


@case("vjps", public=True, check=close())
def sums_after_broadcasting(student, world):
    """`unbroadcast`: a gradient of shape (2, 3, 4) for arguments of shapes (3, 4), (4,), (3, 1) and (2, 1, 4)."""
    g = world.normal((2, 3, 4))
    return [student.unbroadcast(g, shape) for shape in ((3, 4), (4,), (3, 1), (2, 1, 4))]


@case("vjps", public=True, check=close())
def plain_matrix_product(student, world):
    """matmul of shapes (3, 5) and (5, 2) with a random cotangent of shape (3, 2)."""
    return both(student.op_matmul(world.normal((3, 5)), world.normal((5, 2))), world)


@case("vjps", public=True, check=close())
def softmax_of_one_row(student, world):
    """softmax of 4 logits with a random cotangent: every output depends on every input."""
    return both(student.op_softmax(world.normal((4,))), world)


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
    """Batches of matrices against one matrix, one against a batch, and axes of length 1 on both sides."""
    shapes = (((4, 2, 3), (3, 5)), ((2, 3), (4, 3, 2)), ((2, 1, 3, 4), (5, 4, 2)), ((3, 1, 1, 2), (1, 4, 2, 3)))
    return [both(student.op_matmul(world.normal(a), world.normal(b)), world) for a, b in shapes]


@case("vjps", check=close())
def softmax_of_a_cube(student, world):
    """softmax over the last axis of shape (2, 3, 5), and of logits of ±10⁴."""
    far = np.array([[1e4, 1e4, -1e4], [0.5, -0.5, 0.0]])
    return [both(student.op_softmax(world.normal((2, 3, 5))), world), both(student.op_softmax(far), world)]


@case("vjps", check=close())
def log_sum_exp_and_its_gradient(student, world):
    """log Σ e^z for shapes (5,), (2, 3, 4), and with logits near 10⁴."""
    inputs = (world.normal((5,)), world.normal((2, 3, 4)), 1e4 + world.normal((2, 3)))
    return [both(student.op_log_sum_exp(z), world) for z in inputs]


@case("vjps", check=close())
def layer_norm_of_a_cube(student, world):
    """Layer norm of shape (2, 3, 7) with an eps that matters, of small numbers, and of a row whose entries are all equal."""
    gamma, beta = world.normal((7,)), world.normal((7,))
    equal = np.ones((2, 7)) * np.array([[2.0], [-1.0]])
    inputs = ((world.normal((2, 3, 7), mean=3), 0.1), (world.normal((4, 7), scale=1e-3), 1e-5), (equal, 1e-2))
    return [both(student.op_layer_norm(x, gamma, beta, eps), world) for x, eps in inputs]


@case("vjps", check=close())
def embedding_with_repeated_ids(student, world):
    """Ids in a table of shape (3, 4), most of them repeated, and rows that nobody looks up."""
    table, ids = world.normal((9, 5)), world.integers(4, (3, 4))
    return {**both(student.op_embedding(table, ids), world), "table_after": table}


@case("vjps", check=close())
def maximum_with_many_ties(student, world):
    """Maximum over the last axis of small whole numbers, shape (3, 4, 6): ties of two, three and more."""
    return both(student.op_max(world.integers(3, (3, 4, 6)).astype(float)), world)


# ---------------------------------------------------------------------------------------------------------------------
# 8. reverse_mode


def counted(node, calls):
    """The node; each call of its vjp is noted in the list `calls`."""
    inner = node.vjp

    def vjp(g):
        calls.append(1)
        return inner(g)

    node.vjp = vjp
    return node


def grads(nodes):
    """The exact gradients of nodes; None stays None."""
    return [None if node.grad is None else Fraction(node.grad) for node in nodes]


@case("reverse_mode", public=True, check=exact())
def product_and_sum(student, world):
    """z = x·y + x, exactly: dz/dx = y + 1 and dz/dy = x."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    z = x * y + x
    student.backward(z)
    return grads([x, y, z])


@case("reverse_mode", public=True, check=exact())
def value_used_three_times(student, world):
    """s = x + y is used three times in z = s·s − s/y: what comes back along its three edges is added up."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    s = x + y
    z = s * s - s / y
    student.backward(z)
    return grads([x, y, s])


def random_graph(world, calls):
    """Leaves and inner nodes of a random graph in which values are used again and again; the last node is the root."""
    from backprop_graph import Node

    leaves = [Node(world.fraction(-3, 3, 4)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(10):
        a, leaf, b = world.choice(nodes[-4:]), world.choice(leaves), world.choice(nodes)
        made = world.choice([a + b, a - b, a * leaf, a / leaf, -a])
        nodes.append(counted(made, calls))
    nodes.append(counted(nodes[-1] * nodes[-2] + nodes[-3] - leaves[0], calls))
    return nodes


@case("reverse_mode", check=exact())
def random_graphs(student, world):
    """Five random graphs of 15 nodes with rational values: every gradient exactly, None for nodes that the root does not need, and each vjp called once."""
    out = []
    for _ in range(5):
        calls = []
        nodes = random_graph(world, calls)
        student.backward(nodes[-1])
        out.append({"grads": grads(nodes), "calls": len(calls)})
    return out


@case("reverse_mode", check=exact())
def sixty_doublings(student, world):
    """y = x, then y = y + y sixty times: the gradient is 2⁶⁰, and sixty calls are enough."""
    from backprop_graph import Node

    calls = []
    y = x = Node(world.fraction())
    for _ in range(60):
        y = counted(y + y, calls)
    student.backward(y, 10 + x.value)
    return {"grad": Fraction(x.grad), "calls": len(calls)}


@case("reverse_mode", check=exact())
def very_deep_chain(student, world):
    """A chain of 5,000 nodes, deeper than Python's recursion limit."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    z = x
    for _ in range(2500):
        z = -(z + y)
    student.backward(z, world.fraction(-90, 90, 97))
    return grads([x, y])


@case("reverse_mode", check=exact())
def second_call(student, world):
    """A second call on the same graph, and a call from another root that shares nodes with the first: nothing stale is left."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    s = x * y
    first, second = s + x, s * s
    out = []
    for root, upstream in ((first, 1), (first, Fraction(2)), (second, 1)):
        student.backward(root, upstream)
        out.append(grads([x, y, s]))
    return out


@case("reverse_mode", check=close())
def arrays_stay_as_they_were(student, world):
    """Nodes that hold arrays: the gradients, and the upstream array afterwards, which other code may still need."""
    from backprop_graph import Node

    x, y, upstream = Node(world.normal((3,))), Node(world.normal((3,))), world.normal((3,))
    s = x + y
    student.backward(s * x + s + y, upstream)
    return {"grads": [x.grad, y.grad, s.grad], "upstream_after": upstream, "values_after": [x.value, y.value]}


# ---------------------------------------------------------------------------------------------------------------------
# 9. break_checker


def cubes(x):
    """The row sums of x³."""
    return np.sum(x**3, axis=1)


def cubes_vjp(x, g):
    """Its gradient, the right one."""
    return g[:, None] * 3 * x**2


def rows_softmax(x):
    """softmax of each row."""
    e = np.exp(x)
    return e / np.sum(e, axis=1, keepdims=True)


def rows_softmax_vjp(x, g):
    """Its gradient, the right one."""
    p = rows_softmax(x)
    return p * (g - np.sum(p * g, axis=1, keepdims=True))


def floored(errors):
    """Errors below 1e-6 are rounding, and count as 1e-6."""
    return np.maximum(np.array([float(e) for e in errors]), 1e-6)


@case("break_checker", public=True, check=close(1e-7, elementwise=True))
def right_and_wrong_gradients(student, world):
    """Your checker on the row sums of x³: the right gradient (error below 10⁻⁶), one of wrong sign (error 2), and one that is a little too large."""
    x, g, factor = world.normal((2, 3)), world.normal((2,)), world.uniform(1.05, 1.5)
    claims = (cubes_vjp, lambda x, g: -cubes_vjp(x, g), lambda x, g: factor * cubes_vjp(x, g))
    return floored([student.gradient_error(cubes, claim, x, g) for claim in claims])


@case("break_checker", check=close(3e-9, elementwise=True))
def softmax_gradients(student, world):
    """Your checker on softmax with a random cotangent: the right gradient, and one that forgets how the outputs depend on each other."""
    x, g = world.normal((3, 4)), world.normal((3, 4))
    claims = (rows_softmax_vjp, lambda x, g: rows_softmax(x) * g, lambda x, g: rows_softmax_vjp(x, np.ones_like(g)))
    return {
        "errors": floored([student.gradient_error(rows_softmax, claim, x, g) for claim in claims]),
        "x_after": x,
        "g_after": g,
    }


@case("break_checker", check=close(1e-7, elementwise=True))
def same_length_other_direction(student, world):
    """A claim with the right length that points elsewhere, and one that is wrong in a single entry."""
    x, g = world.normal((2, 5)), world.normal((2,))
    spot = np.zeros((2, 5))
    spot[1, 2] = 1.0
    claims = (lambda x, g: np.flip(cubes_vjp(x, g)), lambda x, g: cubes_vjp(x, g) + spot)
    return floored([student.gradient_error(cubes, claim, x, g) for claim in claims])


@case("break_checker", check=close(1e-7, elementwise=True))
def step_and_small_gradients(student, world):
    """The step is used as h (for x³ a step of 0.1 is off by exactly h²), and a function with gradient 0 is divided by 10⁻⁸ only."""
    coarse = []
    for step in (0.1, 0.2, 0.3):
        x = np.stack([world.uniform(0.5, 1, (3,)), world.uniform(2.5, 3, (3,))])
        coarse.append(student.gradient_error(cubes, cubes_vjp, x, np.array([3.0, 1.0]), step=step))
    flat = student.gradient_error(lambda x: np.ones(2), lambda x, g: np.full(x.shape, 3e-8), x, np.ones(2))
    return floored([*coarse, flat])


def submitted(pair):
    """(x, claimed) as float arrays."""
    x, claimed = pair
    return {"x": np.array(x, dtype=float), "claimed": np.array(claimed, dtype=float)}


@case("break_checker", public=True, check=satisfies(wrong_enough), worlds=1)
def claims_are_wrong_enough(student, world):
    """Your three points and claims have the right shapes, and each claim is wrong by at least a tenth. Whether the checkers accept them, try at home."""
    return [submitted(pair) for pair in (student.fool_first(), student.fool_second(), student.fool_third())]


@case("break_checker", check=satisfies(fools_first), worlds=1)
def first_checker_is_fooled(student, world):
    """`first_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_first())


@case("break_checker", check=satisfies(fools_second), worlds=1)
def second_checker_is_fooled(student, world):
    """`second_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_second())


@case("break_checker", check=satisfies(fools_third), worlds=1)
def third_checker_is_fooled(student, world):
    """`third_checker` accepts your claim, and the claim is wrong by at least a tenth."""
    return submitted(student.fool_third())


# ---------------------------------------------------------------------------------------------------------------------
# 10. will_i_pass

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
