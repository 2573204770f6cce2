"""Pictures of training and of models; a notebook shows them. Every function returns its
matplotlib figure: `.savefig("name.png")` keeps it.

    watch = story_pictures.Watch(model, deck)
    train(model, watch(story_data.batches(deck, 1500)), 1500)     # prints and keeps the excess as training goes on
    watch.draw().savefig("loss.png")
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import story_checks
import story_data
import torch
from torch.nn import functional

LADDER = {"bigrams": 0.87, "best n-gram": 0.3}
"""Excess of counting models, about; it differs a little from deck to deck."""


def _show(figure: Any) -> Any:
    """Puts the figure as a picture into the notebook, where there is one; elsewhere it is only returned."""
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


class Watch:
    """Measures a model while `train` asks for batches; `model(tokens)` must return logits (n, t, vocabulary).

    Attributes:
        steps, losses: batches so far, and the loss on validation stories in nats per token.
    """

    def __init__(self, model: torch.nn.Module, deck: story_data.Deck, every: int = 50, stories: int = 200) -> None:
        self.model, self.deck, self.every, self.stories = model, deck, every, stories
        self.steps: list[int] = []
        self.losses: list[float] = []

    def __call__(self, batches: Iterable[torch.Tensor]) -> Iterator[torch.Tensor]:
        """The same batches; the model is measured before the first, then before every `every`-th, and after the last."""
        step = 0
        for step, batch in enumerate(batches):
            if step % self.every == 0:
                self._measure(step)
            yield batch
        self._measure(step + 1)

    def _measure(self, step: int) -> None:
        found = story_checks.forced_excess(self.model, self.deck, self.stories)
        if found is None:
            raise ValueError("model(tokens) must return logits (n, t, vocabulary) for a watch")
        self.steps.append(step)
        self.losses.append(found.mean + self.deck.floor)
        print(f"batch {step:5}: loss {self.losses[-1]:.4f}, excess {found.mean:.4f}", flush=True)

    def draw(self) -> Any:
        """Loss against the floor, and the excess on logarithmic axes beside it."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(self.steps, self.losses, label="validation loss")
        left.axhline(self.deck.floor, color="black", linestyle="--", label=f"floor {self.deck.floor:.3f}")
        left.set(xlabel="batches", ylabel="nats per token", title="loss")
        left.legend()
        above = np.array(self.losses) - self.deck.floor
        shown = (np.array(self.steps) > 0) & (above > 0)
        right.loglog(np.array(self.steps)[shown], above[shown], marker="o")
        for name, level in LADDER.items():
            right.axhline(level, color="grey", linestyle=":")
            right.annotate(name, (0.02, level), xycoords=("axes fraction", "data"), va="bottom", color="grey")
        right.set(xlabel="batches", title="excess = loss − floor")
        return _show(figure)


def draw_kinds(found: dict[str, story_checks.Excess]) -> Any:
    """Excess by kind of word, as bars; `found`: name of a model → what `story_checks.excess` returned."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.subplots()
    kinds = sorted({kind for excess in found.values() for kind in excess.kinds})
    wide = 0.8 / len(found)
    for i, (name, excess) in enumerate(found.items()):
        heights = [math.prod(excess.kinds.get(kind, (0.0, 0.0))) for kind in kinds]
        axes.bar(np.arange(len(kinds)) + i * wide, heights, wide, label=f"{name}: {excess.mean:.4f}")
    axes.set_xticks(np.arange(len(kinds)) + 0.4 - wide / 2, kinds, rotation=20)
    axes.set(ylabel="nats per token of the excess", title="which words cost most")
    axes.legend()
    return _show(figure)


def draw_attention(model: torch.nn.Module, story: Any, deck: story_data.Deck, words: int = 24) -> Any:
    """What every head looks at in the first words of a story: a row of pictures per layer; row = query, column = key.

    Raises:
        ValueError: the model does not call `F.scaled_dot_product_attention` (draw your own weights by `draw_patterns`).
    """
    tokens = [int(t) for t in story if int(t) != story_data.PAD][:words]
    with recorded_attention() as patterns:
        device = next(model.parameters()).device
        with torch.no_grad():
            model(torch.tensor([tokens], device=device))
    if not patterns:
        raise ValueError("the model does not call F.scaled_dot_product_attention: give your weights to draw_patterns")
    return draw_patterns(patterns, [deck.words[t] for t in tokens])


def draw_patterns(patterns: list[Any], words: list[str]) -> Any:
    """Attention weights as pictures; `patterns`: for each layer an array (heads, t, t)."""
    from matplotlib.figure import Figure

    rows, columns = len(patterns), max(len(p) for p in patterns)
    figure = Figure(figsize=(1 + 3.6 * columns, 1 + 3.6 * rows), layout="constrained")
    for (i, j), axes in np.ndenumerate(figure.subplots(rows, columns, squeeze=False)):
        if j >= len(patterns[i]):
            axes.axis("off")
            continue
        axes.imshow(patterns[i][j], cmap="Greys", vmin=0, vmax=1)
        axes.set_xticks(range(len(words)), words, rotation=90, fontsize=6)
        axes.set_yticks(range(len(words)), words, fontsize=6)
        axes.set_title(f"layer {i + 1}, head {j + 1}", fontsize=9)
    return _show(figure)


@contextmanager
def recorded_attention() -> Iterator[list[np.ndarray[Any, Any]]]:
    """Inside, every call of `F.scaled_dot_product_attention` leaves its weights (heads, t, t) of the first sequence."""
    found: list[np.ndarray[Any, Any]] = []
    real = functional.scaled_dot_product_attention

    def recording(query: Any, key: Any, value: Any, attn_mask: Any = None, *rest: Any, **named: Any) -> Any:
        scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
        if named.get("is_causal"):
            there = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
            scores = scores.masked_fill(~there, -math.inf)
        if attn_mask is not None:
            scores = scores.masked_fill(~attn_mask, -math.inf) if attn_mask.dtype == torch.bool else scores + attn_mask
        found.append(scores.detach().softmax(-1)[0].float().cpu().numpy())
        return real(query, key, value, attn_mask, *rest, **named)

    functional.scaled_dot_product_attention = recording
    try:
        yield found
    finally:
        functional.scaled_dot_product_attention = real
