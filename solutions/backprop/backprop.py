# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Backpropagation from first principles
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# One convention holds everywhere: **examples are rows**. A batch $X$ has shape $(m, d)$, a layer computes $XW + b$ with
# $W$ of shape $(d, n)$, and $b$ of shape $(n,)$ is added to each row.
#
# Cells that only draw are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
from fractions import Fraction

import backprop_plots as plots
import numpy as np
import sympy

# %% [markdown]
# ## 1. One neuron, one layer, one line (`perceptron`)
#
# A neuron with weights $w$, bias $b$ and activation $g$ computes $g(w \cdot x + b)$.


# %%
def neuron(x, w, b, g):
    """The output of one neuron.

    Args:
        x: input, shape (d,).
        w: weights, shape (d,).
        b: bias, a number.
        g: activation, a function of a number.

    Returns:
        g(w·x + b), a number.
    """
    # BEGIN SOLUTION
    return g(np.sum(w * x) + b)
    # END SOLUTION


# %%
def dense_layer(X, W, b, g):
    """The outputs of a layer of n neurons for a batch of m examples.

    Args:
        X: inputs, shape (m, d).
        W: weights, shape (d, n): one column for each neuron.
        b: biases, shape (n,).
        g: activation, applied to each entry of an array.

    Returns:
        Array of shape (m, n).
    """
    # BEGIN SOLUTION
    return g(X @ W + b)
    # END SOLUTION


# %%
def decision_line(w, b):
    """Where a neuron with two inputs changes its mind: the line w1·x1 + w2·x2 + b = 0.

    Args:
        w: the two weights (w1, w2), Fractions, w2 not 0.
        b: the bias, a Fraction.

    Returns:
        (slope, intercept) of the line written as x2 = slope·x1 + intercept, two Fractions.
    """
    # BEGIN SOLUTION
    return -w[0] / w[1], -b / w[1]
    # END SOLUTION


# %% [markdown]
# Now with pencil and paper, for weights $(3, -2)$ and bias $1$. Numbers are exact: `Fraction(1, 3)`, not `0.333`.
# For $\sigma(z)$ give an exact sympy expression, such as `sympy.exp(2) / 7`.


# %%
def by_hand():
    """Your answers for w = (3, −2), b = 1 and the point (−1, 2).

    Returns:
        A dict with
        "slope", "intercept": the decision line x2 = slope·x1 + intercept, Fractions or ints;
        "z": the value of w·x + b at the point (−1, 2), an int or a Fraction;
        "side": the side on which the point lies, "positive" (z > 0) or "negative" (z < 0);
        "sigma": σ(z) = 1/(1 + e^(−z)) at that point, an exact sympy expression.
    """
    # BEGIN SOLUTION
    return {
        "slope": Fraction(3, 2),
        "intercept": Fraction(1, 2),
        "z": -6,
        "side": "negative",
        "sigma": 1 / (1 + sympy.exp(6)),
    }
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_decision_line(decision_line, by_hand)

# %% [markdown]
# ## 2. Why a stack of linear layers is one linear layer (`linear_stack`)
#
# Without an activation, layer after layer is $x \mapsto xW_1 + b_1 \mapsto (xW_1 + b_1)W_2 + b_2 \mapsto \dots$
# Matrices here are lists of rows of `Fraction`s, so that nothing is rounded. `matmul` is given.


# %%
def matmul(A, B):
    """The exact product of two matrices, each a list of rows (given)."""
    return [[sum((a * B[k][j] for k, a in enumerate(row)), Fraction(0)) for j in range(len(B[0]))] for row in A]


# %%
def collapse(layers):
    """One affine layer that computes the same as a stack of them.

    Args:
        layers: list of at least one pair (W, b), in the order in which they are applied: x ↦ xW + b.
            W is a list of rows of Fractions, b a list of Fractions.

    Returns:
        (W, b) of the single layer, in the same form.
    """
    # BEGIN SOLUTION
    (W, b), *rest = layers
    for W_next, b_next in rest:
        W = matmul(W, W_next)
        b = [value + b_next[j] for j, value in enumerate(matmul([b], W_next)[0])]
    return W, b
    # END SOLUTION


# %% [markdown]
# Two points of class + and two points of class − in the plane: choose them so that **no** line has both + on one side and both −
# on the other. Then show that one hidden layer of two ReLU units is enough for the most famous such arrangement.


# %%
def inseparable():
    """Four different points of the plane that no affine map separates by class.

    Returns:
        (plus, minus): two points of class + and two points of class −, each point a pair (x1, x2) of ints or Fractions.
        There must be no w, b with w·p + b > 0 for both p in plus and w·q + b < 0 for both q in minus.
    """
    # BEGIN SOLUTION
    return [(0, 1), (1, 0)], [(0, 0), (1, 1)]
    # END SOLUTION


# %%
def xor_network():
    """Weights of a network with two hidden ReLU units that computes exclusive-or exactly.

    Returns:
        (W1, b1, w2, b2) such that max(0, x W1 + b1) · w2 + b2 is 0 for x = (0, 0) and (1, 1), and 1 for (0, 1) and (1, 0).
        W1 is a list of two rows of two numbers (row i belongs to input i), b1 and w2 are lists of two numbers, b2 is a
        number; ints or Fractions.
    """
    # BEGIN SOLUTION
    return [[1, 1], [1, 1]], [0, -1], [1, -2], 0
    # END SOLUTION


# %% [markdown]
# ## 3. Activations and their slopes (`activations`)
#
# Arrays of any shape go in and come out. Inputs of $\pm 10^4$ must give finite, correct values.


# %%
def sigmoid(z):
    """σ(z) = 1/(1 + e^(−z)) for each entry of z, a float array of any shape."""
    # BEGIN SOLUTION
    return np.exp(-np.logaddexp(0, -z))
    # END SOLUTION


# %%
def tanh(z):
    """tanh(z) = (e^z − e^(−z))/(e^z + e^(−z)) for each entry of z, a float array of any shape."""
    # BEGIN SOLUTION
    return 2 * sigmoid(2 * z) - 1
    # END SOLUTION


# %%
def relu(z):
    """max(0, z) for each entry of z, a float array of any shape."""
    # BEGIN SOLUTION
    return np.maximum(z, 0)
    # END SOLUTION


# %% [markdown]
# In the backward pass the activation $a = \sigma(z)$ is at hand and $z$ is not. So the first two slopes are functions **of $a$**.


# %%
def sigmoid_slope(a):
    """dσ/dz, written with the activation a = σ(z): for each entry of a, an array of any shape."""
    # BEGIN SOLUTION
    return a * (1 - a)
    # END SOLUTION


# %%
def tanh_slope(a):
    """d tanh/dz, written with the activation a = tanh(z): for each entry of a, an array of any shape."""
    # BEGIN SOLUTION
    return 1 - a**2
    # END SOLUTION


# %%
def relu_slope(z):
    """d relu/dz for each entry of z, a float array of any shape. At the kink z = 0 this course takes the slope 0."""
    # BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_activations({"sigmoid": sigmoid, "tanh": tanh, "relu": relu})

# %% [markdown]
# ## 4. Losses that survive large logits (`losses`)


# %%
def log_sum_exp(z):
    """log Σ_k e^(z_k) over the last axis.

    Args:
        z: float array of shape (..., k). Entries may be as large as ±1e4, and may be −inf (then e^(−inf) = 0).

    Returns:
        Array of shape (...); −inf where all k entries are −inf.
    """
    # BEGIN SOLUTION
    return np.logaddexp.reduce(z, axis=-1)
    # END SOLUTION


# %%
def binary_cross_entropy(z, y):
    """Mean of −[y log σ(z) + (1 − y) log(1 − σ(z))] over the batch.

    Args:
        z: logits, float array of shape (m,), as large as ±1e4.
        y: labels 0 or 1, shape (m,).

    Returns:
        A number.
    """
    # BEGIN SOLUTION
    return np.mean(np.logaddexp(0, (1 - 2 * y) * z))
    # END SOLUTION


# %%
def softmax_cross_entropy(Z, labels):
    """Mean of −log softmax(Z_i)[label_i] over the batch.

    Args:
        Z: logits, float array of shape (m, k), as large as ±1e4.
        labels: the right class of each example, integers in [0, k), shape (m,).

    Returns:
        A number.
    """
    # BEGIN SOLUTION
    return np.mean(log_sum_exp(Z) - Z[np.arange(len(Z)), labels])
    # END SOLUTION


# %%
def mean_squared_error(prediction, target):
    """Mean of (prediction − target)² over all entries of two float arrays of the same shape. Returns a number."""
    # BEGIN SOLUTION
    return np.mean((prediction - target) ** 2)
    # END SOLUTION


# %% [markdown]
# ## 5. The chain rule, one line at a time (`chain_rule`)
#
# The smallest network that has a hidden layer: $z_1 = w_1 x,\; a = \sigma(z_1),\; z_2 = w_2 a,\; \hat y = \sigma(z_2)$, with
# $J(w_1, w_2) = \frac{1}{2m}\sum_{i=1}^m (\hat y_i - y_i)^2$.
#
# You hand in a *derivation*: a list of sympy expressions. The first is the definition, `Derivative(J, w2)`; each following one equals
# the one before it; the last has no `Derivative` left. `sigma` stays a symbol, and the grader knows its meaning. Write
# $\sigma'(z)$ as `sigma(z) * (1 - sigma(z))`. The three helpers below are given.

# %%
sigma = sympy.Function("sigma")
Derivative = sympy.Derivative  # Derivative(f, w) is df/dw, not yet carried out


def forward(w1, w2, x):
    """The network's four intermediate values (z1, a, z2, y_hat) for one input (given)."""
    z1 = w1 * x
    a = sigma(z1)
    z2 = w2 * a
    return z1, a, z2, sigma(z2)


def mean_over(examples, term):
    """(1/m) Σ term(x, y) over the m pairs (x, y) of examples (given)."""
    return sum(term(x, y) for x, y in examples) / len(examples)


def one_neuron_loss(w1, w2, examples):
    """J(w1, w2) = 1/(2m) Σ (y_hat − y)², a sympy expression (given)."""
    return mean_over(examples, lambda x, y: (forward(w1, w2, x)[3] - y) ** 2) / 2


# %%
def derive_w2(w1, w2, examples):
    """The derivation of dJ/dw2, at least four lines.

    Args:
        w1, w2: sympy symbols.
        examples: list of m pairs (x, y) of sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, w2), the last contains no Derivative.
    """

    # BEGIN SOLUTION
    def line_2(x, y):
        _, _, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * Derivative(y_hat, w2)

    def line_3(x, y):
        _, _, z2, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * Derivative(z2, w2)

    def line_4(x, y):
        _, a, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * a

    first = Derivative(one_neuron_loss(w1, w2, examples), w2)
    return [first, *[mean_over(examples, line) for line in (line_2, line_3, line_4)]]
    # END SOLUTION


# %%
def derive_w1(w1, w2, examples):
    """The derivation of dJ/dw1, at least six lines: one function is differentiated on each.

    Args and Returns as for `derive_w2`, with w1 in the place of w2.
    """

    # BEGIN SOLUTION
    def line_2(x, y):
        _, _, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * Derivative(y_hat, w1)

    def line_3(x, y):
        _, _, z2, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * Derivative(z2, w1)

    def line_4(x, y):
        _, a, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * w2 * Derivative(a, w1)

    def line_5(x, y):
        z1, a, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * w2 * a * (1 - a) * Derivative(z1, w1)

    def line_6(x, y):
        _, a, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * w2 * a * (1 - a) * x

    first = Derivative(one_neuron_loss(w1, w2, examples), w1)
    return [first, *[mean_over(examples, line) for line in (line_2, line_3, line_4, line_5, line_6)]]
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_loss_landscape()
