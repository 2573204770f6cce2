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
# # Training: descent, noise, rates, and models that generalise
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# Many answers are exact. Numbers come in as `Fraction`s and go out as `Fraction`s: `Fraction(1, 3)`, not `0.333`.
#
# Cells that only draw are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import sympy
import torch
import training_plots as plots

# %% [markdown]
# ## 1. Downhill, but how fast? (`descent`)
#
# $f(x) = \frac12 x^\top A x - b^\top x$ with a symmetric $A$; descent is $x \leftarrow x - \eta\,\nabla f(x)$.


# %%
def descend(A, b, x0, rate, steps):
    """The path of gradient descent on f(x) = ½xᵀAx − bᵀx, exactly.

    Args:
        A: symmetric matrix, a list of n rows of n Fractions.
        b, x0: lists of n Fractions; x0 is the start.
        rate: the learning rate, a Fraction.
        steps: number of steps, an int, 0 or more.

    Returns:
        A list of steps + 1 points, the start first; each point is a list of n Fractions.
    """
    raise NotImplementedError("write descend")


# %%
def largest_rate(eigenvalues):
    """The border of stability: below it descent on f converges from every start, above it from almost none.

    Args:
        eigenvalues: of A, a list of positive Fractions in any order.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write largest_rate")


# %%
def best_rate(eigenvalues):
    """The constant rate for which the worst direction shrinks fastest.

    Args:
        eigenvalues: of A, a list of positive Fractions in any order.

    Returns:
        (rate, factor): the rate, and the factor by which the worst direction shrinks in each step. Two Fractions.
    """
    raise NotImplementedError("write best_rate")


# %% [markdown]
# The curvature of a real loss changes from place to place. Two functions of one variable show what that does.


# %%
def safe_start(rate):
    """For f(x) = x⁴/4: the number r such that descent with this rate converges from |x0| < r and from no |x0| ≥ r.

    Args:
        rate: the learning rate, a positive number.

    Returns:
        r, a float.
    """
    raise NotImplementedError("write safe_start")


# %%
def rate_that_escapes(tilt, start):
    """A rate with which descent leaves the worse valley of f(x) = x⁴/4 − x²/2 + tilt·x and stays in the better one.

    With small rates, descent from `start` ends in the nearest minimum, which is the worse of the two.

    Args:
        tilt: between 0.05 and 0.15, a float.
        start: between 1.6 and 1.7, a float.

    Returns:
        One learning rate, a float, with which descent from `start` converges to the global minimum of f.
    """
    raise NotImplementedError("write rate_that_escapes")


# %%
if __name__ == "__main__":
    plots.show_descent(descend)
    plots.show_rates()

# %% [markdown]
# ## 2. The heavy ball (`heavy_ball`)
#
# $v \leftarrow \beta v + \nabla f(x), \quad x \leftarrow x - \eta v$, with $v = 0$ at the start.


# %%
def momentum(grad, x0, rates, beta):
    """The path of descent with momentum: v ← βv + grad(x), then x ← x − rate·v.

    Args:
        grad: the gradient, a function of a point.
        x0: the start, a Fraction.
        rates: list of learning rates, one for each step.
        beta: the momentum β, a Fraction.

    Returns:
        A list of len(rates) + 1 points, the start first.
    """
    raise NotImplementedError("write momentum")


# %%
def recurrence(rate, curvature, beta):
    """Momentum on f(x) = ½λx² without v: the matrix M with (x_{k+1}, x_k) = M (x_k, x_{k−1}).

    Args:
        rate, curvature, beta: η, λ and β, Fractions.

    Returns:
        M, a list of two rows of two Fractions.
    """
    raise NotImplementedError("write recurrence")


# %%
def largest_momentum_rate(curvature, beta):
    """The border of stability of momentum on f(x) = ½λx²: a Fraction, for Fractions λ and 0 ≤ β < 1."""
    raise NotImplementedError("write largest_momentum_rate")


# %%
def largest_nesterov_rate(curvature, beta):
    """The border of stability of Nesterov's method on f(x) = ½λx²: a Fraction, for Fractions λ and 0 ≤ β < 1.

    Nesterov's method looks ahead: y = x_k + β(x_k − x_{k−1}), then x_{k+1} = y − η∇f(y).
    """
    raise NotImplementedError("write largest_nesterov_rate")


# %%
def best_momentum(low, high):
    """The pair (rate, beta) for which momentum on ½λx² shrinks fastest in the worst case of λ in [low, high].

    Args:
        low, high: least and largest curvature, floats, 0 < low < high.

    Returns:
        (rate, beta), two floats.
    """
    raise NotImplementedError("write best_momentum")


# %%
if __name__ == "__main__":
    plots.show_momentum(recurrence, largest_momentum_rate)

# %% [markdown]
# ## 3. How noisy is a mini-batch? (`minibatch`)
#
# $N$ examples with gradients $g_1, \dots, g_N$ (numbers here); a batch is a set of $B$ of them, drawn without replacement.


# %%
def epoch(order, size):
    """One pass through the data in mini-batches.

    Args:
        order: the indices of all examples in the order in which they are to be seen, a list of ints.
        size: the size of a batch.

    Returns:
        A list of lists of indices: every index once, in this order; only the last batch may be smaller.
    """
    raise NotImplementedError("write epoch")


# %%
def pair_chance(n, size):
    """The chance that two given different examples of n are both in a batch of this size. A Fraction."""
    raise NotImplementedError("write pair_chance")


# %%
def batch_variance(g, size):
    """The variance of the mean gradient of a batch, over all batches of this size drawn without replacement.

    Args:
        g: gradients of the N examples, a list of Fractions, N ≥ 2.
        size: B, from 1 to N.

    Returns:
        E[(batch mean − mean of all)²], a Fraction.
    """
    raise NotImplementedError("write batch_variance")


# %%
def data_parallel(means, counts):
    """The mean gradient over all examples, from workers that hold different numbers of examples.

    Args:
        means: the mean gradient of each worker, a list of Fractions (0 for a worker without examples).
        counts: how many examples each worker has, a list of ints, not all 0.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write data_parallel")


# %%
def accumulate(micro_batches):
    """The mean gradient of a batch that does not fit into memory: its micro-batches come one at a time.

    Args:
        micro_batches: an iterable that can be read once; each entry is a list of the gradients (Fractions) of some examples,
            of any length, 0 included. There is at least one example in all.

    Returns:
        The mean over all examples, a Fraction.
    """
    raise NotImplementedError("write accumulate")


# %%
if __name__ == "__main__":
    plots.show_batch_variance(batch_variance)

# %% [markdown]
# ## 4. The noise floor (`noise_floor`)
#
# $x_{t+1} = x_t - \eta\,(\lambda x_t + \sigma s_t)$ with independent signs $s_t = \pm 1$, each with chance 1/2.


# %%
def mean_square(rate, curvature, noise, x0, steps):
    """E[x_T²] after T steps, over all 2^T sequences of signs.

    Args:
        rate, curvature, noise, x0: η, λ, σ and the start, Fractions.
        steps: T, an int, 0 or more.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write mean_square")


# %%
def floor_of(rate, curvature, noise):
    """The limit of E[x_T²] for T → ∞, for 0 < rate·curvature < 2. A Fraction."""
    raise NotImplementedError("write floor_of")


# %%
def rate_for_floor(target, curvature, noise):
    """The constant rate whose floor is `target`. A Fraction, for positive Fractions."""
    raise NotImplementedError("write rate_for_floor")


# %% [markdown]
# Which rate is best for the *next* step? $J(\eta) = \mathbb E\,[x_{t+1}^2]$ for a given $x = x_t$, the mean over the two signs.
# You hand in a *derivation*: the first line is `Derivative(J, eta)`, each line equals the one before it, the last has no
# `Derivative`. Differentiate one function on each line.

# %%
Derivative = sympy.Derivative


def next_square(eta, x, lam, sigma):
    """J(η) = ½(x − η(λx + σ))² + ½(x − η(λx − σ))², a sympy expression (given)."""
    return ((x - eta * (lam * x + sigma)) ** 2 + (x - eta * (lam * x - sigma)) ** 2) / 2


# %%
def derive_rate(eta, x, lam, sigma):
    """The derivation of dJ/dη, at least three lines.

    Args:
        eta, x, lam, sigma: sympy symbols for η, x, λ and σ.

    Returns:
        List of sympy expressions; the first is Derivative(J, eta), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_rate")


# %%
def best_next_rate(square, curvature, noise):
    """The rate with the least E[x_{t+1}²], where E[x_t²] = square. A Fraction, for positive Fractions."""
    raise NotImplementedError("write best_next_rate")


# %%
def averaging_rates(steps):
    """Rates η_1, …, η_T for which x_t = x_{t−1} − η_t (x_{t−1} − y_t) ends at the mean of y_1, …, y_T, whatever x_0 and the y are.

    Returns:
        A list of T = steps Fractions; after each step t, x_t is the mean of the first t numbers.
    """
    raise NotImplementedError("write averaging_rates")


# %%
def largest_sgd_rate(curvatures):
    """SGD on examples f_i(x) = ½ c_i x², one drawn at random in each step: the border below which E[x_t²] → 0.

    Args:
        curvatures: c_1, …, c_N ≥ 0, a list of Fractions, not all 0; each is drawn with chance 1/N.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write largest_sgd_rate")


# %%
if __name__ == "__main__":
    plots.show_noise(floor_of)

# %% [markdown]
# ## 5. A rate for every weight (`adaptive`)
#
# Each function makes one step for one array of weights and returns new weights and a new state. The state is yours: whatever you
# return comes back in the next step (`SimpleNamespace(m=m, v=v)` is handy for it); in the first step it is `None`. Where the gradient is `None`, nothing changes.
#
# Not to be used in this question: `torch.optim`.


# %%
def adagrad_step(w, g, state, lr, eps):
    """Adagrad: G ← G + g², w ← w − lr·g/(√G + eps).

    Args:
        w: weights, a float array of any shape.
        g: gradient of the same shape, or None.
        state: what the step before returned; None in the first step.
        lr, eps: numbers.

    Returns:
        (new w, new state).
    """
    raise NotImplementedError("write adagrad_step")


# %%
def rmsprop_step(w, g, state, lr, decay, eps):
    """RMSProp: v ← decay·v + (1 − decay)·g² from v = 0, w ← w − lr·g/(√v + eps). Args and Returns as above."""
    raise NotImplementedError("write rmsprop_step")


# %%
def adam_step(w, g, state, lr, betas, eps):
    """Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − lr · m̂/(√v̂ + eps) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).

    Args:
        betas: (β₁, β₂). The first step has t = 1. The others as above.

    Returns:
        (new w, new state).
    """
    raise NotImplementedError("write adam_step")


# %%
def adamw_step(w, g, state, lr, betas, eps, weight_decay):
    """AdamW: first w ← w − lr·weight_decay·w, then the step of Adam with the gradient of the loss alone.

    Args and Returns as above. Where g is None, the weights do not decay either.
    """
    raise NotImplementedError("write adamw_step")


# %%
def fool_adam(beta2):
    """Gradients on which Adam walks uphill.

    Adam runs with β₁ = 0, this β₂, eps = 0 and lr = 1 on a loss that falls to the left: the gradients come again and again with
    a period, and their mean is positive. So x should become smaller; with your gradients it grows.

    Args:
        beta2: β₂, between 0.05 and 0.9.

    Returns:
        One period: a list of 2 to 500 numbers, none 0, each between −1000 and 1000, with a positive sum.
    """
    raise NotImplementedError("write fool_adam")


# %%
if __name__ == "__main__":
    plots.show_optimisers(adagrad_step, rmsprop_step, adam_step)

# %% [markdown]
# ## 6. Schedules, and rates that are too large (`schedules`)


# %%
def warmup_cosine(step, warmup, total, peak, final):
    """The learning rate at a step; the first step is 0.

    Returns:
        peak·(step + 1)/warmup for step < warmup; then final + ½(peak − final)(1 + cos(π·(step − warmup)/(total − warmup)));
        final from step = total on.
    """
    raise NotImplementedError("write warmup_cosine")


# %%
def step_decay(step, peak, factor, every):
    """The learning rate at a step (the first is 0): `peak`, multiplied by `factor` after each `every` steps."""
    raise NotImplementedError("write step_decay")


# %% [markdown]
# Descent on $\frac12\lambda x^2$ with the rates $\eta_1, \dots, \eta_T$ multiplies $x$ by $p(\lambda) = \prod_k (1 - \eta_k\lambda)$.


# %%
def worst_factor(rates, low, high):
    """The largest |p(λ)| for λ in [low, high], exact to rounding (a grid is not enough). A float; rates is a list of floats."""
    raise NotImplementedError("write worst_factor")


# %%
def two_rate_factor(low, high):
    """The least worst factor that two rates can have on [low, high], a Fraction, for Fractions 0 < low < high."""
    raise NotImplementedError("write two_rate_factor")


# %%
def best_rates(low, high, steps):
    """`steps` rates whose worst factor on [low, high] is least.

    Returns:
        A list of floats; their order does not matter.
    """
    raise NotImplementedError("write best_rates")


# %%
if __name__ == "__main__":
    plots.show_ripples(best_rates)

# %% [markdown]
# ## 7. More data, worse model (`overfitting`)


# %%
def ridge(X, y, strength):
    """The minimiser of ‖y − Xw‖² + strength·‖w‖².

    Args:
        X: float array (n, d); n may be smaller than d.
        y: float array (n,).
        strength: a positive number.

    Returns:
        w, float array (d,).
    """
    raise NotImplementedError("write ridge")


# %%
def filter_factors(eigenvalues, rate, steps):
    """How much of each component of the least-squares solution stopped descent has reached.

    Descent on ½‖y − Xw‖² from w = 0 with a constant rate, `steps` steps. In the eigenvectors of XᵀX, component i of w is a
    share of component i of the least-squares solution.

    Args:
        eigenvalues: of XᵀX, positive Fractions.

    Returns:
        The shares, a list of Fractions.
    """
    raise NotImplementedError("write filter_factors")


# %%
def matching_ridge(eigenvalue, rate, steps):
    """The strength of a ridge penalty that leaves of one component the same share as stopped descent. A Fraction.

    Args:
        eigenvalue, rate: Fractions with 0 < rate·eigenvalue < 1; steps: an int, 1 or more.
    """
    raise NotImplementedError("write matching_ridge")


# %%
def early_stop(curve, patience):
    """Early stopping on a curve of validation losses.

    An epoch improves when its loss is below every loss before it (NaN never improves, the first number does). Training stops
    after the first epoch at which `patience` epochs in a row have not improved; at the latest with the last epoch.

    Args:
        curve: validation losses, a list of floats; the first is a number.
        patience: an int, 1 or more.

    Returns:
        (stop, best): the epoch after which training stops, and the epoch whose weights are kept. Epochs count from 0.
    """
    raise NotImplementedError("write early_stop")


# %%
def expected_risk(n, d, square, noise):
    """The expected excess risk E‖ŵ − w‖² of least squares on n examples with d inputs x ~ N(0, I), y = w·x + noise.

    For n < d, ŵ is the solution of least norm.

    Args:
        n, d: ints. square: ‖w‖², a Fraction. noise: the variance of the noise, a Fraction.

    Returns:
        A Fraction, or math.inf.
    """
    raise NotImplementedError("write expected_risk")


# %%
if __name__ == "__main__":
    plots.show_double_descent(expected_risk)

# %% [markdown]
# ## 8. Dropout is a penalty (`dropout`)
#
# Each input is kept with chance $q$; what is kept is divided by $q$ (*inverted* dropout). The masks are handed to you.


# %%
def dropout(x, mask, keep, training):
    """Inverted dropout.

    Args:
        x: float array of any shape.
        mask: array of 0s and 1s of the same shape; 1 is kept.
        keep: the chance q of keeping.
        training: in evaluation (False) nothing is dropped.

    Returns:
        Array of the shape of x.
    """
    raise NotImplementedError("write dropout")


# %%
def expected_loss(X, y, w, keep):
    """E‖y − X(m∘w)/q‖² over all masks m of the d inputs, the same mask for all rows, exactly.

    Args:
        X: list of n rows of d Fractions; y: list of n, w: list of d Fractions; keep: q, a Fraction.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write expected_loss")


# %%
def penalties(X, keep):
    """The factors r_j with E‖y − X(m∘w)/q‖² = ‖y − Xw‖² + Σ_j r_j w_j². A list of d Fractions; X and keep as above."""
    raise NotImplementedError("write penalties")


# %% [markdown]
# For one example with two inputs: derive $\partial J/\partial w_1$ line by line, as in question 4.


# %%
def dropout_loss(w1, w2, x1, x2, y, q):
    """J = E (y − (m1·w1·x1 + m2·w2·x2)/q)² over the four masks (m1, m2), a sympy expression (given)."""
    total = 0
    for m1, chance1 in ((1, q), (0, 1 - q)):
        for m2, chance2 in ((1, q), (0, 1 - q)):
            total += chance1 * chance2 * (y - (m1 * w1 * x1 + m2 * w2 * x2) / q) ** 2
    return total


# %%
def derive_dropout(w1, w2, x1, x2, y, q):
    """The derivation of dJ/dw1, at least three lines.

    Args:
        w1, w2, x1, x2, y, q: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, w1), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_dropout")


# %%
def geometric_mean(W, x, keep):
    """One prediction of 2^d networks: softmax of the dropped inputs, for every mask.

    Network m predicts p_m = softmax((m∘x/q) W). The prediction of all is ∏_m p_m^{chance of m}, class by class, divided by
    its sum over the classes.

    Args:
        W: float array (d, k); x: float array (d,); keep: q.

    Returns:
        Float array (k,), which sums to 1.
    """
    raise NotImplementedError("write geometric_mean")


# %%
def relu_over_masks(w, x, keep):
    """A ReLU behind dropped inputs: its mean over all masks, and what it gives in evaluation.

    Args:
        w, x: lists of d Fractions; keep: q, a Fraction.

    Returns:
        (E max(0, Σ_j m_j w_j x_j / q), max(0, Σ_j w_j x_j)), two Fractions.
    """
    raise NotImplementedError("write relu_over_masks")


# %%
if __name__ == "__main__":
    plots.show_dropout(penalties)

# %% [markdown]
# ## 9. Where to start (`initialisation`)
#
# The activation is $\phi(z) = z$ for $z > 0$ and $a z$ for $z < 0$: ReLU for $a = 0$, leaky ReLU, and no activation for $a = 1$.


# %%
def std_for(fan_in, slope):
    """The standard deviation of the weights for which a layer keeps the mean square of what goes through it.

    Args:
        fan_in: number of inputs of a unit.
        slope: a, the slope of the activation for negative numbers, 0 ≤ a ≤ 1.

    Returns:
        A float.
    """
    raise NotImplementedError("write std_for")


# %%
def mean_squares(widths, variances, slope):
    """E[h²] of a unit in each layer, for inputs with mean square 1.

    h_l = φ(h_{l−1} W_l), where the entries of W_l are independent and symmetric with variance variances[l − 1]; no biases.

    Args:
        widths: [n_0, n_1, …, n_L], ints; n_0 is the number of inputs.
        variances: L Fractions. slope: a, a Fraction.

    Returns:
        A list of L Fractions.
    """
    raise NotImplementedError("write mean_squares")


# %%
def alive_chance(width, depth):
    """The chance that a random ReLU network without biases does not send a given input ≠ 0 to 0.

    Args:
        width, depth: `depth` layers of `width` units; the weights are independent, symmetric and continuous.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write alive_chance")


# %%
def different_units(W, b, v):
    """How many different hidden units the network v·φ(xW + b) has, and will have after any number of steps of descent.

    Args:
        W: weights into the hidden layer, list of d rows of n numbers; b: n biases; v: n weights out of it.

    Returns:
        An int.
    """
    raise NotImplementedError("write different_units")


# %%
if __name__ == "__main__":
    plots.show_initialisation(std_for)

# %% [markdown]
# ## 10. Clipping (`clipping`)
#
# Not to be used in this question: `torch.nn.utils.clip_grad_norm_`, `torch.nn.utils.clip_grads_with_norm_`, `torch.nn.utils.get_total_norm`.


# %%
def clip_by_global_norm(grads, limit):
    """Scale all gradients by one number, so that their common norm is at most `limit`.

    Args:
        grads: list of float arrays of any shapes; None for a parameter without gradient.
        limit: a positive number.

    Returns:
        (clipped, norm): the list, None where there was None, and the norm before clipping. Gradients whose common norm is at
        most `limit` come back as they are.
    """
    raise NotImplementedError("write clip_by_global_norm")


# %%
def mean_clipped(x, noise, chances, limit):
    """The expected clipped gradient of f(x) = ½x² at x, where the gradient is x + noise.

    Args:
        x: a Fraction. noise: possible values of the noise, Fractions; chances: of each of them, Fractions that sum to 1.
        limit: a positive Fraction: a gradient above it becomes limit, one below −limit becomes −limit.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write mean_clipped")


# %%
def resting_point(noise, chances, limit):
    """Where clipped SGD comes to rest: the x at which the expected clipped gradient is 0. Arguments as above.

    Returns:
        A number, right to 10⁻⁹. (In all tests there is exactly one.)
    """
    raise NotImplementedError("write resting_point")


# %%
if __name__ == "__main__":
    plots.show_clipping(mean_clipped)

# %% [markdown]
# ## 11. Batch norm (`batch_norm`)
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`); `torch.nn.functional.batch_norm`, `torch.batch_norm`,
# `torch.native_batch_norm`, `torch.nn.BatchNorm1d`.


# %%
def batch_norm(x, gamma, beta, running, training, momentum, eps):
    """Batch norm of B examples with n features.

    Args:
        x: float array (B, n).
        gamma, beta: scale and shift, float arrays (n,).
        running: (mean, variance), the running statistics, two float arrays (n,).
        training: True: normalise by the batch; False: by the running statistics.
        momentum: the weight of the *new* statistics, such as 0.1.
        eps: added to the variance.

    Returns:
        (out, running): out of shape (B, n), and the new running statistics; in evaluation the old ones.

    Raises:
        ValueError: training with a batch of one example, which has no variance.
    """
    raise NotImplementedError("write batch_norm")


# %%
def batch_norm_backward(x, gamma, g, eps):
    """The gradients of batch norm in training.

    Args:
        x: the inputs of the forward pass, (B, n). gamma: (n,). g: gradient by the output, (B, n). eps: as above.

    Returns:
        (dx, dgamma, dbeta) of shapes (B, n), (n,), (n,).
    """
    raise NotImplementedError("write batch_norm_backward")


# %%
def effective_rates(square, squares, rate):
    """The rates that matter when the loss does not depend on the length of w, as in front of batch norm with eps = 0.

    The loss depends on the direction w/‖w‖ only. Plain descent with a constant rate makes len(squares) steps.

    Args:
        square: ‖w‖² at the start, a Fraction.
        squares: for each step, the squared norm that the gradient would have if w had length 1, Fractions.
        rate: the learning rate, a Fraction.

    Returns:
        rate/‖w‖² at the start and after each step: a list of len(squares) + 1 Fractions.
    """
    raise NotImplementedError("write effective_rates")


# %%
if __name__ == "__main__":
    plots.show_effective_rate(effective_rates)

# %% [markdown]
# ## 12. Train it (`train_it`)
#
# $y = f^*(x) + \text{noise}$: six inputs, one output, noise of variance 1/4. The network has 16 tanh units: $\tanh(xW + b)\,v + c$.


# %%
def squared_error(outputs, targets):
    """The mean over the batch of (output − target)².

    Args:
        outputs: tensor of shape (B,) or (B, 1). targets: tensor of shape (B,) or (B, 1), perhaps another one.

    Returns:
        A tensor without a dimension.
    """
    raise NotImplementedError("write squared_error")


# %%
def train(batches, steps):
    """Train the network on a stream of batches, one step for each batch.

    Args:
        batches: an iterator over `steps` pairs (x, y) of float32 tensors of shapes (64, 6) and (64,); it can be read once.
        steps: how many there are.

    Returns:
        A dict of tensors: "W" (6, 16), "b" (16,), "v" (16,), "c" (1,).
    """
    raise NotImplementedError("write train")


# %%
if __name__ == "__main__":
    plots.show_training(train)

# %% [markdown]
# ## 13. Read the curves (`read_curves`)
#
# The next cell draws four pairs of curves, A to D: training loss and validation loss against the epoch, each from another training. In one the
# learning rate was too small, in one too large, one model overfits, and in one the validation data are not what they seem. For each: name it, point to
# what proves it in the picture, and name one experiment whose outcome could prove you wrong. At most two sentences each, in the cell below the picture.

# %%
if __name__ == "__main__":
    plots.show_curves()

# %% [markdown]
# *Your answer:*
