"""Pictures for the notebook of "Sequences": one for each question, drawn with your own functions.

Every function draws into a new figure and returns it. A function that calls code which you have not written yet says so instead of
drawing. Nothing is imported or computed before you call a function; matplotlib is needed only then.
"""

import functools
import math
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
def show_table_step(embedding_gradient):
    """A table of 6 words before and after one step: only the rows of words that were used move, and repeats move further."""
    rng = np.random.default_rng(0)
    table, ids = rng.normal(size=(6, 2)), np.array([1, 4, 1, 1])
    after = table - 0.3 * embedding_gradient(np.ones((4, 2)), ids, 6)
    figure, axes = _figure(4.5, 4)
    axes.plot(*table.T, "o", color="lightgray", label="before")
    axes.plot(*after.T, ".", color="tab:red", label="after the words 1 4 1 1")
    for word, (old, new) in enumerate(zip(table, after, strict=True)):
        axes.annotate("", new, old, arrowprops={"arrowstyle": "->"})
        axes.text(*old, f" {word}")
    axes.set(title="Rows of a table, one step of descent")
    axes.legend()
    return figure


@_drawing
def show_bags(fool_bag):
    """Bags of the words dog, man, bites: how many sentences share each bag."""
    from collections import Counter
    from itertools import product

    words = ("dog", "man", "bites")
    bags = Counter(tuple(sorted(sentence)) for sentence in product(words, repeat=3))
    first, second = fool_bag(list(words))
    figure, axes = _figure(7, 3.2)
    axes.barh([" ".join(bag) for bag in bags], bags.values(), color="tab:blue")
    axes.set(xlabel="sentences in the bag", title=f"one bag: “{' '.join(first)}” and “{' '.join(second)}”")
    return figure


@_drawing
def show_states(rnn):
    """States of eight units along a sequence with one impulse, as a strip."""
    rng = np.random.default_rng(1)
    X = np.zeros((1, 40, 1))
    X[0, 5] = 3
    states = rnn(X, np.zeros((1, 8)), rng.normal(size=(1, 8)), rng.normal(size=(8, 8)) * 0.35, np.zeros(8))
    figure, axes = _figure(7, 2.4)
    picture = axes.imshow(states[0].T, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
    figure.colorbar(picture)
    axes.set(xlabel="step", ylabel="unit", title="What is left of one impulse at step 5")
    return figure


@_drawing
def show_truncation(truncated_gradient, wrong_way):
    """The gradient against the number of steps that it goes back, with its zero line."""
    figure, axes = _figure()
    found = wrong_way(2)
    sequences = {
        "w = 9/10, x = 10, −10, 0, 0, y = −5": (Fraction(9, 10), [Fraction(x) for x in (10, -10, 0, 0)], Fraction(-5)),
        "your wrong_way(2)": (Fraction(found["w"]), [Fraction(x) for x in found["xs"]], Fraction(found["y"])),
    }
    for label, (w, xs, y) in sequences.items():
        ks = range(1, len(xs) + 1)
        axes.plot(ks, [float(truncated_gradient(w, xs, y, k)) for k in ks], "o-", label=label)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="steps back", ylabel="dL/dw", title="Truncation can point uphill")
    axes.legend()
    return figure


@_drawing
def show_powers(jordan_power, log_gradient):
    """The corner of a power with eigenvalue 9/10 above its eigenvalues, and the gradient of one tanh unit for several weights."""
    figure, (left, right) = _figure(8, 3.4, ncols=2)
    times = range(1, 61)
    powers = [jordan_power(Fraction(9, 10), Fraction(1), t) for t in times]
    left.semilogy(times, [float(power[0][1]) for power in powers], label="corner")
    left.semilogy(times, [float(power[0][0]) for power in powers], label="0.9 to the t")
    left.axhline(1, color="black", linewidth=0.5)
    left.set(xlabel="t", title="[[0.9, 1], [0, 0.9]] to the t")
    left.legend()
    for w in (0.5, 1.0, 2.0):
        right.plot(times, [log_gradient(w, 0.5, t) for t in times], label=f"tanh, w = {w}")
    right.plot(times, [t * math.log(2) for t in times], "--", label="no tanh, w = 2")
    right.set(xlabel="t", ylabel="log |dh_t/dh_0|", title="One unit")
    right.legend()
    return figure


@_drawing
def show_gates(lstm_step):
    """Cell and state of an LSTM that counts: open input and forget gates, an impulse now and then."""
    W, U = np.array([[8.0, 0.0, 8.0, 0.0]]), np.zeros((1, 4))
    b = np.array([-4.0, 5.0, 0.0, 5.0])
    h, c, cells, states = np.zeros((1, 1)), np.zeros((1, 1)), [], []
    signal = np.array([1.0 if t % 9 == 4 else 0.0 for t in range(60)])
    for x in signal:
        h, c = lstm_step(np.array([[x]]), h, c, W, U, b)
        cells.append(float(c[0, 0]))
        states.append(float(h[0, 0]))
    figure, axes = _figure()
    axes.bar(range(60), signal, color="lightgray", label="input")
    axes.plot(cells, label="cell c")
    axes.plot(states, label="state h = o tanh(c)")
    axes.set(xlabel="step", title="A cell that counts, and what the state shows of it")
    axes.legend()
    return figure


@_drawing
def show_memory(cell_gradient):
    """What the cell remembers, along all paths and along the highway, for units of several sizes of U."""
    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(40, 4)) + np.array([0, 1, 0, 1])
    figure, axes = _figure()
    for size, color in ((0.0, "tab:gray"), (1.5, "tab:blue"), (3.0, "tab:red")):
        U = size * np.array([1.0, 1.0, 1.0, 1.0])
        found = [cell_gradient(0.3, 0.0, inputs[:T], U) for T in range(1, 41)]
        axes.semilogy(range(1, 41), [abs(one["all_paths"]) for one in found], color=color, label=f"all paths, U = {size}")
        axes.semilogy(range(1, 41), [one["highway"] for one in found], "--", color=color, linewidth=0.8)
    axes.set(xlabel="steps", ylabel="|dc_T/dc_0|", title="Dashed: the product of the forget gates")
    axes.legend()
    return figure


@_drawing
def show_orbit(parity_cell):
    """Where your parity cell goes in the plane for a random string of bits."""
    cell = parity_cell(Fraction(0), Fraction(1))
    W, u, b = (np.array([[float(v) for v in np.ravel(row)] for row in cell[key]]) for key in ("W", "u", "b"))
    h, points = np.array([float(v) for v in cell["h0"]]), []
    for x in np.random.default_rng(0).integers(2, size=40):
        h = np.maximum(0, W @ h + u[:, 0] * x + b[:, 0])
        points.append(h)
    figure, axes = _figure(4.5, 4)
    axes.plot(*np.array(points)[:, :2].T, "o-", linewidth=0.5)
    axes.set(xlabel="h1", ylabel="h2", title="40 letters, and as few places")
    return figure


@_drawing
def show_padding(rnn):
    """How far the states of padded sequences are from those of the sequences alone: padding behind, and padding in front."""
    rng = np.random.default_rng(2)
    weights = (rng.normal(size=(2, 6)), rng.normal(size=(6, 6)) * 0.5, rng.normal(size=6))
    X, pad = rng.normal(size=(1, 10, 2)), np.zeros((1, 5, 2))
    alone = rnn(X, np.zeros((1, 6)), *weights)
    behind = rnn(np.concatenate([X, pad], 1), np.zeros((1, 6)), *weights)
    front = rnn(np.concatenate([pad, X], 1), np.zeros((1, 6)), *weights)
    figure, (upper, lower) = _figure(7, 3.6, nrows=2)
    ends = np.abs(behind[0, 10:] - alone[0, -1])
    upper.imshow(np.concatenate([np.abs(behind[0, :10] - alone[0]), ends]).T, aspect="auto", vmin=0, vmax=1)
    upper.set(title="padding behind: valid states are right, the last one is not", ylabel="unit")
    lower.imshow(np.abs(front[0, 5:] - alone[0]).T, aspect="auto", vmin=0, vmax=1)
    lower.set(title="padding in front: the first states are wrong", ylabel="unit", xlabel="step")
    return figure


@_drawing
def show_survival(survive):
    """How much has not stopped after t chances."""
    times = [round(1.3**k) for k in range(50)]
    figure, axes = _figure()
    for rest in (Fraction(1, 10), Fraction(1, 2)):
        axes.semilogx(times, [float(survive(t, rest)) for t in times], label=f"rest = {rest}")
        axes.axhline(float(rest), color="black", linewidth=0.5, linestyle=":")
    axes.semilogx(times, [1 / (t + 1) for t in times], "--", label="stop = 1/(t+1)")
    axes.set(xlabel="chances to stop", ylabel="still going on", title="A text that need not end")
    axes.legend()
    return figure


CLASSES = ("header", "pitch", "length", "bar line", "closing")


def _class(tune, place):
    """To which part of the tune a character belongs."""
    if place < 10:
        return "header"
    if place >= tune.rindex("|", 0, -2) + 1:
        return "closing"
    return "bar line" if tune[place] == "|" else "length" if tune[place].isdigit() else "pitch"


@_drawing
def train_and_listen(train, generate):
    """Trains your model, draws its excess by kind of character, lets it write 20 texts at temperature 1 and plays the first tune."""
    import torch
    import tune_source
    from tune_model import model_with
    from tune_player import listen

    pool = torch.tensor(tune_source.encode(tune_source.draw_many(8000, 1)))
    dice = torch.Generator().manual_seed(0)
    batches = [pool[torch.randint(8000, (32,), generator=dice)] for _ in range(800)]
    model = model_with(train(batches, 0))
    tunes = tune_source.draw_many(500, 2)
    tokens = torch.tensor(tune_source.encode(tunes))
    with torch.no_grad():
        logs = torch.log_softmax(model(tokens)[0][:, :, 1:], dim=-1).numpy()
    over = {name: [] for name in CLASSES}
    for row, tune in enumerate(tunes):
        for place, best in enumerate(tune_source.log_probabilities(tune)):
            over[_class(tune, place)].append(best - logs[row, place, tune_source.TOKENS[tune[place]] - 1])
    print(f"Excess over the floor: {np.mean(np.concatenate(list(over.values()))):.4f} nats per character.")
    listen([_written(model, generate, seed) for seed in range(20)])
    figure, axes = _figure()
    axes.bar(CLASSES, [np.mean(over[name]) for name in CLASSES])
    axes.set(ylabel="nats per character", title="Excess over the floor, by kind of character")
    return figure


def _written(model, generate, seed):
    """One text of the model, by your `generate`."""
    import torch
    import tune_source

    def step(token, state):
        with torch.no_grad():
            logits, state = model(torch.tensor([[token]]), state)
        return np.concatenate([[-1e4], logits[0, 0, 1:].double().numpy()]), state

    draws = np.random.default_rng(seed).random(60).tolist()
    return tune_source.decode(generate(step, None, 0, draws, tune_source.TOKENS["]"], 1.0))
