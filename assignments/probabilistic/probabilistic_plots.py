"""Pictures for the notebook, one or two for each question.

Every function draws into a new figure and returns it, so a notebook shows it. A function that calls code which you have not written
yet says so instead of drawing. Nothing is imported or computed before you call a function; matplotlib is needed only then.
"""

import math
from fractions import Fraction

import numpy as np


def _figure(width=6.0, height=3.6, **options):
    """A figure that belongs to no window: it works without a display, and the notebook shows what is returned."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def _show(figure):
    """Puts the figure as a picture into the notebook, where there is one; elsewhere it is only returned."""
    import io

    try:
        from IPython import get_ipython
        from IPython.display import Image, display
    except ImportError:
        return figure
    if get_ipython() is not None:
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=100)
        display(Image(buffer.getvalue()))
    return figure


def _drawn(draw):
    """A picture, or a line that says which function is still to be written."""

    def guarded(*arguments):
        try:
            return _show(draw(*arguments))
        except NotImplementedError as error:
            print(f"Nothing to draw yet: {error}.")

    guarded.__doc__, guarded.__name__ = draw.__doc__, draw.__name__
    return guarded


@_drawn
def show_connections(made_masks):
    """Your two masks for six variables and ten hidden units, and their product: how many ways lead from input to output."""
    into, out = (np.asarray(mask) for mask in made_masks([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]))
    figure, axes = _figure(8, 3, ncols=3)
    for ax, mask, title in zip(axes, (into, out, out @ into), ("into", "out", "out · into")):
        ax.imshow(mask, cmap="Blues")
        ax.set(title=title, xlabel="is seen", ylabel="sees")
    return figure


@_drawn
def show_mass(order_mask, total_mass):
    """The total mass of 200 random models with five bits: with your mask, with its diagonal too, and without a mask."""
    figure, ax = _figure()
    rng, strict = np.random.default_rng(0), np.asarray(order_mask([3, 0, 4, 1, 2]), dtype=float)
    masks = {"order": strict, "order and diagonal": strict + np.eye(5), "no mask": np.ones((5, 5))}
    models = [(rng.standard_normal((5, 5)), rng.standard_normal(5)) for _ in range(200)]
    ax.boxplot([[total_mass(W, b, mask) for W, b in models] for mask in masks.values()], tick_labels=list(masks))
    ax.axhline(1, color="crimson", linewidth=1)
    ax.set(ylabel="sum over all strings")
    return figure


def _normal(x, mean, deviation):
    """The density of a Gaussian."""
    return np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


@_drawn
def show_fits(forward_fit, reverse_fit):
    """Your forward and your reverse fit of two humps, one of which is larger."""
    figure, ax = _figure(7)
    x = np.linspace(-9, 9, 600)
    ax.fill_between(x, 0.4 * _normal(x, -4, 0.5) + 0.6 * _normal(x, 4, 0.6), color="lightgrey", label="p")
    mean, variance = forward_fit([Fraction(2, 5), Fraction(3, 5)], [Fraction(-4), Fraction(4)], [Fraction(1, 4), Fraction(9, 25)])
    ax.plot(x, _normal(x, float(mean), float(variance) ** 0.5), label="forward: least KL(p‖q)")
    ax.plot(x, _normal(x, *(float(v) for v in reverse_fit([0.4, 0.6], [-4.0, 4.0], [0.5, 0.6]))), label="reverse: least KL(q‖p)")
    ax.set(xlabel="x", ylabel="density")
    ax.legend()
    return figure


def _ellipse(ax, covariance, **options):
    """The line where the Mahalanobis distance is 1."""
    turns = np.linspace(0, 2 * math.pi, 200)
    ax.plot(*(np.linalg.cholesky(covariance) @ np.array([np.cos(turns), np.sin(turns)])), **options)


@_drawn
def show_shadow(gaussian_posterior, best_diagonal):
    """The covariance of your posterior for two latents that look alike, and your best diagonal q: it lies inside."""
    figure, ax = _figure(4.4, 4.4)
    _, precision = gaussian_posterior(np.array([[1.0, 0.8], [0.9, 1.0], [0.3, 0.2]]), 0.25, np.array([1.0, 0.0, -1.0]))
    variances, gap = best_diagonal(precision)
    _ellipse(ax, np.linalg.inv(precision), label="posterior")
    _ellipse(ax, np.diag(variances), label=f"best diagonal q, gap {float(gap):.2f}")
    ax.set(xlabel="first latent", ylabel="second latent", aspect="equal")
    ax.legend(loc="upper right")
    return figure


@_drawn
def show_estimates(score_estimates, path_estimates):
    """2,000 estimates each of the gradient of E z² by μ, for μ = 3 and σ = 1; the truth is 6."""
    figure, ax = _figure(7)
    eps = np.random.default_rng(0).standard_normal(2000)
    z = 3 + eps
    clouds = {
        "score": score_estimates(z**2, z, 3.0, 1.0, 0.0), "score, baseline 10": score_estimates(z**2, z, 3.0, 1.0, 10.0),
        "path": path_estimates(lambda a: 2 * a, eps, 3.0, 1.0)[0],
    }  # fmt: skip
    for name, cloud in clouds.items():
        ax.hist(cloud, bins=np.linspace(-40, 60, 101), alpha=0.5, label=f"{name}: variance {np.var(cloud):.0f}")
    ax.axvline(6, color="black", linestyle=":", linewidth=1)
    ax.set(xlabel="estimate", ylabel="samples", yscale="log")
    ax.legend()
    return figure


@_drawn
def show_staircase(iwae, evidence):
    """Your bounds with one to seven samples, and log p(x) above them."""
    figure, ax = _figure()
    q = [Fraction(1, 3)] * 3
    prior, likelihood = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)], [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    ax.plot(range(1, 8), [iwae(q, prior, likelihood, K) for K in range(1, 8)], "o-", drawstyle="steps-mid", label="bound")
    ax.axhline(math.log(evidence(prior, likelihood)), color="black", linestyle="--", linewidth=1, label="log p(x)")
    ax.set(xlabel="samples K", ylabel="nats")
    ax.legend()
    return figure


@_drawn
def show_sleep(best_weights):
    """Your best weights for directions of variance 4, 2, 1 and ½ against σ²: the latents go out one by one."""
    figure, ax = _figure()
    noises = [Fraction(k, 20) for k in range(1, 101)]
    found = np.array([[float(v) for v in best_weights([Fraction(4), Fraction(2), Fraction(1), Fraction(1, 2)], s, Fraction(1))] for s in noises])
    for column, name in zip(found.T, ("4", "2", "1", "½")):
        ax.plot([float(s) for s in noises], np.sqrt(column), label=f"λ = {name}")
    ax.set(xlabel="variance of the decoder σ²", ylabel="weight |w|")
    ax.legend()
    return figure


@_drawn
def show_grids(coupling, planar):
    """A grid of the plane after your coupling layer, and after two planar layers, the second of which folds."""
    figure, axes = _figure(9, 3.2, ncols=3)
    line, many = np.linspace(-2, 2, 9), np.linspace(-2, 2, 200)
    rows = [np.stack([many, np.full(200, v)], axis=1) for v in line] + [np.stack([np.full(200, v), many], axis=1) for v in line]
    w = np.array([1.5, 0.5])
    layers = {
        "coupling": lambda z: coupling(z, lambda a: a**2 / 2, lambda a: np.sin(2 * a))[0],
        "planar, w·u = 1": lambda z: planar(z, w, np.array([0.5, 0.5]), 0.0)[0],
        "planar, w·u = −3": lambda z: planar(z, w, np.array([-2.0, 0.0]), 0.0)[0],
    }
    for ax, (title, layer) in zip(axes, layers.items()):
        for i, row in enumerate(rows):
            ax.plot(*layer(row).T, color="tab:blue" if i < len(line) else "tab:orange", linewidth=0.8)
        ax.set(title=title)
    return figure


@_drawn
def show_reliability(gap_by_chance):
    """500 forecasts that are perfectly calibrated, in ten bins: what they show, and the band that chance alone explains."""
    figure, ax = _figure(4.6, 4.4)
    rng = np.random.default_rng(1)
    p = rng.uniform(0, 1, 500)
    y, bins = rng.uniform(0, 1, 500) < p, np.minimum((10 * p).astype(int), 9)
    middles = np.array([p[bins == k].mean() for k in range(10)])
    gaps = np.array([float(gap_by_chance(int((bins == k).sum()), Fraction(2 * k + 1, 20))) for k in range(10)])
    ax.fill_between(middles, middles - gaps, middles + gaps, color="gold", alpha=0.4, label="gap by chance, on the average")
    ax.plot(middles, [y[bins == k].mean() for k in range(10)], "o-", label="share of class 1")
    ax.plot([0, 1], [0, 1], "k:", linewidth=1)
    ax.set(xlabel="forecast", ylabel="what happened")
    ax.legend()
    return figure


@_drawn
def show_fan(member, predictive):
    """Fifty of your members for a line through six points, with both perturbations, and the exact band of two deviations."""
    figure, ax = _figure(7)
    rng, noise, prior = np.random.default_rng(0), 0.1, 2.0
    x, line = np.array([-1.0, -0.8, -0.5, -0.4, 0.1, 0.3]), np.linspace(-3, 3, 60)
    X, y = np.stack([np.ones(6), x], axis=1), 0.5 - 0.8 * x + math.sqrt(noise) * rng.standard_normal(6)
    for _ in range(50):
        w = member(X, y, noise, prior, math.sqrt(noise) * rng.standard_normal(6), math.sqrt(prior) * rng.standard_normal(2))
        ax.plot(line, w[0] + w[1] * line, color="steelblue", linewidth=0.4)
    exact = np.array([predictive(X, y, noise, prior, np.array([1.0, v])) for v in line])
    for sign in (-2, 2):  # the fits have no noise of their own
        ax.plot(line, exact[:, 0] + sign * np.sqrt(exact[:, 1] - noise), "k--", linewidth=1)
    ax.plot(x, y, "o", color="crimson")
    ax.set(xlabel="x", ylabel="y")
    return figure


@_drawn
def show_garbage(most_it_costs):
    """Samples of a model that is noise with chance 99 %, and its score in bits per dimension beside that of the good model."""
    figure, axes = _figure(8, 2.4, ncols=10)
    rng, d = np.random.default_rng(0), 784
    for i, ax in enumerate(axes):
        picture = rng.uniform(0, 1, (28, 28)) if i != 6 else np.hypot(*np.meshgrid(np.linspace(-1, 1, 28), np.linspace(-1, 1, 28)))
        ax.imshow(picture, cmap="gray")
        ax.set(xticks=[], yticks=[])
    worse = most_it_costs(0.99) / (d * math.log(2))
    figure.suptitle(f"99 of 100 samples are noise; for 28 × 28 pixels that costs at most {worse:.4f} bits per pixel")
    return figure


BUDGETS = (30, 60, 125, 250, 500, 1000)


@_drawn
def show_bound(train):
    """The excess of your training on the practice stream, for budgets from 30 to 1,000 steps."""
    from latent_stream import batches, excess

    figure, ax = _figure()
    ax.loglog(BUDGETS, [max(excess(train(batches(steps), steps)), 1e-6) for steps in BUDGETS], "o-", label="yours")
    ax.axhline(0.04, color="black", linestyle="--", linewidth=1, label="full points")
    ax.set(xlabel="steps", ylabel="nats above the entropy")
    ax.legend()
    return figure


@_drawn
def show_plane(train):
    """The plane of your decoder beside the true one: each column of your W and what of it lies in the plane of the source."""
    from latent_stream import INTO, batches

    figure, axes = _figure(8, 3, ncols=2, sharey=True)
    W = np.asarray(train(batches(1000), 1000)["W"], dtype=float)
    basis = np.linalg.qr(np.array(INTO))[0]
    for k, ax in enumerate(axes):
        ax.bar(np.arange(6) - 0.2, W[:, k], 0.4, label="yours")
        ax.bar(np.arange(6) + 0.2, basis @ (basis.T @ W[:, k]), 0.4, label="its part in the true plane")
        ax.set(title=f"latent {k + 1}", xlabel="number")
    axes[0].legend()
    return figure
