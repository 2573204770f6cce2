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
    raise NotImplementedError("write order_mask")


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
    raise NotImplementedError("write log_prob")


# %%
def bits_per_dimension(log_probability, n):
    """How many bits a code needs for each of the n variables. `log_probability` is log p(x) in nats. A float."""
    raise NotImplementedError("write bits_per_dimension")


# %%
def total_mass(W, b, mask):
    """The sum of exp(Σ_i log p(x_i | …)) over all 2^n strings x. Arguments as in `log_prob`. A float."""
    raise NotImplementedError("write total_mass")


# %%
def made_masks(degrees, hidden):
    """The masks of a network with one hidden layer (MADE). A hidden unit of degree k sees the inputs of degree ≤ k; an output
    of degree d sees the hidden units of degree < d.

    Args:
        degrees: of the n inputs, and of the n outputs: different ints. hidden: degrees of the h hidden units, ints.

    Returns:
        (into, out): arrays of zeros and ones of shapes (h, n) and (n, h); rows are the units that see.
    """
    raise NotImplementedError("write made_masks")


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
    raise NotImplementedError("write kl_table")


# %%
def kl_formula(m1, s1, m2, s2):
    """KL of N(m1, s1²) to N(m2, s2²), a sympy expression in the four symbols (the deviations s1 and s2 are positive)."""
    raise NotImplementedError("write kl_formula")


# %%
def kl_gaussians(mean1, cov1, mean2, cov2):
    """KL of N(mean1, cov1) to N(mean2, cov2), in nats.

    Args:
        mean1, mean2: arrays (k,). cov1, cov2: symmetric positive definite arrays (k, k).

    Returns:
        A float.
    """
    raise NotImplementedError("write kl_gaussians")


# %%
def forward_fit(weights, means, variances):
    """The Gaussian q with the least KL(p‖q), where p is the mixture Σ_k weights[k] N(means[k], variances[k]).

    Args:
        weights, means, variances: lists of Fractions; the weights sum to 1.

    Returns:
        (mean, variance) of q, two Fractions.
    """
    raise NotImplementedError("write forward_fit")


# %%
def reverse_fit(weights, means, deviations):
    """A Gaussian q with the least KL(q‖p), to 10⁻³, where p is the mixture Σ_k weights[k] N(means[k], deviations[k]²).

    The humps are far apart: the distance of any two means is at least 12 times the largest deviation.

    Args:
        weights, means, deviations: lists of floats.

    Returns:
        (mean, deviation) of q, two floats.
    """
    raise NotImplementedError("write reverse_fit")


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
    raise NotImplementedError("write evidence")


# %%
def posterior_table(prior, likelihood):
    """p(z = k | x) for each k, a list of Fractions. Arguments as above."""
    raise NotImplementedError("write posterior_table")


# %%
def elbo(q, prior, likelihood):
    """The ELBO of q, in nats.

    Args:
        q: q(z = k) for each k, a list of Fractions that sum to 1, zeros allowed. The others as above.

    Returns:
        A float.
    """
    raise NotImplementedError("write elbo")


# %%
def gap(q, prior, likelihood):
    """log p(x) − ELBO(q), as a KL divergence: a float, in nats. Arguments as above."""
    raise NotImplementedError("write gap")


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
    raise NotImplementedError("write derive_evidence")


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
    raise NotImplementedError("write gaussian_posterior")


# %%
def best_diagonal(precision):
    """The Gaussian q with a diagonal covariance that has the least gap to a Gaussian posterior with this precision.

    Args:
        precision: symmetric positive definite array (k, k).

    Returns:
        (variances, gap): the k variances of q, and the gap that is left, in nats. (The mean of q is the posterior's.)
    """
    raise NotImplementedError("write best_diagonal")


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
    raise NotImplementedError("write score_estimates")


# %%
def path_estimates(slope, eps, mu, sigma):
    """The path estimates of dJ/dμ and of dJ/dσ from each sample.

    Args:
        slope: f', a function of an array. eps: ε of each sample, array (n,). mu, sigma: numbers.

    Returns:
        (by mu, by sigma): two arrays (n,).
    """
    raise NotImplementedError("write path_estimates")


# %% [markdown]
# Now $f(z) = z^2$, where everything can be computed. The next four functions return sympy expressions in the symbols they are given.


# %%
def score_variance(mu, sigma):
    """The variance of one score estimate of dJ/dμ for f(z) = z², without a baseline."""
    raise NotImplementedError("write score_variance")


# %%
def path_variance(mu, sigma):
    """The variance of one path estimate of dJ/dμ for f(z) = z²."""
    raise NotImplementedError("write path_variance")


# %%
def variance_with_baseline(mu, sigma, c):
    """The variance of one score estimate of dJ/dμ for f(z) = z², with the baseline c."""
    raise NotImplementedError("write variance_with_baseline")


# %%
def best_baseline(mu, sigma):
    """The baseline c for which that variance is least."""
    raise NotImplementedError("write best_baseline")


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
    raise NotImplementedError("write derive_path")


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
    raise NotImplementedError("write log_mean_weight")


# %%
def iwae(q, prior, likelihood, K):
    """L_K, exactly: the mean over all K-tuples of values of z, in nats.

    Args:
        q: positive Fractions that sum to 1. prior, likelihood: as in question 3; three values. K: from 1 to 7.

    Returns:
        A float.
    """
    raise NotImplementedError("write iwae")


# %%
def gap_limit(q, prior, likelihood):
    """The limit of K·(log p(x) − L_K) for K → ∞, a Fraction. Arguments as above."""
    raise NotImplementedError("write gap_limit")


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
    raise NotImplementedError("write best_encoder")


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
    raise NotImplementedError("write derive_weight")


# %%
def best_weights(spectrum, sigma2, beta):
    """The best w² for each direction.

    Args:
        spectrum: variances λ of the data by direction, a list of positive Fractions. sigma2, beta: as above.

    Returns:
        A list of Fractions.
    """
    raise NotImplementedError("write best_weights")


# %%
def active_latents(spectrum, sigma2, beta):
    """How many latents the best VAE uses (those with w² > 0). An int. Arguments as above."""
    raise NotImplementedError("write active_latents")


# %%
def best_bound(spectrum, sigma2):
    """The largest mean ELBO for each x, with β = 1, for data N(0, diag(spectrum)) and as many latents as directions.

    Args:
        spectrum: list of positive floats. sigma2: the fixed σ², a positive float.

    Returns:
        A float, in nats.
    """
    raise NotImplementedError("write best_bound")


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
    raise NotImplementedError("write coupling")


# %%
def coupling_inverse(x, shift, scale):
    """The way back of the same layer: (z, log_det) with log|det ∂z/∂x|. Shapes as above."""
    raise NotImplementedError("write coupling_inverse")


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
    raise NotImplementedError("write flow_log_prob")


# %%
def planar(z, w, u, b):
    """A planar layer, forward: x = z + u·tanh(w·z + b).

    Args:
        z: array (B, d). w, u: arrays (d,). b: a number.

    Returns:
        (x, log_det): array (B, d), and log|det ∂x/∂z| of each row, array (B,).
    """
    raise NotImplementedError("write planar")


# %%
def planar_is_one_to_one(w, u):
    """Whether no two points of ℝ^d have the same image under a planar layer (whatever b is). A bool."""
    raise NotImplementedError("write planar_is_one_to_one")


# %%
def planar_fold(w, u, b):
    """Two different points that a planar layer with w·u < −1.1 sends to the same point (to 10⁻⁵).

    Returns:
        (z, z'): two arrays (d,), at least 1/100 apart.
    """
    raise NotImplementedError("write planar_fold")


# %%
def beyond_one_layer():
    """A Gaussian with mean 0 in the plane that no single coupling layer makes, whichever of the two variables it keeps.

    Returns:
        Its covariance, an array (2, 2), symmetric and positive definite.
    """
    raise NotImplementedError("write beyond_one_layer")


# %%
def two_layers(cov):
    """Two coupling layers that make N(0, cov): first x₂ = z₂·e^{s0} + t0·z₁, then x₁ = z₁·e^{s1} + t1·x₂.

    Args:
        cov: array (2, 2), symmetric and positive definite.

    Returns:
        (s0, t0, s1, t1), four floats.
    """
    raise NotImplementedError("write two_layers")


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
    raise NotImplementedError("write calibration_error")


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
    raise NotImplementedError("write brier_parts")


# %%
def gap_by_chance(n, p):
    """E|k/n − p|, where k of n examples are of class 1 and each is with chance p: what a perfectly calibrated bin shows.

    Args:
        n: number of examples in the bin, an int. p: a Fraction.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write gap_by_chance")


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
    raise NotImplementedError("write disguise")


# %%
def best_report(truth, rule):
    """The forecast with the least expected penalty, for who knows that the chance of class 1 is `truth`.

    Args:
        truth: a Fraction strictly between 0 and 1, not 1/2.
        rule: "absolute" for |p − y|, "squared" for (p − y)², "log" for −log p where y = 1 and −log(1 − p) where y = 0.

    Returns:
        A Fraction from 0 to 1.
    """
    raise NotImplementedError("write best_report")


# %%
def best_temperature(logits, labels):
    """The T > 0 with the least mean of −log softmax(logits / T)[label], right to a thousandth of it.

    Args:
        logits: float array (n, k). labels: int array (n,). In all tests there is exactly one best T, between 0.05 and 20.

    Returns:
        A float.
    """
    raise NotImplementedError("write best_temperature")


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
    raise NotImplementedError("write weights_posterior")


# %%
def predictive(X, y, noise, prior, x):
    """The distribution of a *new* noisy target at x.

    Args:
        x: array (d,). The others as above.

    Returns:
        (mean, variance), two floats.
    """
    raise NotImplementedError("write predictive")


# %%
def member(X, y, noise, prior, e, w0):
    """One fit of an ensemble: the w with the least ‖y + e − Xw‖²/σ² + ‖w − w0‖²/τ².

    Args:
        e: what was added to the targets, array (n,). w0: where this member's prior is centred, array (d,). The others as above.

    Returns:
        Array (d,).
    """
    raise NotImplementedError("write member")


# %%
def ensemble_covariance(X, noise, prior, perturbed):
    """The covariance of the fits over the draws of e ~ N(0, σ² I) and w0 ~ N(0, τ² I), independent of each other.

    Args:
        perturbed: "both"; "targets", where w0 = 0 for all members; "prior", where e = 0 for all members. The others as above.

    Returns:
        Array (d, d).
    """
    raise NotImplementedError("write ensemble_covariance")


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
    raise NotImplementedError("write mixture_log_likelihood")


# %%
def infinite_likelihood(data, bound):
    """A mixture of Gaussians whose log likelihood of these data is above the bound.

    Args:
        data: list of 2 to 10 floats between −10 and 10, perhaps repeated. bound: at most 600.

    Returns:
        (weights, means, deviations): three lists of equal length, 1 to 20 entries; positive weights that sum to 1,
        deviations from 1e-300 to 100.
    """
    raise NotImplementedError("write infinite_likelihood")


# %%
def garbage(log_p, log_noise, share):
    """Log densities of a model that draws noise with chance `share`, and from p otherwise.

    Args:
        log_p, log_noise: log densities of p and of the noise at the examples, arrays (n,), of any size.
        share: between 0 and 1, both excluded.

    Returns:
        Array (n,).
    """
    raise NotImplementedError("write garbage")


# %%
def most_it_costs(share):
    """What such a model loses at most against p in log density, per example, whatever the noise is: a float, in nats."""
    raise NotImplementedError("write most_it_costs")


# %%
def discrete_log_prob(x, mean, deviation):
    """log P(x), where P(x) is the mass of N(mean, deviation²) between x and x + 1. All arguments are numbers. A float."""
    raise NotImplementedError("write discrete_log_prob")


# %%
def dequantised_bound(x, mean, deviation):
    """E log N(x + u; mean, deviation²) for u uniform in [0, 1], exactly: a float, in nats."""
    raise NotImplementedError("write dequantised_bound")


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
    raise NotImplementedError("write vae_loss")


# %%
def train(batches, steps):
    """Train the VAE on a stream of batches, one step for each batch.

    Args:
        batches: an iterator over `steps` float32 tensors of shape (128, 6); it can be read once.
        steps: how many there are.

    Returns:
        A dict of tensors "A", "a", "v", "W", "b", "s" with the shapes of `vae_loss`.
    """
    raise NotImplementedError("write train")


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
