"""The cases of `backprop`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import numpy as np
import sympy
from backprop_judges import crossing, exclusive_or

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
    """(W, b) with small random Fractions."""
    return world.fractions((rows, columns), denominator=4), world.fractions((columns,), denominator=4)


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


@case("linear_stack", check=satisfies(exclusive_or), worlds=1)
def two_hidden_units_are_enough(student, world):
    """The network with your weights computes 0, 1, 1, 0 at (0, 0), (0, 1), (1, 0), (1, 1), exactly."""
    W1, b1, w2, b2 = student.xor_network()
    return {"W1": as_points(W1), "b1": as_points([b1])[0], "w2": as_points([w2])[0], "b2": Fraction(b2)}


# ---------------------------------------------------------------------------------------------------------------------
# 3. activations


@case("activations", public=True, check=close())
def small_inputs(student, world):
    """σ, tanh and relu of small numbers, negative and positive, in an array of shape (2, 3)."""
    z = world.away_from_zero((2, 3))
    return {"sigmoid": student.sigmoid(z), "tanh": student.tanh(z), "relu": student.relu(z)}


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
    z = far_out(world)
    return {"sigmoid": student.sigmoid(z), "tanh": student.tanh(z), "relu": student.relu(z)}


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
    return {
        "sigmoid": student.sigmoid(z),
        "tanh": student.tanh(z),
        "relu": student.relu(z),
        "slope": student.relu_slope(z),
        "z_after": z,
    }


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
    z = world.uniform(20, 50)
    return [
        student.binary_cross_entropy(np.array([z]), np.array([1.0])),
        student.binary_cross_entropy(np.array([-z]), np.array([0.0])),
    ]


@case("losses", check=close())
def means_over_batches_of_other_sizes(student, world):
    """Batches of 1, 3 and 6 examples: the loss is the mean over them; inputs stay as they were."""
    out = []
    for m in (1, 3, 6):
        Z, labels, target = world.normal((m, 5)), world.integers(5, (m,)), world.normal((m, 5))
        y = world.integers(2, (m,))
        out.append(
            [
                student.softmax_cross_entropy(Z, labels),
                student.mean_squared_error(Z, target),
                student.binary_cross_entropy(Z[:, 0], y),
                Z,
            ]
        )
    return out


# ---------------------------------------------------------------------------------------------------------------------
# 5. chain_rule

NAMES = ["w1", "w2", *(f"{letter}{i}" for letter in "xy" for i in (1, 2, 3))]
DOMAINS = {name: real(-2, 2) for name in NAMES}
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
