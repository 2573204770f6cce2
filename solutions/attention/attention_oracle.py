"""What the checks of this assignment compute themselves, in NumPy: attention, hand-made transformers, the copying task.

Only checks use this; no probe does. Nothing here is shared with the reference solution.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

SYMBOLS, LENGTH, SHORTEST, LONGEST = 8, 20, 4, 8
LETTERS, BOS, LONGEST_STRING = 4, 4, 6
MAX_WIDTH, MAX_LAYERS, MAX_HEADS = 128, 4, 8
Array = np.ndarray[Any, np.dtype[Any]]


def dense_attention(queries: Array, keys: Array, values: Array, mask: Array | None = None) -> Array:
    """Scaled dot-product attention, (…, Tq, dv); rows that see nothing are 0. Softmax in long double."""
    scores = (queries @ np.swapaxes(keys, -1, -2)).astype(np.longdouble) / np.sqrt(np.longdouble(queries.shape[-1]))
    seen = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    peak = np.where(seen, scores, -np.inf).max(-1, keepdims=True)
    exponentials = np.where(seen, np.exp(np.where(seen, scores - np.where(np.isfinite(peak), peak, 0), 0)), 0)
    total = exponentials.sum(-1, keepdims=True)
    weights = (exponentials / np.where(total > 0, total, 1)).astype(np.float64)
    return np.asarray(weights @ values)


def sinusoids(length: int, width: int) -> Array:
    """Sinusoidal positions 0 … length − 1, (length, width)."""
    turns = np.arange(length)[:, None] / 10000.0 ** (np.arange(0, width, 2) / width)
    encoding = np.empty((length, width))
    encoding[:, 0::2], encoding[:, 1::2] = np.sin(turns), np.cos(turns)
    return encoding


def language_model_logits(weights: dict[str, Array], tokens: Array, heads: int, layers: int) -> Array:
    """Logits (B, T, M) of the pre-norm language model, from its state dict as arrays."""
    x = weights["embedding.weight"][tokens]
    batch, length, width = x.shape
    x = x + sinusoids(length, width)
    causal = np.tril(np.ones((length, length), bool))
    for i in range(layers):
        own = {name.removeprefix(f"blocks.{i}."): w for name, w in weights.items() if name.startswith(f"blocks.{i}.")}
        y = _layer_norm(x, own["norm_attention.gain"], own["norm_attention.bias"])
        projections = (y @ own[f"{name}.weight"].T for name in ("query", "key", "value"))
        q, k, v = (p.reshape(batch, length, heads, width // heads).transpose(0, 2, 1, 3) for p in projections)
        mixed = dense_attention(q, k, v, causal).transpose(0, 2, 1, 3).reshape(batch, length, width)
        x = x + mixed @ own["output.weight"].T
        hidden = _layer_norm(x, own["norm_feed.gain"], own["norm_feed.bias"]) @ own["up.weight"].T + own["up.bias"]
        x = x + np.maximum(hidden, 0) @ own["down.weight"].T + own["down.bias"]
    return np.asarray(_layer_norm(x, weights["norm.gain"], weights["norm.bias"]) @ weights["head.weight"].T)


def _layer_norm(x: Array, gain: Array, bias: Array) -> Array:
    return np.asarray(gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) + bias)


def malformed(weights: Any, tokens: int, positions: int, outputs: int) -> str:
    """Why `weights` are no weights of the attention-only transformer, or "" if they are."""
    if not isinstance(weights, dict) or set(weights) != {"embed", "position", "layers", "unembed"}:
        return "the weights are not a dict with the keys embed, position, layers and unembed"
    embed = weights["embed"]
    if not isinstance(embed, np.ndarray) or embed.ndim != 2 or not 1 <= embed.shape[1] <= MAX_WIDTH:
        return f"embed is not a matrix with 1 to {MAX_WIDTH} columns"
    width = embed.shape[1]
    named = [("embed", embed, (tokens, width)), ("position", weights["position"], (positions, width)),
             ("unembed", weights["unembed"], (width, outputs))]  # fmt: skip
    layers = weights["layers"]
    if not isinstance(layers, list) or not 1 <= len(layers) <= MAX_LAYERS:
        return f"layers is not a list of 1 to {MAX_LAYERS} layers"
    for i, layer in enumerate(layers):
        if not isinstance(layer, list) or not 1 <= len(layer) <= MAX_HEADS:
            return f"layers[{i}] is not a list of 1 to {MAX_HEADS} heads"
        for j, head in enumerate(layer):
            if not isinstance(head, dict) or set(head) != {"qk", "ov"}:
                return f"layers[{i}][{j}] is not a dict with the keys qk and ov"
            named += [(f"layers[{i}][{j}]['{key}']", head[key], (width, width)) for key in ("qk", "ov")]
    for name, matrix, shape in named:
        if not isinstance(matrix, np.ndarray) or matrix.shape != shape:
            return f"{name} does not have the shape {shape}"
        if matrix.dtype.kind not in "fiub" or not np.isfinite(matrix).all():
            return f"{name} has entries that are not finite numbers"
    return ""


def transformer_logits(weights: dict[str, Any], tokens: Array, causal: bool) -> Array:
    """Logits (B, T, outputs) of the attention-only transformer, in float64; `weights` are not malformed."""
    length = tokens.shape[1]
    x = np.asarray(weights["embed"], np.float64)[tokens] + np.asarray(weights["position"], np.float64)[:length]
    hidden = np.triu(np.ones((length, length), bool), 1) if causal else np.zeros((length, length), bool)
    with np.errstate(all="ignore"):
        for layer in weights["layers"]:
            added = np.zeros_like(x)
            for head in layer:
                scores = x @ head["qk"].astype(np.float64) @ np.swapaxes(x, -1, -2)
                scores = np.where(hidden, -np.inf, scores)
                exponentials = np.exp(scores - scores.max(-1, keepdims=True))
                pattern = exponentials / exponentials.sum(-1, keepdims=True)
                added += pattern @ x @ head["ov"].astype(np.float64)
            x = x + added
        return np.asarray(x @ weights["unembed"].astype(np.float64))


def strings(length: int) -> Array:
    """All strings of `length` letters with BOS in front, (4^length, 1 + length)."""
    return np.array([(BOS, *letters) for letters in itertools.product(range(LETTERS), repeat=length)])


def previous_targets(tokens: Array) -> Array:
    """The letter before each place, (B, T); −1 where nothing is asked."""
    targets = np.full(tokens.shape, -1)
    targets[:, 2:] = tokens[:, 1:-1]
    return targets


def induction_targets(tokens: Array) -> Array:
    """The letter that followed the most recent earlier occurrence of the current one, (B, T); −1 where there is none."""
    targets = np.full(tokens.shape, -1)
    for now in range(2, tokens.shape[1]):
        for then in range(1, now):
            targets[:, now] = np.where(tokens[:, then] == tokens[:, now], tokens[:, then + 1], targets[:, now])
    return targets


def sorted_targets(tokens: Array) -> Array:
    """The t-th smallest letter at place t, (B, T); −1 at BOS."""
    return np.concatenate((np.full((len(tokens), 1), -1), np.sort(tokens[:, 1:], 1)), 1)


def margins(logits: Array, targets: Array) -> Array:
    """Logit of the target minus the largest other one, (B, T); +inf where the target is −1, NaN counts as −inf."""
    wanted = np.take_along_axis(logits, np.maximum(targets, 0)[..., None], -1)[..., 0]
    others = np.where(np.arange(logits.shape[-1]) == targets[..., None], -np.inf, logits).max(-1)
    with np.errstate(all="ignore"):
        gap = wanted - others
    return np.where(targets < 0, np.inf, np.where(np.isnan(gap), -np.inf, gap))


def draw_copy_sequences(rng: np.random.Generator, n: int) -> Array:
    """(n, LENGTH): a period of SHORTEST to LONGEST different symbols, repeated; the law of the task."""
    periods = rng.integers(SHORTEST, LONGEST + 1, (n, 1))
    symbols = rng.permuted(np.tile(np.arange(SYMBOLS), (n, 1)), axis=1)
    return np.take_along_axis(symbols, np.arange(LENGTH)[None] % periods, 1)


def best_log_probabilities(tokens: Array) -> Array:
    """log p(next symbol | all before), exactly, for tokens (B, T) of the copying task → (B, T − 1).

    Before the first repetition, with k symbols seen, the period is k … 8 with equal probability (k ≥ 4): it repeats now with
    probability 1/(9 − k), or a new symbol comes, uniform on the 8 − k others. From the repetition on nothing is random.
    """
    logs = np.zeros((len(tokens), tokens.shape[1] - 1))
    for row, sequence in enumerate(tokens.tolist()):
        for seen in range(1, LONGEST + 1):
            repeats = sequence[seen] in sequence[:seen]
            stop = 1 / (LONGEST + 1 - seen) if seen >= SHORTEST else 0.0
            logs[row, seen - 1] = math.log(stop) if repeats else math.log((1 - stop) / (SYMBOLS - seen))
            if repeats:
                break
    return logs


def copy_excess(weights: dict[str, Any], tokens: Array) -> float:
    """Mean of −log q + log p over all predictions: nats per symbol above the floor."""
    logits = transformer_logits(weights, tokens, causal=True)[:, :-1]
    with np.errstate(all="ignore"):
        peak = logits.max(-1, keepdims=True)
        logs = logits - peak - np.log(np.exp(logits - peak).sum(-1, keepdims=True))
        chosen = np.take_along_axis(logs, tokens[:, 1:, None], -1)[..., 0]
        return float(np.mean(best_log_probabilities(tokens) - chosen))
