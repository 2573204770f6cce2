"""The judge of the trained model, in NumPy: the law of the tunes, the model run from its weights, excess over the floor, and a recogniser.

Only checks use this; nothing here is shared with `tune_source.py` or the reference solution.
Excess is the mean of −log q + log p over the characters of fresh tunes: 0 for a perfect model, and never below but by chance.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from autograder.checks import Measured

Array = np.ndarray[Any, np.dtype[Any]]
ALPHABET = "\n/12346:ABCDEFGKM]cdefg|"
SCALES = {"C": "CDEFGABc", "G": "GABcdefg", "D": "DEFGABcd"}
STEPS, LENGTHS = {-2: 1, -1: 3, 0: 1, 1: 3, 2: 2}, {1: 10, 2: 7, 3: 3}
TUNE = re.compile(r"M:([23])/4\nK:([CGD])\n((?:[A-Ga-g][123])+)\|((?:[A-Ga-g][123])+)\|([A-G])([46])\|\]")
VOCABULARY, FEATURES, UNITS = 25, 12, 32
SHAPES = {
    "embedding.weight": (VOCABULARY, FEATURES),
    "cell.weight_ih_l0": (3 * UNITS, FEATURES),
    "cell.weight_hh_l0": (3 * UNITS, UNITS),
    "cell.bias_ih_l0": (3 * UNITS,),
    "cell.bias_hh_l0": (3 * UNITS,),
    "readout.weight": (VOCABULARY, UNITS),
    "readout.bias": (VOCABULARY,),
}
FRESH, WRITTEN, LONGEST = 2000, 200, 60
EXCESS_ALLOWED, VALID_ASKED = 0.04, 0.6


def log_probability(text: str) -> float:
    """log p of a whole tune, in nats; −inf for a text that the source never writes."""
    found = TUNE.fullmatch(text)
    if not found:
        return -math.inf
    metre, key, *bars, tonic, held = found.groups()
    eighths, scale, degree, total = 2 * int(metre), SCALES[key], 0, math.log(1 / 6)
    if tonic != scale[0] or int(held) != eighths:
        return -math.inf
    for bar in bars:
        left = eighths
        for letter, digit in zip(bar[::2], bar[1::2], strict=True):
            step, length = scale.find(letter) - degree, int(digit)
            if letter not in scale or step not in STEPS or length > left:
                return -math.inf
            along = sum(weight for move, weight in STEPS.items() if 0 <= degree + move < 8)
            enough = sum(weight for choice, weight in LENGTHS.items() if choice <= left)
            total += math.log(STEPS[step] / along * LENGTHS[length] / enough)
            degree, left = degree + step, left - length
        if left:
            return -math.inf
    return total


def fresh_tune(rng: np.random.Generator) -> str:
    """One tune of the source."""
    metre, key = int(rng.integers(2, 4)), "CGD"[rng.integers(3)]
    scale, degree, text = SCALES[key], 0, f"M:{metre}/4\nK:{key}\n"
    for _ in range(2):
        left = 2 * metre
        while left:
            moves = [move for move, weight in STEPS.items() for _ in range(weight) if 0 <= degree + move < 8]
            degree += moves[rng.integers(len(moves))]
            choices = [length for length, weight in LENGTHS.items() for _ in range(weight) if length <= left]
            length = choices[rng.integers(len(choices))]
            text, left = f"{text}{scale[degree]}{length}", left - length
        text += "|"
    return f"{text}{scale[0]}{2 * metre}|]"


def tokens_of(texts: list[str]) -> Array:
    """(N, T): 0, the characters from 1 on, and 0s behind them."""
    tokens = np.zeros((len(texts), 1 + max(map(len, texts))), dtype=int)
    for row, text in enumerate(texts):
        tokens[row, 1 : 1 + len(text)] = [1 + ALPHABET.index(character) for character in text]
    return tokens


def malformed(weights: Any) -> str:
    """Why these are no weights of the model, or "" if they are."""
    if not isinstance(weights, dict):
        return "what `train` returned is no dict: return model.state_dict()"
    for name, shape in SHAPES.items():
        array = weights.get(name)
        if not isinstance(array, np.ndarray) or array.shape != shape:
            return f"`{name}` is not an array of shape {shape}"
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            return f"`{name}` holds entries that are not finite numbers"
    return ""


def sigmoid(z: Array) -> Array:
    """1/(1 + e^−z)."""
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


def step(weights: dict[str, Array], tokens: Array, h: Array) -> tuple[Array, Array]:
    """Log-probabilities (N, 25) of what follows tokens (N,), token 0 left out, and the next states (N, 32), in float64."""
    own = weights["embedding.weight"][tokens] @ weights["cell.weight_ih_l0"].T + weights["cell.bias_ih_l0"]
    past = h @ weights["cell.weight_hh_l0"].T + weights["cell.bias_hh_l0"]
    (r, z, n), (pr, pz, pn) = np.split(own, 3, axis=1), np.split(past, 3, axis=1)
    keep = sigmoid(z + pz)
    h = (1 - keep) * np.tanh(n + sigmoid(r + pr) * pn) + keep * h
    logits = h @ weights["readout.weight"].T + weights["readout.bias"]
    logits[:, 0] = -np.inf
    peak = logits.max(axis=1, keepdims=True)
    return logits - peak - np.log(np.exp(logits - peak).sum(axis=1, keepdims=True)), h


def doubled(weights: dict[str, Array]) -> dict[str, Array]:
    """In float64."""
    return {name: np.asarray(weights[name], dtype=np.float64) for name in SHAPES}


def excess(weights: dict[str, Array], texts: list[str]) -> float:
    """Nats per character above the floor."""
    weights, tokens = doubled(weights), tokens_of(texts)
    h, total = np.zeros((len(texts), UNITS)), sum(map(log_probability, texts))
    for t in range(tokens.shape[1] - 1):
        logs, h = step(weights, tokens[:, t], h)
        following = tokens[:, t + 1]
        total -= logs[np.arange(len(texts)), following][following > 0].sum()
    return float(total / sum(map(len, texts)))


def written(weights: dict[str, Array], count: int, rng: np.random.Generator) -> list[str]:
    """Texts that the model writes, each up to its first "]" or to 60 characters."""
    weights, tokens, h = doubled(weights), np.zeros(count, dtype=int), np.zeros((count, UNITS))
    texts = [""] * count
    for _ in range(LONGEST):
        logs, h = step(weights, tokens, h)
        below = np.cumsum(np.exp(logs), axis=1) <= rng.random((count, 1))
        tokens = np.minimum(below.sum(axis=1), VOCABULARY - 1)
        texts = [text if text.endswith("]") else text + ALPHABET[token - 1] for text, token in zip(texts, tokens, strict=True)]
    return texts


def has_learned(outputs: Any, rng: np.random.Generator) -> Measured:
    """Excess on 2,000 fresh tunes and the share of tunes among 200 that the model writes, against what is asked for."""
    fault = malformed(outputs)
    if fault:
        return Measured(math.inf, fault)
    over = excess(outputs, [fresh_tune(rng) for _ in range(FRESH)])
    share = sum(log_probability(text) > -math.inf for text in written(outputs, WRITTEN, rng)) / WRITTEN
    said = f"{over:.3f} nats per character above the floor, at most {EXCESS_ALLOWED} are allowed; {share:.0%} of what it writes are tunes, asked for are {VALID_ASKED:.0%}"
    if over <= EXCESS_ALLOWED and share >= VALID_ASKED:
        return Measured(0.0, said, board=-over)
    return Measured(max(over, 1e-3) if over > EXCESS_ALLOWED else 1.0, said)
