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
    raise NotImplementedError("write embeddings")


# %%
def forward(network: Network, x: np.ndarray) -> np.ndarray:
    """F(x) for a batch: inputs of shape (N, d), outputs of shape (N, m). L = 0 is allowed."""
    raise NotImplementedError("write forward")


# %%
def parameter_count(d, n, L, m):
    """Number of weights and biases with d inputs, L ≥ 1 hidden layers of n units each, and m outputs.

    The arguments are sympy symbols as well as numbers: use + − * only, no loop and no condition.
    """
    raise NotImplementedError("write parameter_count")


# %% [markdown]
# ## Question 2 `regions`


# %%
def kinks(network: Network, low: Fraction, high: Fraction) -> list[Fraction]:
    """The kinks of F: ℝ → ℝ strictly between low and high, in increasing order, each once, exactly.

    Args:
        network: pairs (W, b) of nested lists of `Fraction`.
        low, high: ends of the interval, low < high.
    """
    raise NotImplementedError("write kinks")


# %%
def count_pieces(network: Network, low: Fraction, high: Fraction) -> int:
    """Number of pieces of F on [low, high]: the maximal intervals on which F is affine."""
    raise NotImplementedError("write count_pieces")


# %% [markdown]
# ## Question 3 `tents`


# %%
def piece_caps(p: int, q: int) -> dict[str, int]:
    """The most pieces that functions ℝ → ℝ with p and q pieces can give.

    Returns:
        {"sum": …, "composition": …}: for f + g and for f ∘ g.
    """
    raise NotImplementedError("write piece_caps")


# %%
def tent_network(k: int) -> Network:
    """A network with k hidden layers of 2 units that equals the k-fold tent T ∘ … ∘ T on [0, 1] (k ≥ 1)."""
    raise NotImplementedError("write tent_network")


# %% [markdown]
# ## Question 4 `shallow`


# %%
def shallow_network(places: list[Fraction], jumps: list[Fraction]) -> Network:
    """One hidden layer of n units: F = 0 left of places[0], and at places[i] the slope grows by jumps[i].

    Args:
        places: n increasing numbers.
        jumps: n numbers, none of them 0.
    """
    raise NotImplementedError("write shallow_network")


# %%
def least_errors(n: int, pieces: int) -> int:
    """Fewest mistakes of the classifier 1[F(x) ≥ 1/2] on n points with labels 0, 1, 0, 1, …, over all F with so many pieces."""
    raise NotImplementedError("write least_errors")


# %%
def units_for_tent(k: int) -> int:
    """Fewest units of *one* hidden layer with which a network equals the k-fold tent on [0, 1] (k ≥ 1)."""
    raise NotImplementedError("write units_for_tent")


# %% [markdown]
# ## Question 5 `shallow_proof`
#
# A proof on paper; nothing to write here.

# %% [markdown]
# ## Question 6 `squares`


# %%
def square_network(m: int) -> Network:
    """A network with m hidden layers of 3 units whose sup distance to x² on [0, 1] is exactly 2^−(2m+2) (m ≥ 1)."""
    raise NotImplementedError("write square_network")


# %%
def pieces_needed(error: Fraction) -> int:
    """Smallest P for which 1/(8P²) ≤ error: no function with fewer pieces is within `error` of x² on [0, 1]."""
    raise NotImplementedError("write pieces_needed")


# %%
def units_needed(m: int) -> int:
    """Units that one hidden layer needs, by the piece count alone, for the error of `square_network(m)`."""
    raise NotImplementedError("write units_needed")


# %% [markdown]
# ## Question 7 `products`


# %%
def product_network(error: Fraction, bound: Fraction) -> Network:
    """A network ℝ² → ℝ with |F(x, y) − x y| ≤ error for all x, y in [0, bound].

    At most 9 units per layer, and at most as many hidden layers as the handout allows.
    """
    raise NotImplementedError("write product_network")


# %% [markdown]
# ## Question 8 `narrow`


# %%
def width_one_error(c: Fraction) -> Fraction:
    """Least sup distance to x² on [−c, c] over all networks of width 1, of any depth, exactly."""
    raise NotImplementedError("write width_one_error")


# %%
def width_one_pieces(depth: int) -> int:
    """Most pieces on ℝ of a network with `depth` ≥ 0 hidden layers of one unit."""
    raise NotImplementedError("write width_one_pieces")


# %%
def convex_network(slopes: list[Fraction], intercepts: list[Fraction], low: Fraction) -> Network:
    """A network of width 2 that equals max_j (slopes[j] x + intercepts[j]) for all x ≥ low.

    Args:
        slopes, intercepts: the k ≥ 2 lines, in any order; some may never be the largest.
    """
    raise NotImplementedError("write convex_network")


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
    raise NotImplementedError("write theorems")


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
    raise NotImplementedError("write interpolant")


# %%
def units_for(lipschitz: Fraction, error: Fraction) -> int:
    """Fewest units for which the theorem of question 10 promises sup error ≤ `error` on [0, 1]."""
    raise NotImplementedError("write units_for")


# %%
def worst_function(n: int, lipschitz: Fraction) -> list[tuple[Fraction, Fraction]]:
    """A function on which the theorem is tight, as points (x, y) from x = 0 to x = 1, straight between them.

    It has the Lipschitz constant `lipschitz`, and its interpolant at 0, 1/n, …, 1 is wrong by exactly lipschitz / (2 n).
    """
    raise NotImplementedError("write worst_function")


# %% [markdown]
# ## Question 11 `experiment`


# %%
def he_network(noise: Network) -> Network:
    """He initialisation from given noise: weights of variance 2 / (number of inputs of the layer), biases of variance 1.

    Args:
        noise: pairs of float64 arrays of independent standard normal numbers, in the shapes of the network.
    """
    raise NotImplementedError("write he_network")


# %%
def train(network: Network, x: np.ndarray, y: np.ndarray, steps: int, rate: float) -> tuple[Network, list[float]]:
    """Full-batch Adam (torch.optim.Adam, its default settings but for the rate) on the mean squared error, in float64.

    Args:
        network: pairs of float64 arrays; it is not changed.
        x, y: data of shape (N, d) and (N, m).

    Returns:
        The trained network as pairs of arrays, and `steps` losses, the first one before any step.
    """
    raise NotImplementedError("write train")


# %%
def experiment_claims() -> dict:
    """Your table for question 11, with numbers that you measured; the handout says what is measured, and how exactly.

    Returns:
        {"share_of_cap": {1: …, 2: …, 4: …, 8: …}, "unexplained": {"shallow": …, "deep": …, "exact": …}}
    """
    raise NotImplementedError("write experiment_claims")


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
    raise NotImplementedError("write deep_forward")


# %%
def first_layer_gradient(
    layers: list, readout: torch.Tensor, x: torch.Tensor, y: torch.Tensor, skip: bool
) -> torch.Tensor:
    """∂J/∂W_1 of J = mean (prediction − y)², shape (n, n)."""
    raise NotImplementedError("write first_layer_gradient")


# %%
def train_deep(
    layers: list, readout: torch.Tensor, x: torch.Tensor, y: torch.Tensor, skip: bool, steps: int, rate: float
) -> list[float]:
    """Plain gradient descent on all layers (the readout stays): the losses J before each step and after the last one."""
    raise NotImplementedError("write train_deep")


# %%
def residual_claims() -> dict:
    """Your table for question 12, with numbers that you measured; the handout says what is measured, and how exactly.

    Returns:
        {"factor_per_layer": {"plain": …, "skip": …}, "loss_left": {"plain": …, "skip": …}}
    """
    raise NotImplementedError("write residual_claims")


# %% [markdown]
# ## Question 13 `record`


# %%
def record_network(units: int) -> Network:
    """A network ℝ → ℝ with at most `units` hidden units in all, in any arrangement, with as many pieces on ℝ as you can."""
    raise NotImplementedError("write record_network")
