"""Pictures for the notebook of "Mixtures": one for each question, drawn with your own functions.

Every function draws into a new figure and returns it. A function that calls code which you have not written yet says so instead of
drawing. Nothing is imported or computed before you call a function; matplotlib is needed only then.
"""

import functools
from fractions import Fraction

import numpy as np


def _figure(width=6.0, height=3.4, **options):
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


def _drawing(draw):
    """Says what is still to be written, instead of an error."""

    @functools.wraps(draw)
    def drawn(*functions):
        try:
            return _show(draw(*functions))
        except NotImplementedError as error:
            print(f"Nothing to draw yet: {error}.")

    return drawn


@_drawing
def show_ambiguity(errors):
    """Error of the mean member, cut into ensemble error and ambiguity, for members that agree more and more."""
    apart = [Fraction(k, 4) for k in range(9)]
    found = [errors([1 + d, 1 - d, Fraction(5, 4)], [Fraction(1, 3)] * 3, Fraction(3, 2)) for d in apart]
    ensemble, ambiguity = ([float(one[name]) for one in found] for name in ("ensemble", "ambiguity"))
    figure, axes = _figure()
    axes.bar([float(d) for d in apart], ensemble, 0.2, label="error of the ensemble")
    axes.bar([float(d) for d in apart], ambiguity, 0.2, bottom=ensemble, label="ambiguity")
    axes.plot([float(d) for d in apart], [float(one["members"]) for one in found], "k_", markersize=16, label="mean error of the members")
    axes.set(xlabel="how far two of the three members are apart", ylabel="squared error", title="Disagreement is what the ensemble gains")
    axes.legend()
    return figure


@_drawing
def show_votes(majority_range, independent_majority):
    """The wedge of what three voters can do, over p."""
    ps = [Fraction(k, 60) for k in range(61)]
    found = [majority_range(p) for p in ps]
    xs = [float(p) for p in ps]
    figure, axes = _figure()
    axes.fill_between(xs, [float(one["least"]) for one in found], [float(one["most"]) for one in found], color="lightblue", label="possible")
    axes.plot(xs, [float(independent_majority(p, 3)) for p in ps], label="independent")
    axes.plot(xs, xs, "k:", linewidth=0.8, label="one voter")
    axes.set(xlabel="probability that a voter is right", ylabel="majority is right", title="Three voters")
    axes.legend()
    return figure


@_drawing
def show_twins(answer, twin):
    """From an XOR network to its twin, in a straight line through weight space: its squared error on the four inputs."""
    one = {"W": [[Fraction(1)] * 2] * 2, "b": [Fraction(0), Fraction(-1)], "v": [Fraction(1), Fraction(-2)], "c": Fraction(0)}
    other = twin(one)

    def between(a, b, share):
        return [between(x, y, share) for x, y in zip(a, b, strict=True)] if isinstance(a, list) else (1 - share) * a + share * b

    places = np.linspace(0, 1, 61)
    losses = []
    for share in places:
        network = {name: between(one[name], other[name], float(share)) for name in one}
        losses.append(np.mean([(float(answer(network, (i, j))) - (i ^ j)) ** 2 for i in (0, 1) for j in (0, 1)]))
    figure, axes = _figure()
    axes.plot(places, losses)
    axes.set(xlabel="from the network (0) to its twin (1)", ylabel="mean squared error", title="Both ends are perfect")
    return figure


@_drawing
def show_hot(distil_gradient, hot_gradient):
    """How the gradient turns into its limit as the temperature rises."""
    rng = np.random.default_rng(0)
    student, teacher = 2 * rng.normal(size=(1, 3)), 2 * rng.normal(size=(1, 3))
    figure, axes = _figure(4.6, 4)
    axes.annotate("", np.ravel(hot_gradient(student, teacher))[:2], (0, 0), arrowprops={"arrowstyle": "->", "color": "red"})
    ends = [np.ravel(distil_gradient(student, teacher, tau))[:2] for tau in (0.5, 1.0, 2.0, 4.0, 8.0, 100.0)]
    for shade, (tau, end) in enumerate(zip((0.5, 1, 2, 4, 8, 100), ends, strict=True)):
        axes.annotate("", end, (0, 0), arrowprops={"arrowstyle": "->", "alpha": 0.5})
        axes.plot(*end, "o", markersize=4, color=str(0.8 - 0.16 * shade), label=f"τ = {tau}")
    reach = 1.3 * np.abs(ends).max()
    axes.plot(0, 0, "k.")
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="by the first logit", ylabel="by the second", title="Gradients; red: the limit")
    axes.legend(title="ends of the arrows")
    return figure


def _fitted(X, labels, K):
    """Softmax regression by Newton's method, with a whisper of a penalty; (W, b)."""
    A, Y = np.column_stack([X, np.ones(len(X))]), np.eye(K)[labels]
    V = np.zeros((A.shape[1], K))
    for _ in range(30):
        Z = A @ V
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        curve = np.einsum("na,nb,nij->aibj", A, A, P[:, :, None] * np.eye(K) - P[:, :, None] * P[:, None, :], optimize=True)
        curve = curve.reshape(V.size, V.size) / len(X) + 1e-8 * np.eye(V.size)
        step = np.linalg.solve(curve, (A.T @ (P - Y) / len(X) + 1e-8 * V).ravel()).reshape(V.shape)
        V -= step * min(1.0, 2 / (np.abs(step).max() + 1e-9))
    return V[:-1], V[-1]


@_drawing
def show_labels(recover, hard_label_excess):
    """Excess against the number of labels: hard ones, what theory says of them, and one dot for five soft ones."""
    rng = np.random.default_rng(1)
    W, b, d, K = rng.normal(size=(4, 3)), rng.normal(size=3), 4, 3

    def logs(X, W, b):
        Z = X @ W + b
        return Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)

    test = rng.normal(size=(2000, d))
    truth = logs(test, W, b)

    def excess(found):
        return float((np.exp(truth) * (truth - logs(test, *found))).sum(axis=1).mean())

    sizes, losses = (50, 100, 200, 400, 800, 1600), []
    for n in sizes:
        runs = []
        for _ in range(8):
            X = rng.normal(size=(n, d))
            labels = (rng.random((n, 1)) > np.exp(logs(X, W, b)).cumsum(axis=1)).sum(axis=1).clip(0, K - 1)
            runs.append(excess(_fitted(X, labels, K)))
        losses.append(np.mean(runs))
    X = rng.normal(size=(5, d))
    soft = recover(X, np.exp(logs(X, W, b)))
    figure, axes = _figure()
    axes.loglog(sizes, losses, "o", label="hard labels, mean of 8 fits")
    axes.loglog(sizes, [float(hard_label_excess(n, d, K)) for n in sizes], "-", label="free parameters / 2n")
    axes.loglog([5], [max(excess((soft["W"], soft["b"])), 1e-16)], "r*", markersize=12, label="5 soft labels")
    axes.set(xlabel="labels", ylabel="excess in nats", title="What a teacher's probabilities are worth")
    axes.legend()
    return figure


@_drawing
def show_routes(route):
    """Who goes where: tokens × experts, the colour is the weight."""
    logits = np.random.default_rng(4).normal(size=(12, 6))
    found = route(logits, 2)
    weights = np.zeros(logits.shape)
    np.put_along_axis(weights, np.asarray(found["experts"]), np.asarray(found["weights"], dtype=float), axis=1)
    figure, axes = _figure(5, 4)
    figure.colorbar(axes.imshow(weights, cmap="Blues", vmin=0, vmax=1))
    axes.set(xlabel="expert", ylabel="token", title="Two of six experts for each token")
    return figure


@_drawing
def show_router(router_gradient):
    """Descent on the squared distance to targets: how far the router's weights have moved, in three ways."""
    rng = np.random.default_rng(5)
    X, outputs, target = rng.normal(size=(40, 4)), rng.normal(size=(40, 3, 2)), rng.normal(size=(40, 2))
    figure, axes = _figure()
    for k, renormalised, label in ((1, True, "k = 1, renormalised"), (1, False, "k = 1, raw"), (2, True, "k = 2, renormalised")):
        W = start = 0.1 * np.random.default_rng(6).normal(size=(4, 3))
        moved = []
        for _ in range(200):
            logits = X @ W
            chosen = np.argsort(-logits, axis=1)[:, :k]
            e = np.exp(logits - logits.max(axis=1, keepdims=True))
            picked = np.take_along_axis(e, chosen, axis=1)
            weights = picked / (picked if renormalised else e).sum(axis=1, keepdims=True)
            y = np.einsum("nk,nkm->nm", weights, np.take_along_axis(outputs, chosen[:, :, None], axis=1))
            W = W - 0.02 * X.T @ np.asarray(router_gradient(logits, outputs.copy(), y - target, k, renormalised))
            moved.append(np.linalg.norm(W - start))
        axes.plot(moved, label=label)
    axes.set(xlabel="step", ylabel="distance from the start", title="The router's weights")
    axes.legend()
    return figure


@_drawing
def show_balance(cheat, balance_loss):
    """Loads and probabilities of your table for eight experts, side by side."""
    table = cheat(8)
    chosen = [max(range(8), key=row.__getitem__) for row in table]
    loads = [chosen.count(e) / len(table) for e in range(8)]
    means = [float(sum(row[e] for row in table)) / len(table) for e in range(8)]
    figure, axes = _figure()
    axes.bar(np.arange(8) - 0.2, loads, 0.4, label="f, share of the tokens")
    axes.bar(np.arange(8) + 0.2, means, 0.4, label="P, mean probability")
    exact = [[Fraction(p) for p in row] for row in table]
    axes.set(xlabel="expert", title=f"balance loss {float(balance_loss(exact)):.4f}; even routing has 1")
    axes.legend()
    return figure


@_drawing
def show_leak(expert_choice):
    """Two experts choose one token each, before and after a third token comes."""
    scores = np.array([[0.6, 0.4], [0.3, 0.7], [0.9, 0.1]])
    figure, both = _figure(7, 3, ncols=2)
    for axes, n in zip(both, (2, 3), strict=True):
        axes.imshow(scores[:n], cmap="Greys", vmin=0, vmax=1.5)
        for expert, tokens in enumerate(expert_choice(scores[:n], 1)):
            for token in tokens:
                axes.plot(expert, token, "rs", markersize=26, fillstyle="none")
        for (token, expert), score in np.ndenumerate(scores[:n]):
            axes.text(expert, token, f"{score}", ha="center", va="center")
        axes.set(xticks=[0, 1], yticks=range(n), xlabel="expert", ylabel="token", title=f"{n} tokens")
    return figure


@_drawing
def show_responsibilities(responsibilities, em_step):
    """Numbers from two sources, coloured by who is responsible, before EM and after twelve steps."""
    rng = np.random.default_rng(8)
    y = np.sort(np.concatenate([rng.normal(-2, 1, 60), rng.normal(2.5, 1, 30)]))
    p, f = np.array([0.5, 0.5]), np.array([0.0, 0.5])
    figure, both = _figure(7, 3.4, nrows=2, sharex=True)
    for axes, title in zip(both, ("before", "after 12 steps"), strict=True):
        shape = (len(y), 2)
        r = np.asarray(responsibilities(np.broadcast_to(np.log(p), shape).copy(), np.broadcast_to(f, shape).copy(), y))
        axes.scatter(y, rng.uniform(size=len(y)), c=r[:, 1], cmap="coolwarm", vmin=0, vmax=1)
        axes.vlines(f, 0, 1, color="black")
        axes.set(title=f"{title}: weights {p[0]:.2f}, {p[1]:.2f}", yticks=[])
        for _ in range(12):
            found = em_step(p, f, y)
            p, f = np.asarray(found["p"]), np.asarray(found["f"])
    return figure


@_drawing
def show_training(train):
    """Trains your mixture, says its excess, and draws who is responsible where, over the two inputs that decide."""
    import expert_source as source

    weights = {name: np.asarray(w) for name, w in train(source.batches(1500), 1500, 0).items()}
    print(f"Excess over the entropy of the noise: {source.excess(weights):.4f} nats per example; asked for is 0.0878.")
    side = np.linspace(-2.5, 2.5, 201)
    grid = np.stack([*np.meshgrid(side, side), np.zeros((201, 201)), np.zeros((201, 201))], axis=-1)
    figure, axes = _figure(4.6, 4.2)
    axes.imshow((grid @ weights["gate"]).argmax(axis=-1), origin="lower", extent=(-2.5, 2.5, -2.5, 2.5), cmap="Set2")
    axes.axhline(0, color="black", linewidth=0.6)
    axes.axvline(0, color="black", linewidth=0.6)
    axes.set(xlabel="first input", ylabel="second input", title="The expert with the largest gate")
    return figure
