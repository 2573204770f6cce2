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
# # Probabilistic models: likelihood, bounds, flows, and what a probability is worth
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# Where numbers come in as `Fraction`s and no logarithm or root is taken, they go out as `Fraction`s: `Fraction(1, 3)`, not `0.333`.
#
# Cells that only draw are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
import itertools
import math
from fractions import Fraction

import numpy as np
import probabilistic_plots as plots
import sympy
import torch

# %% [markdown]
# ## 1. One factor at a time (`autoregressive`)
#
# $\log p(x) = \sum_i \log p(x_i \mid \text{the variables before } x_i)$, with $p(x_i = 1 \mid \dots) = \sigma(b_i + \sum_j W_{ij}M_{ij}x_j)$ and a mask $M$.


# %%
def order_mask(order):
    """The mask with which each variable sees those that come before it, and nothing else.

    Args:
        order: the n indices 0, …, n − 1 in the order in which the variables are generated, a list of ints.

    Returns:
        Float array (n, n): entry [i, j] is 1 where x_j comes before x_i, else 0.
    """
    # BEGIN SOLUTION
    place = np.argsort(order)
    return (place[None, :] < place[:, None]).astype(float)
    # END SOLUTION


# %%
def log_prob(x, W, b, mask):
    """The sum of the n factors, in nats.

    Args:
        x: array (n,) of zeros and ones.
        W: weights (n, n); the logit of x_i is b_i + Σ_j W[i, j] mask[i, j] x_j. Any size, ±50 too.
        b: biases (n,). mask: array (n, n) of zeros and ones, not always one without a leak.

    Returns:
        Σ_i log p(x_i | …), a finite float.
    """
    # BEGIN SOLUTION
    logits = (W * mask) @ x + b
    return float(np.sum(x * logits - np.logaddexp(0, logits)))
    # END SOLUTION


# %%
def bits_per_dimension(log_probability, n):
    """How many bits a code needs for each of the n variables. `log_probability` is log p(x) in nats. A float."""
    # BEGIN SOLUTION
    return -log_probability / (n * math.log(2))
    # END SOLUTION


# %%
def total_mass(W, b, mask):
    """The sum of exp(Σ_i log p(x_i | …)) over all 2^n strings x. Arguments as in `log_prob`. A float."""
    # BEGIN SOLUTION
    total = 0.0
    for x in itertools.product((0.0, 1.0), repeat=len(b)):
        logits = (W * mask) @ np.array(x) + b
        total += math.exp(np.sum(np.array(x) * logits - np.logaddexp(0, logits)))
    return total
    # END SOLUTION


# %%
def made_masks(degrees, hidden):
    """The masks of a network with one hidden layer (MADE). A hidden unit of degree k sees the inputs of degree ≤ k; an output
    of degree d sees the hidden units of degree < d.

    Args:
        degrees: of the n inputs, and of the n outputs: different ints. hidden: degrees of the h hidden units, ints.

    Returns:
        (into, out): arrays of zeros and ones of shapes (h, n) and (n, h); rows are the units that see.
    """
    # BEGIN SOLUTION
    degrees, hidden = np.array(degrees), np.array(hidden)
    return (hidden[:, None] >= degrees).astype(float), (degrees[:, None] > hidden).astype(float)
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_connections(made_masks)
    plots.show_mass(order_mask, total_mass)

# %% [markdown]
# ## 2. Two directions of KL (`kl`)
#
# $\mathrm{KL}(p\,\|\,q) = \mathbb E_p \log\frac{p}{q}$: the first argument is the one that the mean is taken over.


# %%
def kl_table(p, q):
    """KL(p‖q) of two tables of probabilities, in nats.

    Args:
        p, q: lists of Fractions that sum to 1; zeros are allowed in both.

    Returns:
        A float; math.inf where q rules out what p allows.
    """
    # BEGIN SOLUTION
    if any(a > 0 and b == 0 for a, b in zip(p, q)):
        return math.inf
    return sum(float(a) * math.log(a / b) for a, b in zip(p, q) if a > 0)
    # END SOLUTION


# %%
def kl_formula(m1, s1, m2, s2):
    """KL of N(m1, s1²) to N(m2, s2²), a sympy expression in the four symbols (the deviations s1 and s2 are positive)."""
    # BEGIN SOLUTION
    return sympy.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - sympy.Rational(1, 2)
    # END SOLUTION


# %%
def kl_gaussians(mean1, cov1, mean2, cov2):
    """KL of N(mean1, cov1) to N(mean2, cov2), in nats.

    Args:
        mean1, mean2: arrays (k,). cov1, cov2: symmetric positive definite arrays (k, k).

    Returns:
        A float.
    """
    # BEGIN SOLUTION
    away, inverse = mean2 - mean1, np.linalg.inv(cov2)
    logs = np.linalg.slogdet(cov2)[1] - np.linalg.slogdet(cov1)[1]
    return float((np.trace(inverse @ cov1) + away @ inverse @ away - len(mean1) + logs) / 2)
    # END SOLUTION


# %%
def forward_fit(weights, means, variances):
    """The Gaussian q with the least KL(p‖q), where p is the mixture Σ_k weights[k] N(means[k], variances[k]).

    Args:
        weights, means, variances: lists of Fractions; the weights sum to 1.

    Returns:
        (mean, variance) of q, two Fractions.
    """
    # BEGIN SOLUTION
    mean = sum(w * m for w, m in zip(weights, means))
    return mean, sum(w * (v + (m - mean) ** 2) for w, m, v in zip(weights, means, variances))
    # END SOLUTION


# %%
def reverse_fit(weights, means, deviations):
    """A Gaussian q with the least KL(q‖p), to 10⁻³, where p is the mixture Σ_k weights[k] N(means[k], deviations[k]²).

    The humps are far apart: the distance of any two means is at least 12 times the largest deviation.

    Args:
        weights, means, deviations: lists of floats.

    Returns:
        (mean, deviation) of q, two floats.
    """
    # BEGIN SOLUTION
    k = weights.index(max(weights))
    return means[k], deviations[k]
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_fits(forward_fit, reverse_fit)

# %% [markdown]
# ## 3. The bound and its gap (`elbo`)
#
# A latent variable $z$ with the prior $p(z)$, data $x$ with the likelihood $p(x\mid z)$, and any distribution $q(z)$:
# $\mathrm{ELBO}(q) = \mathbb E_q\bigl[\log p(x, z) - \log q(z)\bigr]$.


# %%
def evidence(prior, likelihood):
    """p(x) of a latent variable with finitely many values.

    Args:
        prior: p(z = k) for each k, Fractions. likelihood: p(x | z = k) for the x that was seen, positive Fractions.

    Returns:
        A Fraction.
    """
    # BEGIN SOLUTION
    return sum(a * b for a, b in zip(prior, likelihood))
    # END SOLUTION


# %%
def posterior_table(prior, likelihood):
    """p(z = k | x) for each k, a list of Fractions. Arguments as above."""
    # BEGIN SOLUTION
    joint = [a * b for a, b in zip(prior, likelihood)]
    return [c / sum(joint) for c in joint]
    # END SOLUTION


# %%
def elbo(q, prior, likelihood):
    """The ELBO of q, in nats.

    Args:
        q: q(z = k) for each k, a list of Fractions that sum to 1, zeros allowed. The others as above.

    Returns:
        A float.
    """
    # BEGIN SOLUTION
    return sum(float(c) * math.log(a * b / c) for c, a, b in zip(q, prior, likelihood) if c > 0)
    # END SOLUTION


# %%
def gap(q, prior, likelihood):
    """log p(x) − ELBO(q), as a KL divergence: a float, in nats. Arguments as above."""
    # BEGIN SOLUTION
    total = sum(a * b for a, b in zip(prior, likelihood))
    return sum(float(c) * math.log(c * total / (a * b)) for c, a, b in zip(q, prior, likelihood) if c > 0)
    # END SOLUTION


# %% [markdown]
# The posterior appears by itself when $\log p(x)$ is differentiated. You hand in a *derivation*: the first line is
# `Derivative(J, w)` with the given `log_evidence`, each line equals the one before it, the last has no `Derivative`. Differentiate
# one function on each line.

# %%
Derivative = sympy.Derivative


def log_evidence(w, v, x, p):
    """log p(x), up to a constant, of two humps: p N(x; w, 1) + (1 − p) N(x; v, 1). A sympy expression (given)."""
    return sympy.log(p * sympy.exp(-((x - w) ** 2) / 2) + (1 - p) * sympy.exp(-((x - v) ** 2) / 2))


# %%
def derive_evidence(w, v, x, p):
    """The derivation of dJ/dw, at least four lines.

    Args:
        w, v, x, p: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, w), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    first, second = p * sympy.exp(-((x - w) ** 2) / 2), (1 - p) * sympy.exp(-((x - v) ** 2) / 2)
    share = first / (first + second)
    return [
        Derivative(log_evidence(w, v, x, p), w),
        Derivative(first, w) / (first + second),
        share * Derivative(-((x - w) ** 2) / 2, w),
        share * (x - w),
    ]
    # END SOLUTION


# %% [markdown]
# The same with numbers for latents: $z \sim \mathcal N(0, I_k)$ and $x = Wz + \text{noise}$ with noise of variance $\sigma^2$ in each of the $d$ entries.


# %%
def gaussian_posterior(W, noise, x):
    """p(z | x), which is Gaussian.

    Args:
        W: array (d, k). noise: σ², a positive float. x: array (d,).

    Returns:
        (mean, precision): array (k,), and the *inverse* of the covariance, array (k, k).
    """
    # BEGIN SOLUTION
    precision = np.eye(W.shape[1]) + W.T @ W / noise
    return np.linalg.solve(precision, W.T @ x / noise), precision
    # END SOLUTION


# %%
def best_diagonal(precision):
    """The Gaussian q with a diagonal covariance that has the least gap to a Gaussian posterior with this precision.

    Args:
        precision: symmetric positive definite array (k, k).

    Returns:
        (variances, gap): the k variances of q, and the gap that is left, in nats. (The mean of q is the posterior's.)
    """
    # BEGIN SOLUTION
    diagonal = np.diag(precision)
    return 1 / diagonal, float(np.sum(np.log(diagonal)) - np.linalg.slogdet(precision)[1]) / 2
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_shadow(gaussian_posterior, best_diagonal)

# %% [markdown]
# ## 4. Two gradients of an expectation (`estimators`)
#
# $J = \mathbb E\, f(z)$ for $z \sim \mathcal N(\mu, \sigma^2)$, or $z = \mu + \sigma\epsilon$ with $\epsilon \sim \mathcal N(0, 1)$.


# %%
def score_estimates(values, z, mu, sigma, baseline):
    """The score estimate of dJ/dμ from each sample, with a baseline.

    Args:
        values: f(z) of each sample, array (n,). z: the samples, array (n,).
        mu, sigma: mean and deviation of z. baseline: a number c, the same for all samples.

    Returns:
        Array (n,).
    """
    # BEGIN SOLUTION
    return (values - baseline) * (z - mu) / sigma**2
    # END SOLUTION


# %%
def path_estimates(slope, eps, mu, sigma):
    """The path estimates of dJ/dμ and of dJ/dσ from each sample.

    Args:
        slope: f', a function of an array. eps: ε of each sample, array (n,). mu, sigma: numbers.

    Returns:
        (by mu, by sigma): two arrays (n,).
    """
    # BEGIN SOLUTION
    found = slope(mu + sigma * eps)
    return found, found * eps
    # END SOLUTION


# %% [markdown]
# Now $f(z) = z^2$, where everything can be computed. The next four functions return sympy expressions in the symbols they are given.


# %%
def score_variance(mu, sigma):
    """The variance of one score estimate of dJ/dμ for f(z) = z², without a baseline."""
    # BEGIN SOLUTION
    return mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
    # END SOLUTION


# %%
def path_variance(mu, sigma):
    """The variance of one path estimate of dJ/dμ for f(z) = z²."""
    # BEGIN SOLUTION
    return 4 * sigma**2
    # END SOLUTION


# %%
def variance_with_baseline(mu, sigma, c):
    """The variance of one score estimate of dJ/dμ for f(z) = z², with the baseline c."""
    # BEGIN SOLUTION
    return mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2 + (c**2 - 2 * c * (mu**2 + 3 * sigma**2)) / sigma**2
    # END SOLUTION


# %%
def best_baseline(mu, sigma):
    """The baseline c for which that variance is least."""
    # BEGIN SOLUTION
    return mu**2 + 3 * sigma**2
    # END SOLUTION


# %% [markdown]
# A path gradient line by line, as in question 3, for noise with two values, ε = ±1, and $f(z) = (z^2 - y)^2$.


# %%
def mean_error(mu, s, y):
    """J = E ((μ + sε)² − y)² over the two signs of ε, a sympy expression (given)."""
    return (((mu + s) ** 2 - y) ** 2 + ((mu - s) ** 2 - y) ** 2) / 2


# %%
def derive_path(mu, s, y):
    """The derivation of dJ/ds, at least three lines.

    Args:
        mu, s, y: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, s), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    up, down = (mu + s) ** 2 - y, (mu - s) ** 2 - y
    return [
        Derivative(mean_error(mu, s, y), s),
        up * Derivative(up, s) + down * Derivative(down, s),
        2 * up * (mu + s) - 2 * down * (mu - s),
    ]
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_estimates(score_estimates, path_estimates)

# %% [markdown]
# ## 5. Many samples, tighter bound (`iwae`)
#
# $L_K = \mathbb E \log\frac1K\sum_{i=1}^K w_i$ with independent $z_i \sim q$ and weights $w_i = p(x, z_i)/q(z_i)$.


# %%
def log_mean_weight(log_weights):
    """log((1/K) Σ w_i) from the logarithms of the weights.

    Args:
        log_weights: array (K,), of any size, ±1000 too.

    Returns:
        A float.
    """
    # BEGIN SOLUTION
    most = np.max(log_weights)
    return float(most + np.log(np.mean(np.exp(log_weights - most))))
    # END SOLUTION


# %%
def iwae(q, prior, likelihood, K):
    """L_K, exactly: the mean over all K-tuples of values of z, in nats.

    Args:
        q: positive Fractions that sum to 1. prior, likelihood: as in question 3; three values. K: from 1 to 7.

    Returns:
        A float.
    """
    # BEGIN SOLUTION
    weights = [float(a * b / c) for c, a, b in zip(q, prior, likelihood)]
    total = 0.0
    for values in itertools.product(range(len(q)), repeat=K):
        chance = math.prod(float(q[k]) for k in values)
        total += chance * math.log(sum(weights[k] for k in values) / K)
    return total
    # END SOLUTION


# %%
def gap_limit(q, prior, likelihood):
    """The limit of K·(log p(x) − L_K) for K → ∞, a Fraction. Arguments as above."""
    # BEGIN SOLUTION
    total = sum(a * b for a, b in zip(prior, likelihood))
    square = sum((a * b) ** 2 / c for c, a, b in zip(q, prior, likelihood))
    return (square - total**2) / (2 * total**2)
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_staircase(iwae, evidence)

# %% [markdown]
# ## 6. The latent that went to sleep (`collapse`)
#
# The linear VAE: $z \sim \mathcal N(0, 1)$, $x \mid z \sim \mathcal N(wz, \sigma^2)$ with a *fixed* $\sigma^2$, one latent for each direction of the data. The
# data have variance $\lambda$ in that direction.


# %%
def best_encoder(w, sigma2, beta):
    """The encoder q(z | x) = N(a·x, v) that is best for this decoder, where the KL counts β times.

    The objective for each x is E_q[(x − wz)²]/(2σ²) + β·KL(q‖N(0, 1)).

    Args:
        w, sigma2, beta: w, σ² and β, Fractions; the last two are positive.

    Returns:
        (a, v), two Fractions.
    """
    # BEGIN SOLUTION
    return w / (w**2 + beta * sigma2), beta * sigma2 / (w**2 + beta * sigma2)
    # END SOLUTION


# %% [markdown]
# With β = 1 and its best encoder the VAE's loss is the exact one, $J(w) = \frac12\log(w^2 + s) + \frac{\lambda}{2(w^2 + s)}$ up to a constant,
# with $s = \sigma^2$. Derive its slope line by line, as in question 3.


# %%
def direction_loss(w, s, lam):
    """J(w) of one direction, a sympy expression (given)."""
    return sympy.log(w**2 + s) / 2 + lam / (2 * (w**2 + s))


# %%
def derive_weight(w, s, lam):
    """The derivation of dJ/dw, at least three lines.

    Args:
        w, s, lam: sympy symbols; s is positive.

    Returns:
        List of sympy expressions; the first is Derivative(J, w), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    v = w**2 + s
    return [
        Derivative(direction_loss(w, s, lam), w),
        (1 / (2 * v) - lam / (2 * v**2)) * Derivative(v, w),
        w * (w**2 + s - lam) / v**2,
    ]
    # END SOLUTION


# %%
def best_weights(spectrum, sigma2, beta):
    """The best w² for each direction.

    Args:
        spectrum: variances λ of the data by direction, a list of positive Fractions. sigma2, beta: as above.

    Returns:
        A list of Fractions.
    """
    # BEGIN SOLUTION
    return [max(lam - beta * sigma2, Fraction(0)) for lam in spectrum]
    # END SOLUTION


# %%
def active_latents(spectrum, sigma2, beta):
    """How many latents the best VAE uses (those with w² > 0). An int. Arguments as above."""
    # BEGIN SOLUTION
    return sum(lam > beta * sigma2 for lam in spectrum)
    # END SOLUTION


# %%
def best_bound(spectrum, sigma2):
    """The largest mean ELBO for each x, with β = 1, for data N(0, diag(spectrum)) and as many latents as directions.

    Args:
        spectrum: list of positive floats. sigma2: the fixed σ², a positive float.

    Returns:
        A float, in nats.
    """
    # BEGIN SOLUTION
    total = 0.0
    for lam in spectrum:
        variance = max(lam, sigma2)
        total -= (math.log(2 * math.pi * variance) + lam / variance) / 2
    return total
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_sleep(best_weights)

# %% [markdown]
# ## 7. Change of variables (`flows`)
#
# $z \sim \mathcal N(0, I_d)$ and $x = f(z)$ with an invertible $f$: $\log p(x) = \log\mathcal N(z; 0, I) - \log|\det \partial f/\partial z|$. *Forward* is from $z$ to $x$ in all of this question.


# %%
def coupling(z, shift, scale):
    """A coupling layer, forward: the first half is kept, the second becomes z₂·exp(scale(z₁)) + shift(z₁).

    Args:
        z: array (B, d), d even. shift, scale: functions of an array (B, d/2) that return one of that shape.

    Returns:
        (x, log_det): array (B, d), and log|det ∂x/∂z| of each row, array (B,).
    """
    # BEGIN SOLUTION
    half = z.shape[1] // 2
    first, second = z[:, :half], z[:, half:]
    s = scale(first)
    return np.concatenate([first, second * np.exp(s) + shift(first)], axis=1), s.sum(axis=1)
    # END SOLUTION


# %%
def coupling_inverse(x, shift, scale):
    """The way back of the same layer: (z, log_det) with log|det ∂z/∂x|. Shapes as above."""
    # BEGIN SOLUTION
    half = x.shape[1] // 2
    first, second = x[:, :half], x[:, half:]
    s = scale(first)
    return np.concatenate([first, (second - shift(first)) * np.exp(-s)], axis=1), -s.sum(axis=1)
    # END SOLUTION


# %%
def flow_log_prob(x, layers):
    """log p(x) of a flow of several coupling layers.

    Args:
        x: array (B, d), d even.
        layers: list of pairs (shift, scale), in the order from z to x. The layers 0, 2, 4, … keep the first half and change
            the second; the layers 1, 3, 5, … keep the second half and change the first.

    Returns:
        Array (B,), in nats.
    """
    # BEGIN SOLUTION
    half = x.shape[1] // 2
    log_det = 0.0
    for i, (shift, scale) in reversed(list(enumerate(layers))):
        parts = [x[:, :half], x[:, half:]]
        kept, changed = i % 2, 1 - i % 2
        s = scale(parts[kept])
        parts[changed] = (parts[changed] - shift(parts[kept])) * np.exp(-s)
        x, log_det = np.concatenate(parts, axis=1), log_det + s.sum(axis=1)
    return -(x**2).sum(axis=1) / 2 - half * math.log(2 * math.pi) - log_det
    # END SOLUTION


# %%
def planar(z, w, u, b):
    """A planar layer, forward: x = z + u·tanh(w·z + b).

    Args:
        z: array (B, d). w, u: arrays (d,). b: a number.

    Returns:
        (x, log_det): array (B, d), and log|det ∂x/∂z| of each row, array (B,).
    """
    # BEGIN SOLUTION
    t = np.tanh(z @ w + b)
    return z + t[:, None] * u, np.log(np.abs(1 + (1 - t**2) * (u @ w)))
    # END SOLUTION


# %%
def planar_is_one_to_one(w, u):
    """Whether no two points of ℝ^d have the same image under a planar layer (whatever b is). A bool."""
    # BEGIN SOLUTION
    return bool(np.dot(w, u) >= -1)
    # END SOLUTION


# %%
def planar_fold(w, u, b):
    """Two different points that a planar layer with w·u < −1.1 sends to the same point (to 10⁻⁵).

    Returns:
        (z, z'): two arrays (d,), at least 1/100 apart.
    """
    # BEGIN SOLUTION
    c, low, high = float(w @ u), 1e-9, 1.0
    for _ in range(100):  # t + tanh(ct) has a zero between 0 and 1
        middle = (low + high) / 2
        low, high = (middle, high) if middle + math.tanh(c * middle) < 0 else (low, middle)
    crease = -b * w / (w @ w)
    return crease + low * u, crease - low * u
    # END SOLUTION


# %%
def beyond_one_layer():
    """A Gaussian with mean 0 in the plane that no single coupling layer makes, whichever of the two variables it keeps.

    Returns:
        Its covariance, an array (2, 2), symmetric and positive definite.
    """
    # BEGIN SOLUTION
    return np.array([[2.0, 1.0], [1.0, 2.0]])
    # END SOLUTION


# %%
def two_layers(cov):
    """Two coupling layers that make N(0, cov): first x₂ = z₂·e^{s0} + t0·z₁, then x₁ = z₁·e^{s1} + t1·x₂.

    Args:
        cov: array (2, 2), symmetric and positive definite.

    Returns:
        (s0, t0, s1, t1), four floats.
    """
    # BEGIN SOLUTION
    t1 = cov[0, 1] / cov[1, 1]
    return math.log(cov[1, 1]) / 2, 0.0, math.log(cov[0, 0] - t1 * cov[0, 1]) / 2, float(t1)
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_grids(coupling, planar)

# %% [markdown]
# ## 8. Calibrated, and useless (`calibration`)
#
# Forecasts $p_i$ of the chance of class 1, and what happened, $y_i \in \{0, 1\}$.


# %%
def calibration_error(p, y, edges):
    """The expected calibration error: the mean over the examples of |mean forecast − share of class 1| of their bin.

    Args:
        p: forecasts, Fractions with 0 < p ≤ 1. y: zeros and ones. edges: ascending Fractions from 0 to 1; the bins are
            (edges[i], edges[i + 1]]: the upper edge belongs to the bin. Bins may be empty.

    Returns:
        A Fraction.
    """
    # BEGIN SOLUTION
    total = Fraction(0)
    for low, high in itertools.pairwise(edges):
        inside = [(a, b) for a, b in zip(p, y) if low < a <= high]
        total += abs(sum((a - b for a, b in inside), Fraction(0)))
    return total / len(p)
    # END SOLUTION


# %%
def brier_parts(p, y):
    """The Brier score, the mean of (p − y)², in three parts: score = reliability − resolution + uncertainty.

    The examples are grouped by equal forecasts. Reliability is the mean of (forecast − share of class 1 in the group)²,
    resolution the mean of (share in the group − share in all)², uncertainty what a forecast of the share in all would score.

    Args:
        p: forecasts, Fractions. y: zeros and ones.

    Returns:
        (reliability, resolution, uncertainty), three Fractions, each 0 or more.
    """
    # BEGIN SOLUTION
    base, reliability, resolution = Fraction(sum(y), len(y)), Fraction(0), Fraction(0)
    for forecast in set(p):
        group = [b for a, b in zip(p, y) if a == forecast]
        share = Fraction(sum(group), len(group))
        reliability += len(group) * (forecast - share) ** 2
        resolution += len(group) * (share - base) ** 2
    return reliability / len(p), resolution / len(p), base * (1 - base)
    # END SOLUTION


# %%
def gap_by_chance(n, p):
    """E|k/n − p|, where k of n examples are of class 1 and each is with chance p: what a perfectly calibrated bin shows.

    Args:
        n: number of examples in the bin, an int. p: a Fraction.

    Returns:
        A Fraction.
    """
    # BEGIN SOLUTION
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) * abs(Fraction(k, n) - p) for k in range(n + 1))
    # END SOLUTION


# %%
def disguise(low, high, truths):
    """Wrong forecasts that look perfect in one bin (low, high].

    Args:
        low, high: Fractions. truths: the true chances of two equally large groups, two different Fractions with
            low < truth ≤ high.

    Returns:
        Two Fractions, the forecasts for the two groups: both in the bin, their mean is the mean of the truths, and each is
        off by at least the difference of the truths.
    """
    # BEGIN SOLUTION
    return [truths[1], truths[0]]
    # END SOLUTION


# %%
def best_report(truth, rule):
    """The forecast with the least expected penalty, for who knows that the chance of class 1 is `truth`.

    Args:
        truth: a Fraction strictly between 0 and 1, not 1/2.
        rule: "absolute" for |p − y|, "squared" for (p − y)², "log" for −log p where y = 1 and −log(1 − p) where y = 0.

    Returns:
        A Fraction from 0 to 1.
    """
    # BEGIN SOLUTION
    return truth if rule != "absolute" else Fraction(int(truth > Fraction(1, 2)))
    # END SOLUTION


# %%
def best_temperature(logits, labels):
    """The T > 0 with the least mean of −log softmax(logits / T)[label], right to a thousandth of it.

    Args:
        logits: float array (n, k). labels: int array (n,). In all tests there is exactly one best T, between 0.05 and 20.

    Returns:
        A float.
    """
    # BEGIN SOLUTION
    low, high = 0.05, 20.0
    for _ in range(100):
        middle = math.sqrt(low * high)
        e = np.exp((logits - logits.max(axis=1, keepdims=True)) / middle)
        expected = (e * logits).sum(axis=1) / e.sum(axis=1)
        too_sure = np.mean(expected - logits[np.arange(len(labels)), labels]) > 0
        low, high = (middle, high) if too_sure else (low, middle)
    return low
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_reliability(gap_by_chance)

# %% [markdown]
# ## 9. Doubt by perturbation (`randomised`)
#
# $w \sim \mathcal N(0, \tau^2 I_d)$ and $y = Xw + \text{noise}$ with noise of variance $\sigma^2$. In code `noise` is $\sigma^2$ and `prior` is $\tau^2$.


# %%
def weights_posterior(X, y, noise, prior):
    """p(w | X, y), which is Gaussian.

    Args:
        X: array (n, d), n ≥ 0. y: array (n,). noise, prior: σ² and τ², positive floats.

    Returns:
        (mean, covariance): arrays (d,) and (d, d).
    """
    # BEGIN SOLUTION
    covariance = np.linalg.inv(X.T @ X / noise + np.eye(X.shape[1]) / prior)
    return covariance @ X.T @ y / noise, covariance
    # END SOLUTION


# %%
def predictive(X, y, noise, prior, x):
    """The distribution of a *new* noisy target at x.

    Args:
        x: array (d,). The others as above.

    Returns:
        (mean, variance), two floats.
    """
    # BEGIN SOLUTION
    covariance = np.linalg.inv(X.T @ X / noise + np.eye(X.shape[1]) / prior)
    return float(x @ covariance @ X.T @ y / noise), float(x @ covariance @ x + noise)
    # END SOLUTION


# %%
def member(X, y, noise, prior, e, w0):
    """One fit of an ensemble: the w with the least ‖y + e − Xw‖²/σ² + ‖w − w0‖²/τ².

    Args:
        e: what was added to the targets, array (n,). w0: where this member's prior is centred, array (d,). The others as above.

    Returns:
        Array (d,).
    """
    # BEGIN SOLUTION
    precision = X.T @ X / noise + np.eye(X.shape[1]) / prior
    return np.linalg.solve(precision, X.T @ (y + e) / noise + w0 / prior)
    # END SOLUTION


# %%
def ensemble_covariance(X, noise, prior, perturbed):
    """The covariance of the fits over the draws of e ~ N(0, σ² I) and w0 ~ N(0, τ² I), independent of each other.

    Args:
        perturbed: "both"; "targets", where w0 = 0 for all members; "prior", where e = 0 for all members. The others as above.

    Returns:
        Array (d, d).
    """
    # BEGIN SOLUTION
    covariance = np.linalg.inv(X.T @ X / noise + np.eye(X.shape[1]) / prior)
    by_targets, by_prior = X.T @ X / noise, np.eye(X.shape[1]) / prior
    middle = {"both": by_targets + by_prior, "targets": by_targets, "prior": by_prior}[perturbed]
    return covariance @ middle @ covariance
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_fan(member, predictive)

# %% [markdown]
# ## 10. Likelihood can lie (`pathologies`)


# %%
def mixture_log_likelihood(data, weights, means, deviations):
    """Σ over the data of log Σ_k weights[k] N(x; means[k], deviations[k]²), in nats.

    Args:
        data: array (n,). weights, means, deviations: arrays (K,); deviations down to 1e-300.

    Returns:
        A float, −inf only where every hump is too far away for float64 even in the logarithm.
    """
    # BEGIN SOLUTION
    with np.errstate(over="ignore"):
        squares = ((data[:, None] - means) / deviations) ** 2
    logs = np.log(weights) - np.log(deviations) - squares / 2 - math.log(2 * math.pi) / 2
    most = logs.max(axis=1)
    return float(np.sum(most + np.log(np.exp(logs - most[:, None]).sum(axis=1))))
    # END SOLUTION


# %%
def infinite_likelihood(data, bound):
    """A mixture of Gaussians whose log likelihood of these data is above the bound.

    Args:
        data: list of 2 to 10 floats between −10 and 10, perhaps repeated. bound: at most 600.

    Returns:
        (weights, means, deviations): three lists of equal length, 1 to 20 entries; positive weights that sum to 1,
        deviations from 1e-300 to 100.
    """
    # BEGIN SOLUTION
    return [0.5, 0.5], [data[0], 0.0], [1e-300, 6.0]
    # END SOLUTION


# %%
def garbage(log_p, log_noise, share):
    """Log densities of a model that draws noise with chance `share`, and from p otherwise.

    Args:
        log_p, log_noise: log densities of p and of the noise at the examples, arrays (n,), of any size.
        share: between 0 and 1, both excluded.

    Returns:
        Array (n,).
    """
    # BEGIN SOLUTION
    return np.logaddexp(math.log(1 - share) + log_p, math.log(share) + log_noise)
    # END SOLUTION


# %%
def most_it_costs(share):
    """What such a model loses at most against p in log density, per example, whatever the noise is: a float, in nats."""
    # BEGIN SOLUTION
    return -math.log(1 - share)
    # END SOLUTION


# %%
def discrete_log_prob(x, mean, deviation):
    """log P(x), where P(x) is the mass of N(mean, deviation²) between x and x + 1. All arguments are numbers. A float."""
    # BEGIN SOLUTION
    a, b = ((v - mean) / (deviation * math.sqrt(2)) for v in (x, x + 1))
    return math.log((math.erf(b) - math.erf(a)) / 2)
    # END SOLUTION


# %%
def dequantised_bound(x, mean, deviation):
    """E log N(x + u; mean, deviation²) for u uniform in [0, 1], exactly: a float, in nats."""
    # BEGIN SOLUTION
    away = x - mean
    return -math.log(deviation * math.sqrt(2 * math.pi)) - (away**2 + away + 1 / 3) / (2 * deviation**2)
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_garbage(most_it_costs)

# %% [markdown]
# ## 11. Train a VAE (`train`)
#
# $x \in \mathbb R^6$, two latents. Encoder $q(z\mid x) = \mathcal N(Ax + a, \mathrm{diag}(e^{v}))$, decoder $p(x\mid z) = \mathcal N(Wz + b, e^{2s}I)$, prior $\mathcal N(0, I)$. All six are trained.


# %%
def vae_loss(x, weights, eps):
    """The negative ELBO with one sample z = (Ax + a) + deviation·eps for each x, in nats: the mean over the batch.

    The KL to the prior is the exact one.

    Args:
        x: tensor (B, 6). eps: tensor (B, 2) of standard normal numbers.
        weights: dict of tensors: "A" (2, 6), "a" (2,), "v" (2,), "W" (6, 2), "b" (6,), "s" ().

    Returns:
        A tensor without a dimension. Gradients flow to all six.
    """
    # BEGIN SOLUTION
    A, a, v, W, b, s = (weights[name] for name in ("A", "a", "v", "W", "b", "s"))
    mean = x @ A.T + a
    z = mean + torch.exp(v / 2) * eps
    error = ((x - z @ W.T - b) ** 2).sum(dim=1) / (2 * torch.exp(2 * s))
    reconstruction = error + x.shape[1] * (s + math.log(2 * math.pi) / 2)
    kl = (mean**2 + torch.exp(v) - 1 - v).sum(dim=1) / 2
    return (reconstruction + kl).mean()
    # END SOLUTION


# %%
def train(batches, steps):
    """Train the VAE on a stream of batches, one step for each batch.

    Args:
        batches: an iterator over `steps` float32 tensors of shape (128, 6); it can be read once.
        steps: how many there are.

    Returns:
        A dict of tensors "A", "a", "v", "W", "b", "s" with the shapes of `vae_loss`.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(1)
    weights = {
        "A": 0.3 * torch.randn(2, 6, generator=generator), "a": torch.zeros(2), "v": torch.zeros(2),
        "W": 0.3 * torch.randn(6, 2, generator=generator), "b": torch.zeros(6), "s": torch.zeros(()),
    }  # fmt: skip
    optimiser = torch.optim.Adam([w.requires_grad_() for w in weights.values()], lr=0.02)
    for step, x in enumerate(batches):
        optimiser.param_groups[0]["lr"] = 0.01 * (1 + math.cos(math.pi * step / steps))
        loss = vae_loss(x, weights, torch.randn(len(x), 2, generator=generator))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {name: w.detach() for name, w in weights.items()}
    # END SOLUTION


# %%
if __name__ == "__main__":
    plots.show_bound(train)
    plots.show_plane(train)

# %% [markdown]
# ## 12. Sure of what? (`two_doubts`)
#
# A model can doubt because it has seen too little, or because the world is noisy. Answer in the cell below, in at most eight sentences:
# (a) Which of the two does more data remove, and which one stays? Give a number from this assignment for each.
# (b) Place questions 8, 9 and 11: which of the two does each of them measure or learn?
# (c) Which one does the spread of an ensemble measure? Describe a case in which the spread is 0 and the error is not.

# %% [markdown]
# *Your answer:*
