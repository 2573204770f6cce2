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
    raise NotImplementedError("write neuron")


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
    raise NotImplementedError("write dense_layer")


# %%
def decision_line(w, b):
    """Where a neuron with two inputs changes its mind: the line w1·x1 + w2·x2 + b = 0.

    Args:
        w: the two weights (w1, w2), Fractions, w2 not 0.
        b: the bias, a Fraction.

    Returns:
        (slope, intercept) of the line written as x2 = slope·x1 + intercept, two Fractions.
    """
    raise NotImplementedError("write decision_line")


# %% [markdown]
# Now with pencil and paper, for weights $(3, -2)$ and bias $1$. Numbers are exact: `Fraction(1, 3)`, not `0.333`; a rounded number is no answer.
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
    raise NotImplementedError("write by_hand")


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
    raise NotImplementedError("write collapse")


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
    raise NotImplementedError("write inseparable")


# %%
def xor_network():
    """Weights of a network with two hidden ReLU units that computes exclusive-or exactly.

    Returns:
        (W1, b1, w2, b2) such that max(0, x W1 + b1) · w2 + b2 is 0 for x = (0, 0) and (1, 1), and 1 for (0, 1) and (1, 0).
        W1 is a list of two rows of two numbers (row i belongs to input i), b1 and w2 are lists of two numbers, b2 is a
        number; ints or Fractions.
    """
    raise NotImplementedError("write xor_network")


# %% [markdown]
# ## 3. Activations and their slopes (`activations`)
#
# Arrays of any shape go in and come out. Inputs of $\pm 10^4$ must give finite, correct values.
#
# Not to be used in this question: sigmoid and tanh of any library.


# %%
def sigmoid(z):
    """σ(z) = 1/(1 + e^(−z)) for each entry of z, a float array of any shape."""
    raise NotImplementedError("write sigmoid")


# %%
def tanh(z):
    """tanh(z) = (e^z − e^(−z))/(e^z + e^(−z)) for each entry of z, a float array of any shape."""
    raise NotImplementedError("write tanh")


# %%
def relu(z):
    """max(0, z) for each entry of z, a float array of any shape."""
    raise NotImplementedError("write relu")


# %% [markdown]
# In the backward pass the activation $a = \sigma(z)$ is at hand and $z$ is not. So the first two slopes are functions **of $a$**.


# %%
def sigmoid_slope(a):
    """dσ/dz, written with the activation a = σ(z): for each entry of a, an array of any shape."""
    raise NotImplementedError("write sigmoid_slope")


# %%
def tanh_slope(a):
    """d tanh/dz, written with the activation a = tanh(z): for each entry of a, an array of any shape."""
    raise NotImplementedError("write tanh_slope")


# %%
def relu_slope(z):
    """d relu/dz for each entry of z, a float array of any shape. At the kink z = 0 this course takes the slope 0."""
    raise NotImplementedError("write relu_slope")


# %%
if __name__ == "__main__":
    plots.show_activations({"sigmoid": sigmoid, "tanh": tanh, "relu": relu})

# %% [markdown]
# ## 4. Losses that survive large logits (`losses`)
#
# Not to be used in this question: `torch.logsumexp`, `torch.log_softmax`, `torch.nn.functional.cross_entropy`,
# `torch.nn.functional.nll_loss`, `torch.nn.functional.binary_cross_entropy`, `torch.nn.functional.binary_cross_entropy_with_logits`,
# `torch.nn.functional.logsigmoid`, `torch.nn.CrossEntropyLoss`, `torch.nn.NLLLoss`, `torch.nn.BCELoss`, `torch.nn.BCEWithLogitsLoss`,
# `torch.nn.LogSoftmax`, `torch.nn.LogSigmoid`, `scipy.special.logsumexp`, `scipy.special.log_softmax`, `scipy.special.log_expit`.


# %%
def log_sum_exp(z):
    """log Σ_k e^(z_k) over the last axis.

    Args:
        z: float array of shape (..., k). Entries may be as large as ±1e4, and may be −inf (then e^(−inf) = 0).

    Returns:
        Array of shape (...); −inf where all k entries are −inf.
    """
    raise NotImplementedError("write log_sum_exp")


# %%
def binary_cross_entropy(z, y):
    """Mean of −[y log σ(z) + (1 − y) log(1 − σ(z))] over the batch.

    Args:
        z: logits, float array of shape (m,), as large as ±1e4.
        y: labels 0 or 1, shape (m,).

    Returns:
        A number.
    """
    raise NotImplementedError("write binary_cross_entropy")


# %%
def softmax_cross_entropy(Z, labels):
    """Mean of −log softmax(Z_i)[label_i] over the batch.

    Args:
        Z: logits, float array of shape (m, k), as large as ±1e4.
        labels: the right class of each example, integers in [0, k), shape (m,).

    Returns:
        A number.
    """
    raise NotImplementedError("write softmax_cross_entropy")


# %%
def mean_squared_error(prediction, target):
    """Mean of (prediction − target)² over all entries of two float arrays of the same shape. Returns a number."""
    raise NotImplementedError("write mean_squared_error")


# %% [markdown]
# ## 5. The chain rule, one line at a time (`chain_rule`)
#
# The smallest network that has a hidden layer: $z_1 = w_1 x,\; a = \sigma(z_1),\; z_2 = w_2 a,\; \hat y = \sigma(z_2)$, with
# $J(w_1, w_2) = \frac{1}{2m}\sum_{i=1}^m (\hat y_i - y_i)^2$.
#
# You hand in a *derivation*: a list of sympy expressions. The first is the definition, `Derivative(J, w2)`; each following one equals
# the one before it; the last has no `Derivative` left. `sigma` stays a symbol, and the grader knows its meaning. Write
# $\sigma'(z)$ as `sigma(z) * (1 - sigma(z))`. The three helpers below are given. Differentiate one function on each line: that is a step,
# and each step earns its share.

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

    raise NotImplementedError("write derive_w2")


# %%
def derive_w1(w1, w2, examples):
    """The derivation of dJ/dw1, at least six lines: one function is differentiated on each.

    Args and Returns as for `derive_w2`, with w1 in the place of w2.
    """

    raise NotImplementedError("write derive_w1")


# %%
if __name__ == "__main__":
    plots.show_loss_landscape()

# %% [markdown]
# ## 6. A network of two layers in matrix form (`two_layer`)
#
# $$H = \sigma(XW_1 + b_1), \qquad S = HW_2 + b_2, \qquad L = -\frac1m \sum_{i,k} Y_{ik} \log \mathrm{softmax}(S_i)_k$$
#
# Each row of $Y$ holds the wanted probabilities of the $k$ classes and sums to 1. Derive the gradients on paper, from the loss backwards, and
# write each as one line of NumPy. Every gradient has the shape of what it is the gradient of.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def two_layer_loss(X, Y, W1, b1, W2, b2):
    """The loss L of the network.

    Args:
        X: inputs, shape (m, d).
        Y: wanted probabilities, shape (m, k); each row sums to 1.
        W1, b1: shapes (d, n) and (n,).
        W2, b2: shapes (n, k) and (k,).

    Returns:
        A number.
    """
    raise NotImplementedError("write two_layer_loss")


# %%
def two_layer_gradients(X, Y, W1, b1, W2, b2):
    """The gradients of L by everything, as a dict.

    Args: as for `two_layer_loss`.

    Returns:
        {"S": dL/dS, "W2": dL/dW2, "b2": dL/db2, "H": dL/dH, "Z": dL/dZ, "W1": dL/dW1, "b1": dL/db1, "X": dL/dX}, where
        Z = XW1 + b1. They stand in the order in which they are found; further entries do not matter.
    """
    raise NotImplementedError("write two_layer_gradients")


# %% [markdown]
# ## 7. Vector-Jacobian products (`vjps`)
#
# Each operation below returns a pair `(out, vjp)`: its value, and a function that takes a *cotangent* `g` (the gradient of some
# final number by `out`, so of the shape of `out`) and returns a tuple with the gradient of that number by each array argument.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def unbroadcast(g, shape):
    """Sums a gradient down to the shape that an argument had before NumPy broadcast it.

    Args:
        g: gradient, of the shape after broadcasting.
        shape: the shape before: possibly with fewer axes, and with length 1 where g is longer.

    Returns:
        Array of that shape.
    """
    raise NotImplementedError("write unbroadcast")


# %%
def op_matmul(A, B):
    """A @ B for A of shape (..., n, k) and B of shape (..., k, m), the axes in front broadcast against each other.

    Returns:
        (out, vjp) with vjp(g) = (dA, dB), of the shapes of A and B.
    """

    raise NotImplementedError("write op_matmul")


# %%
def op_softmax(z):
    """softmax over the last axis of z, shape (..., k); logits as large as ±1e4.

    Returns:
        (out, vjp) with vjp(g) = (dz,).
    """
    raise NotImplementedError("write op_softmax")


# %%
def op_log_sum_exp(z):
    """log Σ e^z over the last axis of z, shape (..., k); out has shape (...).

    Returns:
        (out, vjp) with vjp(g) = (dz,); g has shape (...).
    """
    raise NotImplementedError("write op_log_sum_exp")


# %%
def op_layer_norm(x, gamma, beta, eps):
    """γ·(x − μ)/√(v + eps) + β; μ and v are mean and variance (divided by k) over the last axis of x.

    Args:
        x: shape (..., k).
        gamma, beta: shape (k,).
        eps: a positive number, under the root.

    Returns:
        (out, vjp) with vjp(g) = (dx, dgamma, dbeta).
    """
    raise NotImplementedError("write op_layer_norm")


# %%
def op_embedding(table, ids):
    """Row `ids[...]` of the table for each id.

    Args:
        table: shape (vocabulary, d).
        ids: integers of any shape; the same id may occur often.

    Returns:
        (out, vjp): out has shape (*ids.shape, d); vjp(g) = (dtable,).
    """

    raise NotImplementedError("write op_embedding")


# %%
def op_max(x):
    """The maximum over the last axis of x, shape (..., k); out has shape (...).

    Where several entries share the maximum, the gradient is shared among them in equal parts.

    Returns:
        (out, vjp) with vjp(g) = (dx,).
    """
    raise NotImplementedError("write op_max")


# %% [markdown]
# ## 8. Reverse mode on a graph (`reverse_mode`)
#
# `backprop_graph.py` has the class `Node`: read it first. Numbers with `+ - * /` build the graph; you write the walk back.

# %%
from backprop_graph import Node


# %%
def backward(root, upstream=1):
    """Sets `grad` of the root and of every node that it was computed from.

    * Each node's `vjp` is called exactly once, when its own `grad` is complete.
    * Gradients start anew at each call: nothing is left over from an earlier call.
    * No array is changed in place: not `upstream`, and not what a `vjp` returned.
    * The graph may be thousands of nodes deep. Nodes that the root does not depend on are left alone.

    Args:
        root: a Node.
        upstream: the gradient that arrives at the root, a number or an array of the shape of its value.
    """
    raise NotImplementedError("write backward")


# %%
if __name__ == "__main__":
    x, y = Node(Fraction(2)), Node(Fraction(3))
    z = x * y + x  # dz/dx = y + 1 = 4, dz/dy = x = 2
    try:
        backward(z)
        print(f"dz/dx = {x.grad}, dz/dy = {y.grad}")
    except NotImplementedError as error:
        print(f"Nothing to show yet: {error}.")

# %% [markdown]
# ## 9. Break the checker (`break_checker`)


# %%
def gradient_error(f, vjp, x, cotangent, step=1e-5):
    """How far a claimed gradient is from the truth.

    The number whose gradient is checked is Σ cotangent · f(x). The truth is taken by central differences in float64, one
    entry of x after the other.

    Args:
        f: function of an array like x; returns an array of the shape of `cotangent`.
        vjp: the claim; `vjp(x, cotangent)` is the gradient by x, of the shape of x.
        x: float64 array of any shape.
        cotangent: float64 array.
        step: h in (F(x + h) − F(x − h)) / 2h.

    Returns:
        max|claimed − numeric| / (max|numeric| + 1e-8), a number.
    """
    raise NotImplementedError("write gradient_error")


# %% [markdown]
# Read `backprop_checkers.py`. Each function below returns an input `x`, shape (k,) with 2 ≤ k ≤ 10 and entries of at most 10⁸ in size, and a
# claimed derivative at that `x` which the checker accepts although it is wrong: its largest error is at least a tenth of the largest
# entry of the true derivative. Try your inputs out here before you hand them in.


# %%
def fool_first():
    """(x, jacobian) that `first_checker` accepts; the Jacobian has shape (k, k), is wrong, and is not all zeros."""
    raise NotImplementedError("write fool_first")


# %%
def fool_second():
    """(x, gradient) that `second_checker` accepts; the gradient has shape (k,) and is wrong."""
    raise NotImplementedError("write fool_second")


# %%
def fool_third():
    """(x, gradient) that `third_checker` accepts; the gradient has shape (k,) and is wrong."""
    raise NotImplementedError("write fool_third")


# %% [markdown]
# ## 10. Will I pass this class? (`will_i_pass`)
#
# One neuron with two inputs, lectures attended and hours on the project, trained by gradient descent on the binary cross-entropy.


# %%
def standardise(train, other):
    """Shifts and scales each column so that the *training* set has mean 0 and standard deviation 1 (divided by m).

    Args:
        train: shape (m, d).
        other: shape (n, d); data that come later (for testing, say) and get the same shift and scale.

    Returns:
        (train, other), both transformed; the arguments stay as they were.
    """
    raise NotImplementedError("write standardise")


# %%
def descend(Z, y, rate, steps):
    """Plain gradient descent on the mean binary cross-entropy of σ(Zw + b), from w = 0 and b = 0, full batch.

    Args:
        Z: inputs, shape (m, d).
        y: labels 0.0 or 1.0, shape (m,).
        rate: learning rate.
        steps: number of steps.

    Returns:
        (w, b, losses): w of shape (d,), b a number, losses a list of `steps` numbers, each the loss *before* its step.
    """
    raise NotImplementedError("write descend")


# %%
def train(X, y, steps):
    """Trains the neuron within a budget of gradient steps.

    Args:
        X: lectures and hours as they are in the records, shape (m, 2).
        y: passed (1.0) or not (0.0), shape (m,).
        steps: the budget, at least 1.

    Returns:
        A dict with "w", shape (2,), and "b", a number, such that a student with raw record x passes with probability
        σ(w·x + b); and "losses", the training loss before each of the `steps` steps, from w = 0 and b = 0 on. What the
        first steps do must not depend on how many follow.
    """
    raise NotImplementedError("write train")


# %%
if __name__ == "__main__":
    from backprop_course import course

    plots.show_training(train, *course(np.arange(800)))

# %% [markdown]
# ## 11. The missing minus sign (`missing_minus`)
#
# A colleague has forgotten the minus sign of the softmax cross-entropy. Explain how one can see that **before** any training step, and give the
# number that should be seen instead. Then say what training would do. Three to six sentences, in the next cell.

# %% [markdown]
# *Your answer:*

# %% [markdown]
# ## 12. Why not ones? (`why_not_ones`)
#
# Explain why a vector of ones is a poor cotangent for checking gradients. Name an operation for which it sees nothing at all, prove that in one
# line, and say what you would use instead and why that works. Three to six sentences, in the next cell.

# %% [markdown]
# *Your answer:*
