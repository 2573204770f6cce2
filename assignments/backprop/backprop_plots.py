"""Pictures for the notebook: the decision line, the activations, the loss landscape and the training curve.

Every function draws into a new figure and returns it, so a notebook shows it. A function that calls code which you have not written
yet says so instead of drawing. Nothing is imported or computed before you call a function; matplotlib is needed only then.
"""

import numpy as np


def _figure(width=5.0, height=4.0, **options):
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


def _unwritten(error):
    print(f"Nothing to draw yet: {error}.")


def show_decision_line(decision_line, by_hand):
    """The line of the neuron with weights (3, −2) and bias 1, the point (−1, 2), and the two sides.

    Args:
        decision_line: your function of question 1, called with w = (3, −2) and b = 1.
        by_hand: your function of question 1; its slope and intercept are drawn dashed, and should lie on the first line.
    """
    from fractions import Fraction

    try:
        slope, intercept = (float(v) for v in decision_line((Fraction(3), Fraction(-2)), Fraction(1)))
        mine = by_hand()
    except NotImplementedError as error:
        return _unwritten(error)
    figure, axes = _figure()
    grid = np.linspace(-4, 4, 201)
    x1, x2 = np.meshgrid(grid, grid)
    shading = axes.contourf(x1, x2, 3 * x1 - 2 * x2 + 1, levels=np.linspace(-21, 21, 15), cmap="RdBu", alpha=0.6)
    figure.colorbar(shading, label="z = 3·x1 − 2·x2 + 1")
    axes.plot(grid, slope * grid + intercept, color="black", label="decision_line")
    axes.plot(grid, float(mine["slope"]) * grid + float(mine["intercept"]), "--", color="gold", label="by_hand")
    axes.plot([-1], [2], "o", color="black")
    axes.annotate(f"(−1, 2): {mine['side']}", (-1, 2), textcoords="offset points", xytext=(-30, 10))
    axes.set(xlabel="x1", ylabel="x2", xlim=(-4, 4), ylim=(-4, 4), title="Where the neuron changes its mind")
    axes.legend(loc="lower right")
    return _show(figure)


def show_activations(functions):
    """Activation functions between −5 and 5.

    Args:
        functions: name → function of an array.
    """
    z = np.linspace(-5, 5, 201)
    try:
        curves = {name: function(z) for name, function in functions.items()}
    except NotImplementedError as error:
        return _unwritten(error)
    figure, axes = _figure(height=3.2)
    for name, values in curves.items():
        axes.plot(z, values, label=name)
    axes.set(xlabel="z", ylim=(-1.2, 2.2), title="Activations")
    axes.grid(alpha=0.3)
    axes.legend()
    return _show(figure)


def show_loss_landscape(inputs=(-1.0, 0.5, 2.0), targets=(0.2, 0.6, 0.9)):
    """J(w1, w2) of the one-hidden-neuron network of question 5 as a map, with the path of gradient descent on it.

    The gradient is taken numerically, so the picture does not give the answers of question 5 away. Two valleys meet in a
    saddle: where descent ends depends on where it starts.

    Args:
        inputs, targets: the m examples.
    """
    x, y = np.asarray(inputs), np.asarray(targets)

    def loss(w1, w2):
        a = 1 / (1 + np.exp(-np.multiply.outer(w1, x)))
        y_hat = 1 / (1 + np.exp(-np.asarray(w2)[..., None] * a))
        return np.mean((y_hat - y) ** 2, axis=-1) / 2

    figure, axes = _figure(width=5.6)
    w1, w2 = np.meshgrid(np.linspace(-6, 6, 121), np.linspace(-6, 6, 121))
    heights = axes.contourf(w1, w2, loss(w1, w2), levels=25, cmap="viridis")
    figure.colorbar(heights, label="J(w1, w2)")
    for start in ((-5.0, 4.0), (-2.0, -5.0), (3.0, 5.0)):
        path = _descend(loss, np.array(start), rate=20.0, steps=300)
        axes.plot(path[:, 0], path[:, 1], color="white", linewidth=1)
        axes.plot(path[0, 0], path[0, 1], "o", color="white", markersize=4)
        axes.plot(path[-1, 0], path[-1, 1], "x", color="red")
    axes.set(
        xlabel="w1", ylabel="w2", xlim=(-6, 6), ylim=(-6, 6), title="Loss landscape, and descent from three starts"
    )
    return _show(figure)


def show_training(train, X, y, steps=200):
    """The training curve, and the data with the decision line that came out.

    Args:
        train: your function of question 10; nothing is drawn before it is written.
        X, y: the training data; columns of X are lectures and hours.
    """
    try:
        result = train(X, y, steps)
    except NotImplementedError as error:
        return _unwritten(error)
    (w1, w2), b = (float(v) for v in result["w"]), float(result["b"])
    figure, (left, right) = _figure(width=9.0, ncols=2)
    left.plot(result["losses"])
    left.axhline(np.log(2), linestyle=":", color="gray", label="log 2: knows nothing")
    left.set(xlabel="step", ylabel="training loss", title="Training curve")
    left.legend()
    for label, marker, name in ((0, "x", "failed"), (1, "o", "passed")):
        chosen = X[y == label]
        right.plot(chosen[:, 0], chosen[:, 1], marker, markersize=3, alpha=0.5, label=name)
    lectures = np.linspace(0, 24, 100)
    right.plot(lectures, -(w1 * lectures + b) / w2, color="black", label="your decision line")
    right.set(xlabel="lectures attended", ylabel="hours on the project", ylim=(-2, 62), title="Will I pass this class?")
    right.legend()
    return _show(figure)


def _descend(loss, w, rate, steps, h=1e-5):
    path = [w]
    for _step in range(steps):
        slope = [(loss(*(path[-1] + e)) - loss(*(path[-1] - e))) / (2 * h) for e in h * np.eye(2)]
        path.append(path[-1] - rate * np.array(slope))
    return np.array(path)
