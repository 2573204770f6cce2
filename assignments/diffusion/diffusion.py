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
# # Diffusion: learning a distribution by removing noise
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# Many answers are exact. Where numbers come in as `Fraction`s, they go out as `Fraction`s: `Fraction(1, 3)`, not `0.333`.
#
# Cells that only draw are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
import itertools
import math
from fractions import Fraction

import diffusion_plots as plots
import numpy as np
import sympy
import torch

# %% [markdown]
# ## 1. Adding noise, undoing one step (`forward`)
#
# $x_t = \sqrt{1-\beta_t}\;x_{t-1} + \sqrt{\beta_t}\;\varepsilon_t$ for $t = 1, \dots, T$, and $\bar\alpha_t = \prod_{i \le t}(1 - \beta_i)$, $\bar\alpha_0 = 1$.


# %%
def signal_shares(betas):
    """How much of the variance of the data is left: ᾱ_0, ᾱ_1, …, ᾱ_T.

    Args:
        betas: β_1, …, β_T, Fractions between 0 and 1.

    Returns:
        A list of T + 1 Fractions; the first is 1.
    """
    raise NotImplementedError("write signal_shares")


# %%
def variances(betas, variance):
    """Var(x_0), …, Var(x_T) for data with this variance.

    Args:
        betas: as above. variance: Var(x_0), a Fraction.

    Returns:
        A list of T + 1 Fractions.
    """
    raise NotImplementedError("write variances")


# %%
def jump(x0, noise, share):
    """x_t in one step from x_0.

    Args:
        x0, noise: float arrays of the same shape. share: ᾱ_t, a float between 0 and 1, both included.

    Returns:
        Float array of that shape.
    """
    raise NotImplementedError("write jump")


# %%
def combined_noise(betas, noises):
    """The one noise with which the jump from x_0 to x_T ends where the T small steps end.

    Args:
        betas: β_1, …, β_T, floats between 0 and 1. noises: ε_1, …, ε_T, the noises of the small steps, floats.

    Returns:
        ε with √ᾱ_T·x_0 + √(1 − ᾱ_T)·ε = x_T for every x_0. A float.
    """
    raise NotImplementedError("write combined_noise")


# %% [markdown]
# Backwards: $q(x_{t-1} \mid x_t, x_0)$ is proportional to $q(x_t \mid x_{t-1})\,q(x_{t-1} \mid x_0)$. Write $u$ for $x_{t-1}$. Where everything is measured in units of its
# deviation, the logarithm is, up to a constant, the expression below. You hand in a *derivation* of its slope in $u$: the first line is `Derivative(J, u)`, each
# line equals the one before it, the last has no `Derivative`. Differentiate one function on each line.

# %%
Derivative = sympy.Derivative


def log_posterior(u, x, y, k, r):
    """J(u) = −((y − r·u)² + (x − k·u)²)/2, a sympy expression (given).

    y is x_t/√β_t and r is √(1 − β_t)/√β_t; x is √ᾱ_{t−1}·x_0/√(1 − ᾱ_{t−1}) and k is 1/√(1 − ᾱ_{t−1}).
    """
    return -((y - r * u) ** 2 + (x - k * u) ** 2) / 2


# %%
def derive_posterior(u, x, y, k, r):
    """The derivation of dJ/du, at least three lines.

    Args:
        u, x, y, k, r: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, u), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_posterior")


# %%
def posterior(betas, t):
    """q(x_{t−1} | x_t, x_0): a Gaussian with mean c_0·x_0 + c_t·x_t.

    Args:
        betas: β_1, …, β_T, Fractions strictly between 0 and 1. t: from 1 to T.

    Returns:
        (c_0, c_t, variance), three floats.
    """
    raise NotImplementedError("write posterior")


# %%
if __name__ == "__main__":
    plots.show_melting(jump)

# %% [markdown]
# ## 2. Three targets, one network (`targets`)
#
# From here on $x_t = \alpha x_0 + \sigma\varepsilon$ with $\alpha^2 + \sigma^2 = 1$. The three targets are $\varepsilon$ (`"noise"`), $x_0$ (`"data"`) and
# $v = \alpha\varepsilon - \sigma x_0$ (`"velocity"`).


# %%
def all_three(x, value, kind, alpha, sigma):
    """All three targets from x_t and one of them.

    Args:
        x: x_t, a float array. value: one of the targets, an array of the same shape.
        kind: which one it is, "noise", "data" or "velocity".
        alpha, sigma: α and σ, floats from 0 to 1.

    Returns:
        A dict with the keys "noise", "data" and "velocity".

    Raises:
        ValueError: where x_t and this target do not determine the others.
    """
    raise NotImplementedError("write all_three")


# %%
def error_ratio(one, other, alpha, sigma):
    """A network predicts one target; its prediction of another one follows from that and x_t.

    Args:
        one, other: two of "noise", "data", "velocity" (or twice the same).
        alpha, sigma: positive Fractions with α² + σ² = 1.

    Returns:
        (error of `one`)² / (error of `other`)², a Fraction.
    """
    raise NotImplementedError("write error_ratio")


# %% [markdown]
# Why the third target is called a velocity: let the angle run with time, $\theta = ct$, $\alpha = \cos\theta$, $\sigma = \sin\theta$, and differentiate $x_t$.


# %%
def moving_point(t, c, x, e):
    """J(t) = cos(c·t)·x + sin(c·t)·e, a sympy expression (given)."""
    return sympy.cos(c * t) * x + sympy.sin(c * t) * e


# %%
def derive_velocity(t, c, x, e):
    """The derivation of dJ/dt, at least three lines: first the cosine and the sine, then what is inside.

    Args:
        t, c, x, e: sympy symbols for time, speed of the angle, x_0 and ε.

    Returns:
        List of sympy expressions; the first is Derivative(J, t), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_velocity")


# %%
if __name__ == "__main__":
    plots.show_weights(error_ratio)

# %% [markdown]
# ## 3. A loss that must not reach zero (`floor`)
#
# Data $x_0 \sim \mathcal N(0, s^2)$; $x_t = \cos\theta\,x_0 + \sin\theta\,\varepsilon$ with $\theta$ uniform on $(0, \pi/2)$.


# %%
def least_loss_at(kind, theta, s):
    """The least mean squared error of any function of x_t and θ, at one angle.

    Args:
        kind: the target, "noise", "data" or "velocity".
        theta: an angle strictly between 0 and π/2, a float. s: standard deviation of the data, a positive float.

    Returns:
        A float.
    """
    raise NotImplementedError("write least_loss_at")


# %%
def least_loss(kind, s):
    """The mean of this least error over all θ: the floor of the loss. A Fraction, for a positive Fraction s."""
    raise NotImplementedError("write least_loss")


# %%
def spread_behind(loss):
    """A perfect network for Gaussian data shows this noise loss: what is the standard deviation of the data?

    Args:
        loss: a Fraction between 0 and 1.

    Returns:
        s, a Fraction.
    """
    raise NotImplementedError("write spread_behind")


# %%
if __name__ == "__main__":
    plots.show_floor(least_loss_at)

# %% [markdown]
# ## 4. The best denoiser (`bayes`)
#
# Data from a mixture of Gaussians in one dimension: component $k$ with chance $w_k$, mean $m_k$ and standard deviation $s_k$. $\alpha = \cos\theta$, $\sigma = \sin\theta$.


# %%
def responsibilities(x, theta, weights, means, stds):
    """The chance of each component, given x_t.

    Args:
        x: values of x_t, float array (n,), perhaps very far from all means. theta: the angle, 0 ≤ θ ≤ π/2.
        weights, means, stds: of the k components, lists of floats; the weights sum to 1, no weight and no std is 0.

    Returns:
        Float array (n, k); rows sum to 1.
    """
    raise NotImplementedError("write responsibilities")


# %%
def bayes_noise(x, theta, weights, means, stds):
    """ε̂ = E[ε | x_t], the best prediction of the noise. Arguments as above.

    Returns:
        Float array (n,).
    """
    raise NotImplementedError("write bayes_noise")


# %%
def score(x, theta, weights, means, stds):
    """The slope of log p at each x, where p is the density of x_t. Arguments as above, with θ > 0.

    Returns:
        Float array (n,).
    """
    raise NotImplementedError("write score")


# %% [markdown]
# Where the score comes from, for two components: measure $x$ in units of their common deviation, and derive the slope of $\log p$ line by line, first the logarithm,
# then the exponentials, then the squares. `a` and `b` are the logarithms of the weights, `m` and `n` the means.


# %%
def log_density(x, a, b, m, n):
    """J(x) = log(exp(a − (x − m)²/2) + exp(b − (x − n)²/2)), a sympy expression (given)."""
    return sympy.log(sympy.exp(a - (x - m) ** 2 / 2) + sympy.exp(b - (x - n) ** 2 / 2))


# %%
def derive_score(x, a, b, m, n):
    """The derivation of dJ/dx, at least four lines.

    Args:
        x, a, b, m, n: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, x), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_score")


# %%
if __name__ == "__main__":
    plots.show_score(score)

# %% [markdown]
# ## 5. The copy machine (`copy_machine`)
#
# The data are $m$ given points in $d$ dimensions. The step of the sampler is given: it mixes data and noise for the next angle.


# %%
def mix(data, noise, theta):
    """cos θ · data + sin θ · noise (given)."""
    return math.cos(theta) * data + math.sin(theta) * noise


# %%
def optimal_data(x, theta, data):
    """E[x_0 | x_t] where x_0 is one of the given points, each equally likely: what the best network would return.

    Args:
        x: values of x_t, float array (n, d). theta: the angle, 0 < θ ≤ π/2; it may be so small that every exponential underflows.
        data: the points, float array (m, d); a point that is there twice counts twice.

    Returns:
        Float array (n, d).
    """
    raise NotImplementedError("write optimal_data")


# %%
def sample(noise, data, steps):
    """The deterministic sampler (DDIM) with the best network for these data.

    From θ = π/2, where x is the given noise, to θ = 0 in `steps` equal steps. In each step, predict the data and the noise that
    x is made of, and mix them for the next angle.

    Args:
        noise: float array (n, d). data: float array (m, d). steps: an int, 1 or more.

    Returns:
        Float array (n, d).
    """
    raise NotImplementedError("write sample")


# %%
def share_of_copies(samples, data, radius):
    """The share of the samples that lie within `radius` (included) of some point of the data.

    Args:
        samples: float array (n, d). data: float array (m, d). radius: a positive float.

    Returns:
        A float.
    """
    raise NotImplementedError("write share_of_copies")


# %%
if __name__ == "__main__":
    plots.show_copies(sample, share_of_copies)

# %% [markdown]
# ## 6. Samplers on trial (`samplers`)
#
# Gaussian data $x_0 \sim \mathcal N(0, s^2)$ and the *exact* denoiser. Every step is linear in $x$, so only a variance has to be followed.


# %%
def ddim_variance(angles, variance):
    """The variance at the end of the deterministic sampler (DDIM), with exact predictions.

    Args:
        angles: θ of every place of x, floats; they fall, the first at most π/2, the last 0 or more. At the first angle x has the
            variance that x_t has there.
        variance: s², a positive float.

    Returns:
        A float.
    """
    raise NotImplementedError("write ddim_variance")


# %%
def least_steps(error):
    """The least number of equal steps from π/2 to 0 for which DDIM on data of variance 1 ends with a variance of at least 1 − error.

    Args:
        error: a float, at least 0.001 and below 1.

    Returns:
        An int.
    """
    raise NotImplementedError("write least_steps")


# %%
def ancestral_variance(shares, variance, noises):
    """The variance of x_0 at the end of the ancestral sampler, with exact predictions.

    In the step from t to t − 1 it takes c_0·E[x_0 | x_t] + c_t·x_t, with the c_0 and c_t of question 1, and adds fresh noise.

    Args:
        shares: ᾱ_0 = 1, ᾱ_1, …, ᾱ_T, falling Fractions, the last one above 0.
        variance: s², a Fraction. At t = T, x has the variance that x_T has.
        noises: variances of the noise that is added in the steps to x_0, x_1, …, x_{T−1}, in this order: T Fractions, 0 or more.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write ancestral_variance")


# %%
def exact_noises(shares, variance):
    """The variances of the noise with which the ancestral sampler has the right variance after every step.

    Args:
        shares, variance: as above.

    Returns:
        T Fractions, for the steps to x_0, x_1, …, x_{T−1}.
    """
    raise NotImplementedError("write exact_noises")


# %%
if __name__ == "__main__":
    plots.show_samplers(ddim_variance, ancestral_variance)

# %% [markdown]
# ## 7. Guidance is not Bayes (`guidance`)
#
# One class has the data $\mathcal N(\mu, s^2)$, all data together are $\mathcal N(0, \tau^2)$. The guided prediction is $(1+w)\,\hat\varepsilon_{\text{class}} - w\,\hat\varepsilon_{\text{all}}$.


# %%
def guided_samples(noise, mu, s, tau, w, steps):
    """DDIM with the guided prediction and exact networks, from θ = π/2 (where x is the noise) to 0 in equal steps.

    Args:
        noise: float array (n,). mu, s: mean and standard deviation of the class. tau: standard deviation of all data.
        w: strength of the guidance, 0 or more; 0 is the class alone. steps: an int, 1 or more.

    Returns:
        Float array (n,).
    """
    raise NotImplementedError("write guided_samples")


# %%
def guided_std(s, tau, w):
    """The standard deviation of guided samples in the limit of infinitely many steps. A float."""
    raise NotImplementedError("write guided_std")


# %%
def guided_mean(mu, s, tau, w):
    """The mean of guided samples in the limit of infinitely many steps, right to 10⁻⁵. A float."""
    raise NotImplementedError("write guided_mean")


# %%
def tilted(mu, s, tau, w):
    """What guidance is said to sample from: the density proportional to p_class^(1+w) / p_all^w.

    Args:
        mu, s, tau, w: as above, Fractions.

    Returns:
        (mean, variance), two Fractions; None where this is no density, because its integral is infinite.
    """
    raise NotImplementedError("write tilted")


# %%
if __name__ == "__main__":
    plots.show_guidance(guided_mean, guided_std, tilted)

# %% [markdown]
# ## 8. Straight lines, blurry means (`flow`)
#
# $x_t = (1-t)\,z + t\,x_1$ with noise $z \sim \mathcal N(0, 1)$ and data $x_1 \sim \mathcal N(m, s^2)$, independent. Here time runs from noise ($t = 0$) to data ($t = 1$).


# %%
def velocity(x, t, m, s):
    """E[x_1 − z | x_t = x], the best velocity field.

    Args:
        x: float array. t: from 0 to 1, both included. m, s: mean and standard deviation (positive) of the data, floats.

    Returns:
        Float array of the shape of x.
    """
    raise NotImplementedError("write velocity")


# %%
def euler(z, m, s, steps):
    """Follow the best velocity from t = 0 to t = 1 with `steps` equal steps of Euler's method.

    Args:
        z: the noise, a float array. m, s: as above. steps: an int, 1 or more.

    Returns:
        Float array of the shape of z.
    """
    raise NotImplementedError("write euler")


# %%
def euler_variance(variance, steps):
    """The variance of what Euler's method returns, for data of variance s² and noise of variance 1.

    Args:
        variance: s², a positive Fraction. steps: an int, 1 or more.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write euler_variance")


# %%
def exact_path(z, t, m, s):
    """Where the velocity field carries z until time t, with infinitely many steps.

    Args:
        z: float array. t: from 0 to 1, a float. m, s: as above.

    Returns:
        Float array of the shape of z.
    """
    raise NotImplementedError("write exact_path")


# %%
def least_flow_loss(s):
    """The least E(x_1 − z − network(x_t, t))² for t uniform on (0, 1). A float, right to 10⁻⁶."""
    raise NotImplementedError("write least_flow_loss")


# %%
if __name__ == "__main__":
    plots.show_flow(exact_path, euler)

# %% [markdown]
# ## 9. Two letters at once (`masked`)
#
# A text of $L$ masked letters. Every position draws a round from $1, \dots, N$, uniformly and independently. In each round, the positions of that round get their letters, each drawn
# by itself from the *exact* chance of a letter there, given all letters of earlier rounds.


# %%
def word_chances(language, rounds):
    """The chance that each word of a language is what comes out.

    Args:
        language: word → chance, Fractions that sum to 1; all words have the same length L, from 1 to 4.
        rounds: N, an int, 1 or more.

    Returns:
        A dict: word → chance, a Fraction, for the words of the language. What is missing to 1 is the chance of nonsense.
    """
    raise NotImplementedError("write word_chances")


# %%
def rounds_needed(share):
    """The least N for which at most this share of the texts is nonsense, for the language {AA, BB} with chances ½ and ½.

    Args:
        share: a Fraction above 0.

    Returns:
        An int.
    """
    raise NotImplementedError("write rounds_needed")


# %%
def innocent_pairs():
    """A language in which every two positions are independent, and one round still goes wrong half of the time.

    Returns:
        A list of different words of the letters A and B, all of the same length from 2 to 6 and equally likely. At each position both letters
        have chance ½; at every two positions all four pairs have chance ¼; sampled in one round, at least half of the texts are no words.
    """
    raise NotImplementedError("write innocent_pairs")


# %%
if __name__ == "__main__":
    plots.show_rounds(word_chances)

# %% [markdown]
# ## 10. The area under the denoiser (`area`)
#
# $y = \sqrt r\,x + n$ with $n \sim \mathcal N(0, 1)$; $r$ is the signal-to-noise ratio (`snr`), and $\text{mmse}(r) = \mathbb E\,(x - \mathbb E[x \mid y])^2$. Logarithms are natural.


# %%
def entropy(values, chances):
    """The entropy of x in nats.

    Args:
        values: floats; a value may be there twice. chances: of each entry, positive floats that sum to 1.

    Returns:
        A float.
    """
    raise NotImplementedError("write entropy")


# %%
def mmse(values, chances, snr):
    """The least mean squared error of guessing x from y, right to 10⁻⁶.

    Args:
        values, chances: as above. snr: r, a float, 0 or more.

    Returns:
        A float.
    """
    raise NotImplementedError("write mmse")


# %%
def half_area(values, chances, limit):
    """Half of the area under mmse(r), from r = 0 to r = limit, right to 10⁻⁵. A float."""
    raise NotImplementedError("write half_area")


# %% [markdown]
# For Gaussian data of variance $v$, $y$ tells $I(r) = \frac12\log(1 + v r)$ nats about $x$. Derive its slope line by line, first the logarithm, then the
# product. Then compare with $\text{mmse}(r)$.


# %%
def gaussian_information(r, v):
    """J(r) = log(1 + v·r)/2, a sympy expression (given)."""
    return sympy.log(1 + v * r) / 2


# %%
def derive_information(r, v):
    """The derivation of dJ/dr, at least three lines.

    Args:
        r, v: sympy symbols.

    Returns:
        List of sympy expressions; the first is Derivative(J, r), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_information")


# %%
def gaussian_mmse(snr, variance):
    """mmse(r) for x ~ N(0, variance). A Fraction, for Fractions."""
    raise NotImplementedError("write gaussian_mmse")


# %%
def noise_loss_weight(theta):
    """The weight ω(θ) that turns noise losses into nats.

    For x_t = cos θ · x_0 + sin θ · ε, let L(θ) be the least mean squared error of predicting ε. Then half of the area under mmse(r)
    is ∫ ω(θ) L(θ) dθ from 0 to π/2.

    Args:
        theta: strictly between 0 and π/2, a float.

    Returns:
        A float.
    """
    raise NotImplementedError("write noise_loss_weight")


# %%
if __name__ == "__main__":
    plots.show_area(mmse)

# %% [markdown]
# ## 11. Train a denoiser (`train`)
#
# The network is given: inputs $x_t$, $\cos\theta$ and $\sin\theta$, three layers of 48 SiLU units, one output.


# %%
SHAPES = {"W1": (3, 48), "b1": (48,), "W2": (48, 48), "b2": (48,), "W3": (48, 48), "b3": (48,), "W4": (48, 1), "b4": (1,)}


def predict(weights, x, theta):
    """The network's prediction of the noise (given): weights by name as in SHAPES; x and theta of shape (n,); returns shape (n,)."""
    h = torch.stack([x, torch.cos(theta), torch.sin(theta)], dim=-1)
    for layer in "123":
        h = torch.nn.functional.silu(h @ weights["W" + layer] + weights["b" + layer])
    return (h @ weights["W4"] + weights["b4"])[:, 0]


# %%
def examples(x0, generator):
    """Training examples from a batch of data: an angle and a noise for each, and what they make of it.

    Args:
        x0: float tensor (n,). generator: a torch.Generator, from which all that is random is drawn.

    Returns:
        (x, theta, noise), float tensors (n,): x_t, angles uniform on (0, π/2), one for each example, and standard normal noise.
    """
    raise NotImplementedError("write examples")


# %%
def least_noise_loss(weights, means, stds):
    """The floor of the noise loss for data from a mixture of Gaussians, with θ uniform on (0, π/2), right to 10⁻⁴.

    Args:
        weights, means, stds: as in question 4.

    Returns:
        A float.
    """
    raise NotImplementedError("write least_noise_loss")


# %%
def train(batches, steps):
    """Train the network to predict the noise, one step for each batch.

    Args:
        batches: an iterator over `steps` float32 tensors of shape (256,), fresh data x_0; it can be read once.
        steps: how many there are.

    Returns:
        A dict of float32 tensors with the names and shapes of SHAPES.
    """
    raise NotImplementedError("write train")


# %%
if __name__ == "__main__":
    plots.show_denoiser(train, predict)

# %% [markdown]
# ## 12. Too good to be true (`too_good`)
#
# The next cell draws the printed training loss of four trainings of question 11 on the practice mixture, with the floor that its data have. In one of them nothing is wrong.
# Answer in the cell below the picture, in at most two sentences each:
#
# 1. What is the floor, as a conditional variance, and why can no network stay below it on fresh data?
# 2. Name two different faults that bring a printed loss below the floor.
# 3. Describe one test for each of them whose outcome tells the two apart.
# 4. One curve has stopped well above the floor. Name one experiment that tells a bad training from a wrong floor.

# %%
if __name__ == "__main__":
    plots.show_losses()

# %% [markdown]
# *Your answer:*
