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
def show_descent(descend):
    """Paths of your `descend` over the contours of ½(x² + 9y²), with four rates."""
    figure, axes = _figure(9, 2.6, ncols=4, sharey=True)
    x, y = np.meshgrid(np.linspace(-5, 5, 101), np.linspace(-3, 3, 101))
    A, start = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(9)]], [Fraction(-4), Fraction(1)]
    for ax, rate in zip(axes, (Fraction(1, 50), Fraction(1, 9), Fraction(1, 5), Fraction(11, 50))):
        path = np.array(descend(A, [Fraction(0)] * 2, start, rate, 20), dtype=float)
        ax.contour(x, y, (x**2 + 9 * y**2) / 2, levels=12, linewidths=0.5, cmap="Blues_r")
        ax.plot(*path.T, ".-", color="crimson", linewidth=1)
        ax.set(title=f"rate {float(rate):.2f}", xlim=(-5, 5), ylim=(-3, 3), xlabel="x")
    axes[0].set_ylabel("y")
    return figure


@_drawn
def show_rates():
    """The loss of ½(x² + 9y²) after 30 steps against the rate: a U with a wall."""
    figure, ax = _figure()
    rates = np.linspace(0.005, 0.235, 400)
    for steps in (10, 30, 100):
        loss = ((1 - rates) ** (2 * steps) * 16 + 9 * (1 - 9 * rates) ** (2 * steps)) / 2
        ax.semilogy(rates, loss, label=f"{steps} steps")
    ax.axvline(2 / 9, color="black", linestyle=":", linewidth=1, label="2/9")
    ax.set(xlabel="rate", ylabel="loss", ylim=(1e-12, 1e6))
    ax.legend()
    return figure


@_drawn
def show_momentum(recurrence, largest_momentum_rate):
    """The spectral radius of your matrix over rate and momentum for λ = 1, and your border (white)."""
    figure, ax = _figure()
    rates, betas = np.linspace(0.02, 4.2, 90), np.linspace(0, 0.99, 60)
    radius = np.array([[np.abs(np.linalg.eigvals(np.array(recurrence(r, 1.0, b), dtype=float))).max() for r in rates] for b in betas])
    shading = ax.pcolormesh(rates, betas, np.minimum(radius, 1.5), cmap="viridis_r", shading="auto")
    figure.colorbar(shading, label="largest factor per step")
    ax.contour(rates, betas, radius, levels=[1.0], colors="crimson")
    ax.plot([float(largest_momentum_rate(Fraction(1), Fraction(b).limit_denominator(1000))) for b in betas], betas, "w--", label="yours")
    ax.set(xlabel="rate · λ", ylabel="β", title="Red: where the largest factor is 1")
    ax.legend(loc="lower right", facecolor="grey", labelcolor="white")
    return figure


@_drawn
def show_batch_variance(batch_variance):
    """Your variance against the size of the batch for 32 examples, and the rule 1/B."""
    figure, ax = _figure()
    g = [Fraction((7 * i * i + 3 * i) % 23 - 11) for i in range(32)]
    sizes = np.arange(1, 33)
    found = np.array([float(batch_variance(g, int(size))) for size in sizes])
    ax.semilogy(sizes, np.where(found > 0, found, np.nan), "o-", label="without replacement")
    ax.semilogy(sizes, found[0] / sizes, "--", label="1/B")
    ax.set(xlabel="size of the batch (at 32 the variance is 0)", ylabel="variance of the mean gradient")
    ax.legend()
    return figure


@_drawn
def show_noise(floor_of):
    """200 paths of noisy descent; the rate is divided by ten half-way. Dashed: the root of your floor, twice."""
    figure, ax = _figure(7)
    x, paths, signs = np.full(200, 3.0), [], np.random.default_rng(0)
    for t in range(200):
        paths.append(x)
        x = x - (0.3 if t < 100 else 0.03) * (x + signs.choice([-1.0, 1.0], 200))
    ax.plot(paths, color="steelblue", linewidth=0.3)
    for start, rate in ((0, Fraction(3, 10)), (100, Fraction(3, 100))):
        band = 2 * float(floor_of(rate, Fraction(1), Fraction(1))) ** 0.5
        for side in (-band, band):
            (line,) = ax.plot([start, start + 100], [side, side], "k--", linewidth=1)
    line.set_label("± twice the root of your floor")
    ax.set(xlabel="step", ylabel="x")
    ax.legend()
    return figure


def _walk(step, settings):
    """The path of one optimiser in the valley ½(x² + 50y²)."""
    w, state, path = np.array([-4.0, 1.5]), None, []
    for _ in range(60):
        path.append(w)
        w, state = step(w, w * np.array([1.0, 50.0]), state, *settings)
    return np.array(path)


@_drawn
def show_optimisers(adagrad_step, rmsprop_step, adam_step):
    """Plain descent and your three methods in one narrow valley, 60 steps each."""
    figure, ax = _figure(7)
    x, y = np.meshgrid(np.linspace(-5, 2, 101), np.linspace(-2, 2, 101))
    ax.contour(x, y, (x**2 + 50 * y**2) ** 0.3, levels=14, linewidths=0.5, cmap="Blues_r")
    ways = {
        "descent": (lambda w, g, state, rate: (w - rate * g, None), (0.038,)), "Adagrad": (adagrad_step, (0.5, 1e-8)),
        "RMSProp": (rmsprop_step, (0.1, 0.9, 1e-8)), "Adam": (adam_step, (0.2, (0.9, 0.999), 1e-8)),
    }  # fmt: skip
    for name, (step, settings) in ways.items():
        ax.plot(*_walk(step, settings).T, ".-", linewidth=1, markersize=3, label=name)
    ax.legend(loc="lower left")
    return figure


@_drawn
def show_ripples(best_rates):
    """The polynomial of your rates on [1, 9], and that of the best constant rate (dashed)."""
    figure, ax = _figure(7)
    places = np.linspace(0, 9.3, 600)
    for steps, colour in ((2, "tab:blue"), (4, "tab:orange"), (8, "tab:green")):
        rates = np.array(best_rates(1.0, 9.0, steps))
        ax.plot(places, np.prod(1 - rates[:, None] * places, axis=0), color=colour, label=f"{steps} rates")
        ax.plot(places, (1 - 0.2 * places) ** steps, "--", color=colour, linewidth=0.8, label=f"{steps} times 1/5")
    ax.axvspan(1, 9, color="gold", alpha=0.15)
    ax.set(xlabel="λ", ylabel="p(λ)", ylim=(-0.7, 1))
    ax.legend(ncols=3)
    return figure


@_drawn
def show_double_descent(expected_risk):
    """Your expected risk for 10 inputs against the number of examples, and medians of 200 fits each (dots)."""
    figure, ax = _figure(7)
    sizes, rng, w = range(2, 41), np.random.default_rng(0), np.full(10, 0.4**0.5)
    ax.semilogy(sizes, [float(expected_risk(n, 10, Fraction(4), Fraction(1))) for n in sizes], label="expected risk")
    medians = []
    for n in sizes:
        X = rng.standard_normal((200, n, 10))
        y = X @ w + rng.standard_normal((200, n))
        fits = (np.linalg.pinv(X) @ y[..., None])[..., 0]
        medians.append(np.median(np.sum((fits - w) ** 2, axis=1)))
    ax.semilogy(sizes, medians, "o", markersize=4, label="median of 200 fits")
    ax.set(xlabel="examples", ylabel="excess risk")
    ax.legend()
    return figure


@_drawn
def show_dropout(penalties):
    """The factor of your penalty for one input of length 1, against the chance of keeping."""
    figure, ax = _figure()
    keeps = [Fraction(k, 40) for k in range(4, 41)]
    ax.plot([float(k) for k in keeps], [float(penalties([[Fraction(1)]], k)[0]) for k in keeps])
    ax.set(xlabel="chance of keeping", ylabel="penalty on w²")
    return figure


@_drawn
def show_initialisation(std_for):
    """log₁₀ of the mean square after 20 ReLU layers with your deviation, for 300 networks of each width."""
    figure, ax = _figure(7)
    rng = np.random.default_rng(0)
    for width in (4, 16, 64):
        h = np.ones((300, width))
        for _ in range(20):
            h = np.maximum(np.einsum("kij,kj->ki", rng.standard_normal((300, width, width)) * std_for(width, 0.0), h), 0)
        alive = np.mean(h**2, axis=1)
        ax.hist(np.log10(alive[alive > 0]), bins=40, alpha=0.5, label=f"width {width}, {np.mean(alive == 0):.0%} dead")
    ax.set(xlabel="log₁₀ of the mean square after 20 layers", ylabel="networks")
    ax.legend()
    return figure


@_drawn
def show_clipping(mean_clipped):
    """Your expected clipped gradient against x, for noise −1 (chance ¾) and +3 (chance ¼) and several limits."""
    figure, ax = _figure()
    places = [Fraction(k, 20) for k in range(-60, 61)]
    noise, chances = [Fraction(-1), Fraction(3)], [Fraction(3, 4), Fraction(1, 4)]
    for limit in (Fraction(1, 2), Fraction(1), Fraction(2), Fraction(9)):
        ax.plot([float(x) for x in places], [float(mean_clipped(x, noise, chances, limit)) for x in places], label=f"limit {limit}")
    ax.axhline(0, color="black", linewidth=0.5)
    ax.set(xlabel="x (the minimum is at 0)", ylabel="expected clipped gradient", ylim=(-3, 3))
    ax.legend()
    return figure


@_drawn
def show_effective_rate(effective_rates):
    """Your effective rates over 200 steps with a constant rate, for two lengths of the first weights."""
    figure, ax = _figure()
    for square in (0.5, 5.0):
        ax.plot(effective_rates(square, [4.0] * 200, 0.5), label=f"‖w‖² = {square} at the start")
    ax.set(xlabel="step", ylabel="rate / ‖w‖²")
    ax.legend()
    return figure


BUDGETS = (50, 100, 200, 400, 800, 1500)


def _constant(steps):
    """The excess of a plain training with Adam whose rate is never lowered."""
    import torch
    from training_stream import batches, excess

    generator = torch.Generator().manual_seed(0)
    W, v = torch.randn(6, 16, generator=generator) / 6**0.5, torch.randn(16, generator=generator) / 4
    weights = [w.requires_grad_() for w in (W, torch.zeros(16), v, torch.zeros(1))]
    optimiser = torch.optim.Adam(weights, lr=0.02)
    for x, y in batches(steps):
        optimiser.zero_grad()
        ((torch.tanh(x @ weights[0] + weights[1]) @ weights[2] + weights[3] - y) ** 2).mean().backward()
        optimiser.step()
    return excess(dict(zip("Wbvc", (w.detach() for w in weights))))


@_drawn
def show_training(train):
    """The excess of your training on the practice stream, for budgets from 50 to 1,500 steps, and that of Adam with a constant rate."""
    from training_stream import batches, excess

    figure, ax = _figure()
    ax.loglog(BUDGETS, [excess(train(batches(steps), steps)) for steps in BUDGETS], "o-", label="yours")
    ax.loglog(BUDGETS, [_constant(steps) for steps in BUDGETS], "o--", label="constant rate 0.02")
    ax.axhline(0.005, color="black", linestyle="--", linewidth=1, label="0.005")
    ax.legend()
    ax.set(xlabel="steps", ylabel="excess over the noise")
    return figure


def _curves():
    """Four pairs of curves; what they are is the question."""
    epochs, rng = np.arange(40), np.random.default_rng(7)

    def noise(scale):
        return scale * rng.standard_normal(40)

    slow = 2.3 - 0.011 * epochs
    leak = 0.25 + 2.0 * np.exp(-epochs / 6)
    return {
        "A": (2.3 * np.exp(-epochs / 9) + 0.02 + noise(0.01), 0.9 + 1.4 * np.exp(-epochs / 4) + 0.022 * np.maximum(epochs - 9, 0) + noise(0.02)),
        "B": (leak + 0.35 + noise(0.02), leak - 0.05 + noise(0.02)),
        "C": (slow + noise(0.008), slow + 0.03 + noise(0.012)),
        "D": (1.7 + np.abs(noise(0.5)) + 0.3 * np.exp(-epochs / 3), 1.75 + np.abs(noise(0.5))),
    }


@_drawn
def show_curves():
    """The four pairs of curves of the last question."""
    figure, axes = _figure(10, 2.8, ncols=4, sharey=True)
    for ax, (name, (training, validation)) in zip(axes, _curves().items()):
        ax.plot(training, label="training")
        ax.plot(validation, "--", label="validation")
        ax.set(title=name, xlabel="epoch", ylim=(0, 3.2))
    axes[0].set_ylabel("loss")
    axes[0].legend()
    return figure
