"""A transformer of attention heads only, whose weights are yours: written by hand in one question, learned in another.

The residual stream of a string of T tokens is a matrix of shape (B, T, D). It starts as `embed[token] + position[t]`;
every head of a layer adds `A @ x @ ov` to it, where `A = softmax(x @ qk @ x^T)` row by row; `x @ unembed` are the logits.
`qk` (D, D) and `ov` (D, D) are the products W_Q W_K^T and W_V W_O of a head (Elhage et al. 2021, "A mathematical
framework for transformer circuits"); a factor 1/sqrt(d) is part of `qk`. There is no layer norm and no feed-forward layer.

Weights are a dict:
    "embed"     (number of tokens, D)      "position"  (longest string, D)      "unembed"  (D, number of outputs)
    "layers"    a list of layers; a layer is a list of heads; a head is {"qk": (D, D), "ov": (D, D)}
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

ALPHABET = "abcd"
BOS = len(ALPHABET)  # the token that starts every string of the question about programming
SYMBOLS, LENGTH, SHORTEST, LONGEST = 8, 20, 4, 8  # the sequences of the question about learning to copy


def forward(weights: dict[str, Any], tokens: Tensor, causal: bool = True) -> Tensor:
    """Logits (B, T, outputs) of tokens (B, T); gradients flow to the weights."""
    return run(weights, tokens, causal)[0]


def run(weights: dict[str, Any], tokens: Tensor, causal: bool = True) -> tuple[Tensor, list[list[Tensor]]]:
    """Logits (B, T, outputs), and the attention pattern (B, T, T) of every head of every layer: for pictures."""
    length = tokens.shape[1]
    x = weights["embed"][tokens] + weights["position"][:length]
    visible = torch.ones(length, length, dtype=torch.bool)
    if causal:
        visible = visible.tril()
    patterns = []
    for layer in weights["layers"]:
        scores = [(x @ head["qk"] @ x.mT).masked_fill(~visible, -math.inf) for head in layer]
        patterns.append([torch.softmax(s, dim=-1) for s in scores])
        x = x + sum(a @ x @ head["ov"] for a, head in zip(patterns[-1], layer, strict=True))
    return x @ weights["unembed"], patterns


def encode(string: str) -> Tensor:
    """Tokens (1, 1 + n) of a string over "abcd", with BOS in front.

    >>> encode("ba").tolist()
    [[4, 1, 0]]
    """
    return torch.tensor([[BOS, *(ALPHABET.index(c) for c in string)]])


def answer(weights: dict[str, Any], string: str, causal: bool = True) -> str:
    """The symbol with the largest logit at each place of the string (BOS left out)."""
    best = forward(weights, encode(string), causal)[0, 1:].argmax(-1)
    return "".join(ALPHABET[int(i)] for i in best)


def draw_sequences(n: int, generator: torch.Generator) -> Tensor:
    """(n, 20) int64: a random period of 4 to 8 different symbols out of 8, repeated.

    The period's length is uniform on 4 … 8 and its symbols are a random ordered choice without replacement.
    """
    periods = torch.randint(SHORTEST, LONGEST + 1, (n, 1), generator=generator)
    symbols = torch.rand(n, SYMBOLS, generator=generator, dtype=torch.float64).argsort(1)
    return symbols.gather(1, torch.arange(LENGTH) % periods)


def initial_weights(generator: torch.Generator, width: int = 32) -> dict[str, Any]:
    """Random float32 weights of two layers of one head each, for sequences of `draw_sequences`."""

    def normal(*shape: int, scale: float = 1.0) -> Tensor:
        return torch.randn(*shape, generator=generator) * scale / math.sqrt(width)

    layers = [[{"qk": normal(width, width, scale=1 / math.sqrt(width)), "ov": normal(width, width, scale=0.5)}] for _ in range(2)]
    embed, position = normal(SYMBOLS, width, scale=0.5), normal(LENGTH, width, scale=0.5)
    return {"embed": embed, "position": position, "layers": layers, "unembed": normal(width, SYMBOLS)}


def parameters(weights: dict[str, Any]) -> list[Tensor]:
    """All tensors of the weights, in a fixed order."""
    heads = [head[name] for layer in weights["layers"] for head in layer for name in ("qk", "ov")]
    return [weights["embed"], weights["position"], *heads, weights["unembed"]]


def with_parameters(weights: dict[str, Any], tensors: list[Tensor]) -> dict[str, Any]:
    """Weights of the same form with other tensors, in the order of `parameters`."""
    rest = iter(tensors)
    embed, position = next(rest), next(rest)
    layers = [[{"qk": next(rest), "ov": next(rest)} for _ in layer] for layer in weights["layers"]]
    return {"embed": embed, "position": position, "layers": layers, "unembed": next(rest)}
