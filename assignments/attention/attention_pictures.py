"""Pictures of attention patterns: who looks at whom.

Nothing is drawn at import. `matplotlib` is needed only when a picture is made; a notebook shows it, `.savefig` keeps it:

    import attention_pictures, tiny_transformer
    logits, patterns = tiny_transformer.run(weights, tiny_transformer.encode("abcab"))
    attention_pictures.draw_patterns([head[0] for layer in patterns for head in layer], "^abcab").savefig("heads.png")
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from torch import Tensor


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


def draw_pattern(weights: Tensor, rows: Sequence[str], columns: Sequence[str], axes: Any, title: str = "") -> None:
    """Draws attention weights (Tq, Tk) as a grey map: row = query, column = key, black = weight 1."""
    axes.imshow(weights.detach().cpu().numpy(), cmap="Greys", vmin=0.0, vmax=1.0)
    axes.set_xticks(range(len(columns)), list(columns))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_xlabel("key")
    axes.set_ylabel("query")
    axes.set_title(title)


def draw_patterns(heads: Sequence[Tensor], tokens: Sequence[str]) -> Any:
    """A matplotlib figure, shown where a notebook is, with one map for each of `heads`, (T, T) each; `tokens` are T labels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * len(heads), 3.4), layout="constrained")
    for i, weights in enumerate(heads):
        draw_pattern(weights, tokens, tokens, figure.add_subplot(1, len(heads), i + 1), f"head {i + 1}")
    return _show(figure)


def in_words(heads: Sequence[Tensor], tokens: Sequence[str], most: int = 2) -> str:
    """The largest weights of each position as a table: for an answer that cannot carry a picture.

    Args:
        heads: weights (T, T) each.
        tokens: T labels.
        most: how many keys of each query are told.
    """
    lines = []
    for i, weights in enumerate(heads, 1):
        lines.append(f"head {i}: position symbol -> position symbol weight, ...")
        for t, row in enumerate(weights.detach().cpu()):
            best = row.topk(min(most, len(row))).indices.tolist()
            read = ", ".join(f"{j:2} {tokens[j]} {row[j]:.2f}" for j in best if row[j] > 0)
            lines.append(f"  {t:2} {tokens[t]} -> {read}")
    return "\n".join(lines)


def draw_positions(encoding: Tensor) -> Any:
    """A matplotlib figure of a positional encoding (T, d): one column per position, one row per dimension."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.0, 3.0), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(encoding.detach().cpu().numpy().T, aspect="auto", cmap="RdBu", vmin=-1.0, vmax=1.0)
    axes.set_xlabel("position")
    axes.set_ylabel("dimension")
    return _show(figure)
