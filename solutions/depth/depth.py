# %% [markdown]
# # Depth, width and what networks can represent, exactly
#
# Read `handout.md` beside this file. A network is a list of pairs `[(W_1, b_1), …, (W_{L+1}, b_{L+1})]`: `W` a matrix with one
# row per unit (a list of rows, or an array), `b` a list with one number per unit. Numbers may be `int`, `float` or `Fraction`.
# Weights that you hand in are taken exactly as they are, so `Fraction(1, 3)` and `1 / 3` are two different weights.

# %%
# ruff: noqa: B905
from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import torch

Network = list[tuple[Sequence[Sequence[float]], Sequence[float]]]
HALF = Fraction(1, 2)

# %% [markdown]
# ## Question 1 `definition`


# %%
def embeddings(network: Network, x: np.ndarray) -> list[np.ndarray]:
    """The hidden embeddings h_1, …, h_L of a batch.

    Args:
        network: L + 1 pairs of arrays (W, b).
        x: inputs, shape (N, d).

    Returns:
        L arrays; h_l has shape (N, n_l). An empty list when L = 0.
    """
    # BEGIN SOLUTION
    hidden = []
    for W, b in network[:-1]:
        x = np.maximum(x @ W.T + b, 0)
        hidden.append(x)
    return hidden
    # END SOLUTION


# %%
def forward(network: Network, x: np.ndarray) -> np.ndarray:
    """F(x) for a batch: inputs of shape (N, d), outputs of shape (N, m). L = 0 is allowed."""
    # BEGIN SOLUTION
    W, b = network[-1]
    return [x, *embeddings(network, x)][-1] @ W.T + b
    # END SOLUTION


# %%
def parameter_count(d, n, L, m):
    """Number of weights and biases with d inputs, L ≥ 1 hidden layers of n units each, and m outputs.

    The arguments are sympy symbols as well as numbers: use + − * only, no loop and no condition.
    """
    # BEGIN SOLUTION
    return (d + 1) * n + (L - 1) * (n + 1) * n + (n + 1) * m
    # END SOLUTION


# %% [markdown]
# ## Question 2 `regions`


# %%
def kinks(network: Network, low: Fraction, high: Fraction) -> list[Fraction]:
    """The kinks of F: ℝ → ℝ strictly between low and high, in increasing order, each once, exactly.

    Args:
        network: pairs (W, b) of nested lists of `Fraction`.
        low, high: ends of the interval, low < high.
    """
    # BEGIN SOLUTION
    pieces = [(low, high, [(Fraction(1), Fraction(0))])]
    for W, b in network[:-1]:
        pieces = [part for left, right, lines in pieces for part in _cut(left, right, _affine(W, b, lines))]
    W, b = network[-1]
    outputs = [(left, _affine(W, b, lines)) for left, _, lines in pieces]
    return [left for (_, before), (left, after) in pairwise(outputs) if before != after]


def _affine(W, b, lines):
    """Slope and intercept of every pre-activation, from those of the units before."""
    return [
        (sum(w * slope for w, (slope, _) in zip(row, lines)), sum(w * rest for w, (_, rest) in zip(row, lines)) + c)
        for row, c in zip(W, b)
    ]


def _cut(left, right, lines):
    """The parts of [left, right] on which no pre-activation changes its sign, after ReLU."""
    zeros = {-rest / slope for slope, rest in lines if slope}
    ends = [left, *sorted(z for z in zeros if left < z < right), right]
    for start, stop in pairwise(ends):
        middle = (start + stop) / 2
        yield start, stop, [(a, c) if a * middle + c > 0 else (0, 0) for a, c in lines]
    # END SOLUTION


# %%
def count_pieces(network: Network, low: Fraction, high: Fraction) -> int:
    """Number of pieces of F on [low, high]: the maximal intervals on which F is affine."""
    # BEGIN SOLUTION
    return len(kinks(network, low, high)) + 1
    # END SOLUTION


# %% [markdown]
# ## Question 3 `tents`


# %%
def piece_caps(p: int, q: int) -> dict[str, int]:
    """The most pieces that functions ℝ → ℝ with p and q pieces can give.

    Returns:
        {"sum": …, "composition": …}: for f + g and for f ∘ g.
    """
    # BEGIN SOLUTION
    return {"sum": p + q - 1, "composition": p * q}
    # END SOLUTION


# %%
def tent_network(k: int) -> Network:
    """A network with k hidden layers of 2 units that equals the k-fold tent T ∘ … ∘ T on [0, 1] (k ≥ 1)."""
    # BEGIN SOLUTION
    first = ([[1], [1]], [0, -HALF])
    middle = ([[2, -4], [2, -4]], [0, -HALF])
    return [first] + [middle] * (k - 1) + [([[2, -4]], [0])]
    # END SOLUTION


# %% [markdown]
# ## Question 4 `shallow`


# %%
def shallow_network(places: list[Fraction], jumps: list[Fraction]) -> Network:
    """One hidden layer of n units: F = 0 left of places[0], and at places[i] the slope grows by jumps[i].

    Args:
        places: n increasing numbers.
        jumps: n numbers, none of them 0.
    """
    # BEGIN SOLUTION
    return [([[1]] * len(places), [-t for t in places]), ([jumps], [0])]
    # END SOLUTION


# %%
def least_errors(n: int, pieces: int) -> int:
    """Fewest mistakes of the classifier 1[F(x) ≥ 1/2] on n points with labels 0, 1, 0, 1, …, over all F with so many pieces."""
    # BEGIN SOLUTION
    return max(0, (n - pieces) // 2)
    # END SOLUTION


# %%
def units_for_tent(k: int) -> int:
    """Fewest units of *one* hidden layer with which a network equals the k-fold tent on [0, 1] (k ≥ 1)."""
    # BEGIN SOLUTION
    return 2**k
    # END SOLUTION


# %% [markdown]
# ## Question 5 `shallow_proof`
#
# A proof on paper; nothing to write here.

# %% [markdown]
# ## Question 6 `squares`


# %%
def square_network(m: int) -> Network:
    """A network with m hidden layers of 3 units whose sup distance to x² on [0, 1] is exactly 2^−(2m+2) (m ≥ 1)."""
    # BEGIN SOLUTION
    layers = [([[1], [1], [1]], [0, -HALF, 0])]
    for s in range(1, m):
        layers.append(([[2, -4, 0], [2, -4, 0], _remainder(s)], [0, -HALF, 0]))
    return [*layers, ([_remainder(m)], [0])]


def _remainder(s):
    """Row that takes the s-fold tent, divided by 4^s, off the third unit."""
    return [-Fraction(2, 4**s), Fraction(4, 4**s), 1]
    # END SOLUTION


# %%
def pieces_needed(error: Fraction) -> int:
    """Smallest P for which 1/(8P²) ≤ error: no function with fewer pieces is within `error` of x² on [0, 1]."""
    # BEGIN SOLUTION
    return math.isqrt(math.ceil(1 / (8 * error)) - 1) + 1
    # END SOLUTION


# %%
def units_needed(m: int) -> int:
    """Units that one hidden layer needs, by the piece count alone, for the error of `square_network(m)`."""
    # BEGIN SOLUTION
    return pieces_needed(Fraction(1, 4 ** (m + 1))) - 1
    # END SOLUTION


# %% [markdown]
# ## Question 7 `products`


# %%
def product_network(error: Fraction, bound: Fraction) -> Network:
    """A network ℝ² → ℝ with |F(x, y) − x y| ≤ error for all x, y in [0, bound].

    At most 9 units per layer, and at most as many hidden layers as the handout allows.
    """
    # BEGIN SOLUTION
    m = 1
    while bound**2 / 2 ** (2 * m + 1) > error:
        m += 1
    (_, b), *middle, ((out,), _) = square_network(m)
    inputs = [(HALF / bound, HALF / bound), (1 / bound, 0), (0, 1 / bound)]
    shares = [2 * bound**2, -HALF * bound**2, -HALF * bound**2]
    layers = [([row for row in inputs for _ in b], b * 3)]
    for W, b in middle:
        layers.append(([[0] * 3 * i + row + [0] * 3 * (2 - i) for i in range(3) for row in W], b * 3))
    return [*layers, ([[share * w for share in shares for w in out]], [0])]
    # END SOLUTION


# %% [markdown]
# ## Question 8 `narrow`


# %%
def width_one_error(c: Fraction) -> Fraction:
    """Least sup distance to x² on [−c, c] over all networks of width 1, of any depth, exactly."""
    # BEGIN SOLUTION
    return c**2 / 2
    # END SOLUTION


# %%
def width_one_pieces(depth: int) -> int:
    """Most pieces on ℝ of a network with `depth` ≥ 0 hidden layers of one unit."""
    # BEGIN SOLUTION
    return min(depth, 2) + 1
    # END SOLUTION


# %%
def convex_network(slopes: list[Fraction], intercepts: list[Fraction], low: Fraction) -> Network:
    """A network of width 2 that equals max_j (slopes[j] x + intercepts[j]) for all x ≥ low.

    Args:
        slopes, intercepts: the k ≥ 2 lines, in any order; some may never be the largest.
    """
    # BEGIN SOLUTION
    values = [a * low + c for a, c in zip(slopes, intercepts)]
    layers = [([[1], [slopes[0] - slopes[1]]], [-low, intercepts[0] - intercepts[1]])]
    for j in range(2, len(slopes)):
        layers.append(([[1, 0], [slopes[j - 1] - slopes[j], 1]], [0, values[j - 1] - values[j]]))
    return [*layers, ([[slopes[-1], 1]], [values[-1]])]
    # END SOLUTION


# %%
def theorems(d_in: int, d_out: int, width: int, norm: str) -> list[str]:
    """Names of the theorems of the handout that promise an approximation, in any order.

    Args:
        d_in, d_out: dimensions of the target, which is continuous and lies in L¹ and in L² of ℝ^d_in.
        width: units per hidden layer; the depth is free.
        norm: "sup" (uniformly on a cube), "L1" or "L2" (on all of ℝ^d_in).

    Returns:
        Those of "hanin_sellke", "lecture", "lu", "park" whose assumptions hold.
    """
    # BEGIN SOLUTION
    holds = {
        "hanin_sellke": norm == "sup" and width >= d_in + d_out,
        "lecture": norm == "sup" and d_out == 1 and width >= 2 * d_in,
        "lu": norm == "L1" and d_out == 1 and width >= d_in + 4,
        "park": norm != "sup" and width >= max(d_in + 1, d_out),
    }
    return [name for name in holds if holds[name]]
    # END SOLUTION


# %% [markdown]
# ## Question 9 `narrow_proof`
#
# A proof on paper; nothing to write here.

# %% [markdown]
# ## Question 10 `price`


# %%
def interpolant(nodes: list[Fraction], values: list[Fraction]) -> Network:
    """One hidden layer of n units that interpolates: F(nodes[i]) = values[i], straight between the nodes.

    Args:
        nodes: n + 1 increasing numbers; values: n + 1 numbers.
    """
    # BEGIN SOLUTION
    slopes = [(v1 - v0) / (x1 - x0) for (x0, v0), (x1, v1) in pairwise(zip(nodes, values))]
    jumps = [after - before for before, after in pairwise([0, *slopes])]
    return [([[1]] * len(jumps), [-x for x in nodes[:-1]]), ([jumps], values[:1])]
    # END SOLUTION


# %%
def units_for(lipschitz: Fraction, error: Fraction) -> int:
    """Fewest units for which the theorem of question 10 promises sup error ≤ `error` on [0, 1]."""
    # BEGIN SOLUTION
    return math.ceil(lipschitz / (2 * error))
    # END SOLUTION


# %%
def worst_function(n: int, lipschitz: Fraction) -> list[tuple[Fraction, Fraction]]:
    """A function on which the theorem is tight, as points (x, y) from x = 0 to x = 1, straight between them.

    It has the Lipschitz constant `lipschitz`, and its interpolant at 0, 1/n, …, 1 is wrong by exactly lipschitz / (2 n).
    """
    # BEGIN SOLUTION
    return [(Fraction(i, 2 * n), i % 2 * lipschitz / (2 * n)) for i in range(2 * n + 1)]
    # END SOLUTION


# %% [markdown]
# ## Question 11 `experiment`


# %%
def he_network(noise: Network) -> Network:
    """He initialisation from given noise: weights of variance 2 / (number of inputs of the layer), biases of variance 1.

    Args:
        noise: pairs of float64 arrays of independent standard normal numbers, in the shapes of the network.
    """
    # BEGIN SOLUTION
    return [(W * np.sqrt(2 / W.shape[1]), b) for W, b in noise]
    # END SOLUTION


# %%
def train(network: Network, x: np.ndarray, y: np.ndarray, steps: int, rate: float) -> tuple[Network, list[float]]:
    """Full-batch Adam (torch.optim.Adam, its default settings but for the rate) on the mean squared error, in float64.

    Args:
        network: pairs of float64 arrays; it is not changed.
        x, y: data of shape (N, d) and (N, m).

    Returns:
        The trained network as pairs of arrays, and `steps` losses, the first one before any step.
    """
    # BEGIN SOLUTION
    layers = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in network]
    optimiser = torch.optim.Adam([p for layer in layers for p in layer], lr=rate)
    inputs, targets = torch.tensor(x), torch.tensor(y)
    losses = []
    for _ in range(steps):
        h = inputs
        for W, b in layers[:-1]:
            h = torch.relu(h @ W.T + b)
        W, b = layers[-1]
        loss = (h @ W.T + b - targets).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return [(W.detach().numpy(), b.detach().numpy()) for W, b in layers], losses
    # END SOLUTION


# %%
def experiment_claims() -> dict:
    """Your table for question 11, with numbers that you measured; the handout says what is measured, and how exactly.

    Returns:
        {"share_of_cap": {1: …, 2: …, 4: …, 8: …}, "unexplained": {"shallow": …, "deep": …, "exact": …}}
    """
    # BEGIN SOLUTION
    return {
        "share_of_cap": {1: 0.89, 2: 0.099, 4: 0.0037, 8: 2.8e-5},
        "unexplained": {"shallow": 0.91, "deep": 1.0, "exact": 0.0},
    }
    # END SOLUTION


# %% [markdown]
# ## Question 12 `residual`


# %%
def deep_forward(layers: list, readout: torch.Tensor, x: torch.Tensor, skip: bool) -> torch.Tensor:
    """Predictions of a deep network of constant width: h ← σ(W h), or with `skip` h ← h + σ(W h)/√L, then readout · h.

    Args:
        layers: L tensors of shape (n, n).
        readout: shape (n,).
        x: inputs, shape (N, n).

    Returns:
        shape (N,).
    """
    # BEGIN SOLUTION
    for W in layers:
        active = torch.relu(x @ W.T)
        x = x + active / math.sqrt(len(layers)) if skip else active
    return x @ readout
    # END SOLUTION


# %%
def first_layer_gradient(
    layers: list, readout: torch.Tensor, x: torch.Tensor, y: torch.Tensor, skip: bool
) -> torch.Tensor:
    """∂J/∂W_1 of J = mean (prediction − y)², shape (n, n)."""
    # BEGIN SOLUTION
    first = layers[0].clone().requires_grad_()
    loss = (deep_forward([first, *layers[1:]], readout, x, skip) - y).square().mean()
    (gradient,) = torch.autograd.grad(loss, first)
    return gradient
    # END SOLUTION


# %%
def train_deep(
    layers: list, readout: torch.Tensor, x: torch.Tensor, y: torch.Tensor, skip: bool, steps: int, rate: float
) -> list[float]:
    """Plain gradient descent on all layers (the readout stays): the losses J before each step and after the last one."""
    # BEGIN SOLUTION
    layers = [W.clone().requires_grad_() for W in layers]
    optimiser = torch.optim.SGD(layers, lr=rate)
    losses = []
    for _ in range(steps + 1):
        loss = (deep_forward(layers, readout, x, skip) - y).square().mean()
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return losses
    # END SOLUTION


# %%
def residual_claims() -> dict:
    """Your table for question 12, with numbers that you measured; the handout says what is measured, and how exactly.

    Returns:
        {"factor_per_layer": {"plain": …, "skip": …}, "loss_left": {"plain": …, "skip": …}}
    """
    # BEGIN SOLUTION
    return {
        "factor_per_layer": {"plain": 0.55, "skip": 1.0},
        "loss_left": {"plain": 1.0, "skip": 0.07},
    }
    # END SOLUTION


# %% [markdown]
# ## Question 13 `record`


# %%
def record_network(units: int) -> Network:
    """A network ℝ → ℝ with at most `units` hidden units in all, in any arrangement, with as many pieces on ℝ as you can."""
    # BEGIN SOLUTION
    blocks = {
        1: ([-2], [1], ([[1]], [0])),
        2: ([3, -3], [-1, 2], ([[1, 1]], [0])),
        3: ([6, 3, -3], [-1, -1, 2], ([[2, -3, 2]], [-3])),
    }
    layers, last = [], ([[1]], [0])
    for width in [3] * (units // 3) + [units % 3] * (units % 3 > 0):
        slopes, rests, readout = blocks[width]
        (row,), (shift,) = last
        layers.append(([[a * w for w in row] for a in slopes], [a * shift + c for a, c in zip(slopes, rests)]))
        last = readout
    return [*layers, last]
    # END SOLUTION
