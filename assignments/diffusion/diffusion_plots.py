"""Pictures for the notebook, one or two for each question.

Every function draws into a new figure and returns it, so a notebook shows it. A function that calls code which you have not written
yet says so instead of drawing. Nothing is imported or computed before you call a function; matplotlib is needed only then.
"""

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
def show_melting(jump):
    """20,000 numbers from two heaps, after your jump with less and less of the signal."""
    figure, axes = _figure(10, 2.4, ncols=5, sharey=True)
    rng = np.random.default_rng(0)
    x0 = rng.choice([-2.0, 1.0], 20_000, p=[0.3, 0.7]) + 0.2 * rng.standard_normal(20_000)
    for ax, share in zip(axes, (1.0, 0.9, 0.5, 0.1, 0.0)):
        ax.hist(jump(x0, rng.standard_normal(20_000), share), bins=np.linspace(-4, 4, 81), density=True)
        ax.set(title=f"ᾱ = {share:g}")
    return figure


CIRCLE = [(Fraction(1 - t * t, 1 + t * t), Fraction(2 * t, 1 + t * t)) for t in (Fraction(k, 40) for k in range(2, 39))]
"""Places (α, σ) on the circle with rational coordinates."""


@_drawn
def show_weights(error_ratio):
    """What one squared error of x_0 is worth in the three losses, against the angle."""
    figure, ax = _figure()
    angles = [np.arctan2(float(sigma), float(alpha)) for alpha, sigma in CIRCLE]
    for kind in ("noise", "data", "velocity"):
        ax.semilogy(angles, [float(error_ratio(kind, "data", alpha, sigma)) for alpha, sigma in CIRCLE], label=kind)
    ax.set(xlabel="θ", ylabel="weight")
    ax.legend()
    return figure


@_drawn
def show_floor(least_loss_at):
    """Your least loss against the angle for three spreads of the data; dashed: the mean over all angles."""
    figure, axes = _figure(9, 2.8, ncols=3)
    angles = (np.arange(200) + 0.5) / 200 * np.pi / 2
    for ax, kind in zip(axes, ("noise", "data", "velocity")):
        for s, colour in ((0.5, "tab:blue"), (1.0, "tab:orange"), (2.0, "tab:green")):
            found = [least_loss_at(kind, float(theta), s) for theta in angles]
            ax.plot(angles, found, color=colour, label=f"s = {s:g}")
            ax.axhline(float(np.mean(found)), color=colour, linestyle="--", linewidth=0.8)
        ax.set(title=kind, xlabel="θ")
    axes[0].set_ylabel("least loss")
    axes[0].legend()
    return figure


MIXTURE = [0.35, 0.4, 0.25], [-1.6, 0.3, 2.2], [0.25, 0.4, 0.3]


def _density(x, theta):
    weights, means, stds = (np.array(v) for v in MIXTURE)
    spread = np.cos(theta) ** 2 * stds**2 + np.sin(theta) ** 2
    return (weights / np.sqrt(2 * np.pi * spread) * np.exp(-((x[:, None] - np.cos(theta) * means) ** 2) / (2 * spread))).sum(axis=1)


@_drawn
def show_score(score):
    """The density of x_t at three angles, and your score as arrows: they point uphill."""
    figure, axes = _figure(9, 2.8, ncols=3, sharey=True)
    x, places = np.linspace(-4, 4, 401), np.linspace(-3.5, 3.5, 29)
    for ax, theta in zip(axes, (0.15, 0.6, 1.2)):
        ax.plot(x, _density(x, theta))
        arrows = np.asarray(score(places, theta, *MIXTURE), dtype=float)
        ax.quiver(places, np.full(len(places), -0.06), np.tanh(arrows / 3), np.zeros(len(places)), color="crimson", scale=14, width=0.006)
        ax.set(title=f"θ = {theta:g}", xlabel="x", ylim=(-0.12, 0.7))
    return figure


@_drawn
def show_copies(sample, share_of_copies):
    """500 samples of your sampler for twelve points (red), in 3, 10, 50 and 200 steps, and the share of copies."""
    figure, axes = _figure(10, 2.8, ncols=4, sharey=True)
    rng = np.random.default_rng(0)
    data, noise = rng.standard_normal((12, 2)), rng.standard_normal((500, 2))
    for ax, steps in zip(axes, (3, 10, 50, 200)):
        found = sample(noise.copy(), data.copy(), steps)
        ax.plot(*data.T, "o", color="crimson", markersize=7)
        ax.plot(*np.asarray(found).T, ".", color="steelblue", markersize=3)
        ax.set(title=f"{steps} steps: {share_of_copies(found, data, 1e-3):.0%} copies")
    return figure


def _noises(shares):
    """The two usual variances of the noise, β̃ and β, in every step."""
    betas = [1 - now / before for before, now in zip(shares, shares[1:])]
    return [b * (1 - before) / (1 - now) for b, before, now in zip(betas, shares, shares[1:])], betas


@_drawn
def show_samplers(ddim_variance, ancestral_variance):
    """The variance that comes out against the number of steps, for data of variance 4: DDIM, and the ancestral sampler with β̃, with β, and without the last noise."""
    figure, ax = _figure(7)
    steps = range(1, 26)
    found = {"DDIM": [], "ancestral, β̃": [], "ancestral, β": [], "β, none in the last step": []}
    for n in steps:
        found["DDIM"].append(ddim_variance(np.linspace(np.pi / 2, 0, n + 1).tolist(), 4.0))
        shares = [Fraction(100 * n - 99 * k, 100 * n) for k in range(n + 1)]
        small, large = _noises(shares)
        for name, noises in zip(list(found)[1:], (small, large, [Fraction(0), *large[1:]])):
            found[name].append(float(ancestral_variance(shares, Fraction(4), noises)))
    for name, values in found.items():
        ax.plot(steps, values, ".-", label=name)
    ax.axhline(4, color="black", linestyle="--", linewidth=1)
    ax.set(xlabel="steps", ylabel="variance at the end")
    ax.legend()
    return figure


@_drawn
def show_guidance(guided_mean, guided_std, tilted):
    """Where guided samples end (blue), and the tilted density (orange), for μ = s = 1, τ² = 2 and four strengths; grey: the class."""
    figure, axes = _figure(10, 2.6, ncols=4, sharey=True)
    x = np.linspace(-1.5, 4.5, 400)

    def bell(mean, std):
        return np.exp(-((x - mean) ** 2) / (2 * std**2)) / (std * np.sqrt(2 * np.pi))

    for ax, w in zip(axes, (0, 1, 3, 6)):
        ax.fill_between(x, bell(1.0, 1.0), color="lightgrey")
        ax.plot(x, bell(guided_mean(1.0, 1.0, 2**0.5, float(w)), guided_std(1.0, 2**0.5, float(w))), label="guided")
        mean, variance = tilted(Fraction(1), Fraction(1), Fraction(99, 70), Fraction(w))
        ax.plot(x, bell(float(mean), float(variance) ** 0.5), label="tilted")
        ax.set(title=f"w = {w}", xlabel="x")
    axes[0].legend()
    return figure


@_drawn
def show_flow(exact_path, euler):
    """Straight pairs of noise and data (grey); the paths of your exact flow (blue); and what one, two and ten steps of Euler's method make of the noise."""
    figure, axes = _figure(10, 3, ncols=2)
    rng, times = np.random.default_rng(0), np.linspace(0, 1, 41)
    z, m, s = np.linspace(-2, 2, 9), 2.0, 0.5
    for start, end in zip(rng.standard_normal(25), m + s * rng.standard_normal(25)):
        axes[0].plot([0, 1], [start, end], color="lightgrey", linewidth=0.8)
    axes[0].plot(times, [exact_path(z, float(t), m, s) for t in times], color="tab:blue")
    axes[0].set(xlabel="t", ylabel="x")
    noise = rng.standard_normal(4000)
    for steps in (1, 2, 10):
        axes[1].hist(euler(noise.copy(), m, s, steps), bins=np.linspace(0, 4, 61), alpha=0.5, label=f"{steps} step{'s' * (steps > 1)}")
    axes[1].set(xlabel="x")
    axes[1].legend()
    return figure


@_drawn
def show_rounds(word_chances):
    """The share of nonsense against the number of rounds, for {AA, BB} and {AAA, BBB}; right: what two rounds of {AAA, BBB} make."""
    figure, axes = _figure(9, 3, ncols=2)
    half = Fraction(1, 2)
    for length in (2, 3):
        language = {"A" * length: half, "B" * length: half}
        axes[0].plot(range(1, 9), [float(1 - sum(word_chances(dict(language), n).values())) for n in range(1, 9)], "o-", label=f"{length} positions")
    axes[0].set(xlabel="rounds", ylabel="share of nonsense", ylim=(0, 0.8))
    axes[0].legend()
    found = word_chances({"AAA": half, "BBB": half}, 2)
    names = [*found, "others"]
    axes[1].bar(names, [*map(float, found.values()), float(1 - sum(found.values()))], color=["tab:blue", "tab:blue", "crimson"])
    axes[1].set(title="two rounds, three positions")
    return figure


@_drawn
def show_area(mmse):
    """Your error against the ratio for a fair coin and for three values; in the legend half of the area, and the entropy."""
    figure, ax = _figure(7)
    ratios = np.linspace(0, 30**0.5, 301) ** 2  # close together where the error falls steeply
    for name, values, chances in (("coin", [-1.0, 1.0], [0.5, 0.5]), ("three values", [-1.0, 0.0, 2.0], [0.5, 0.25, 0.25])):
        heights = np.array([mmse(values, chances, float(r)) for r in ratios])
        area = float(((heights[1:] + heights[:-1]) / 2 * np.diff(ratios)).sum()) / 2
        ax.fill_between(ratios, heights / 2, alpha=0.3, label=f"{name}: area {area:.3f}, entropy {-np.dot(chances, np.log(chances)):.3f}")
    ax.set(xlabel="signal-to-noise ratio", ylabel="half of the least squared error")
    ax.legend()
    return figure


@_drawn
def show_denoiser(train, predict):
    """Your network after 2,000 batches of the practice stream beside the best prediction, at four angles, and its excess."""
    import torch
    from diffusion_stream import batches, best_noise, excess

    weights = train(batches(2000), 2000)
    figure, axes = _figure(10, 2.8, ncols=4, sharey=True)
    x = np.linspace(-4, 4, 201)
    for ax, theta in zip(axes, (0.15, 0.5, 0.9, 1.4)):
        points = torch.tensor(x, dtype=torch.float32)
        with torch.no_grad():
            found = predict(weights, points, torch.full_like(points, theta)).numpy()
        best, density = best_noise(x, theta)
        ax.fill_between(x, density, color="lightgrey")
        ax.plot(x, best, label="best")
        ax.plot(x, found, "--", label="yours")
        ax.set(title=f"θ = {theta:g}", xlabel="x", ylim=(-4, 4))
    axes[0].legend()
    figure.suptitle(f"excess {excess(weights, predict):.4f}")
    return figure


def _curves():
    """Four printed losses; what they are is the question."""
    steps, rng = np.arange(0, 2000, 20), np.random.default_rng(11)

    def noise(scale):
        return scale * rng.standard_normal(len(steps))

    fall = 0.45 * np.exp(-steps / 90)
    return steps, {
        "A": 0.53 + fall + noise(0.012),
        "B": 0.53 - 0.1 * (1 - np.exp(-steps / 900)) + fall + noise(0.012),
        "C": 0.515 - 0.48 * (1 - np.exp(-steps / 120)) + 0.485 * np.exp(-steps / 60) + np.abs(noise(0.004)),
        "D": 0.71 + 0.29 * np.exp(-steps / 120) + noise(0.012),
    }


@_drawn
def show_losses():
    """The four curves of the last question, and the floor of the practice mixture (dashed)."""
    figure, axes = _figure(10, 2.8, ncols=4, sharey=True)
    steps, curves = _curves()
    for ax, (name, values) in zip(axes, curves.items()):
        ax.plot(steps, values)
        ax.axhline(0.5156, color="black", linestyle="--", linewidth=1)
        ax.set(title=name, xlabel="step", ylim=(0, 1.1))
    axes[0].set_ylabel("printed loss")
    return figure
