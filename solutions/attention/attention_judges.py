"""Predicates of this assignment's `satisfies` cases: from what a probe returned to how wrong it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import attention_oracle as oracle
import numpy as np

from autograder.checks import Measured, array_of

Array = np.ndarray[Any, np.dtype[Any]]


def off(value: Any, expected: Array, what: str) -> Measured:
    """Largest relative deviation of an array from the truth; inf when it is no finite array of that shape."""
    got = array_of(value)
    if got is None or got.dtype.kind not in "fiu":
        return Measured(math.inf, f"{what} is not an array of numbers")
    if got.shape != expected.shape:
        return Measured(math.inf, f"{what} has shape {got.shape}, not {expected.shape}")
    if not np.isfinite(got).all():
        return Measured(math.inf, f"{what} has entries that are not finite")
    deviation = float(np.abs(got - expected).max() / (np.abs(expected).max() + 1e-12))
    return Measured(deviation, f"{what} is off by {deviation:.2g}, relative to its largest entry")


def blind_to_the_future(outputs: Any, truth: Array, axis: int, moment: int) -> Measured:
    """Compares "before" with the list "after" of changes of positions ≥ `moment`: the same bits before it, and right."""
    if not isinstance(outputs, dict) or not {"before", "after"} <= set(outputs) or not isinstance(outputs["after"], list):
        return Measured(math.inf, "the outputs before and after the change are missing")
    before = array_of(outputs["before"])
    measured = off(before, truth, "the output")
    if math.isinf(measured.deviation):
        return measured
    for value in outputs["after"]:
        after = array_of(value)
        if before is None or after is None or after.shape != truth.shape or after.dtype != before.dtype:
            return Measured(math.inf, "the output after the change is not an array like the one before")
        past = np.moveaxis(before, axis, 0)[:moment], np.moveaxis(after, axis, 0)[:moment]
        if not np.array_equal(*past):
            largest = float(np.abs(past[0] - past[1]).max())
            return Measured(
                math.inf,
                f"positions before {moment} changed by up to {largest:.2g} when only positions from {moment} on changed: "
                "they see the future (a hidden key needs weight exactly 0)",
            )
    return measured


def within_budgets(outputs: Any, truth: Array, allowed: Mapping[str, int], why: str) -> Measured:
    """`outputs["out"]` is right, and each count that `allowed` names is positive and not above what it allows."""
    if not isinstance(outputs, dict) or not {"out", *allowed} <= set(outputs):
        return Measured(math.inf, "the output or its cost is missing")
    for name, most in allowed.items():
        count = outputs[name]
        if type(count) is not int or count <= 0:
            return Measured(math.inf, f"{name} is not a positive count")
        if count > most:
            return Measured(math.inf, f"{name}: {count:,}; at most {most:,} are allowed. {why}")
    return off(outputs["out"], truth, "the output")


def growth(outputs: Any, truth: Array, lengths: tuple[int, int], allowed: int) -> Measured:
    """`outputs["out"]` is right, and the two "numbers computed" for these lengths of the past differ by at most `allowed`."""
    if not isinstance(outputs, dict) or not {"out", "numbers computed"} <= set(outputs):
        return Measured(math.inf, "the output or its cost is missing")
    counts = outputs["numbers computed"]
    if not isinstance(counts, list) or len(counts) != 2 or not all(type(c) is int and c > 0 for c in counts):
        return Measured(math.inf, "the numbers computed are not two positive counts")
    short, long = lengths
    if counts[1] - counts[0] > allowed:
        return Measured(
            math.inf,
            f"one more token takes {counts[0]:,} numbers after {short} others and {counts[1]:,} after {long}; at most "
            f"{allowed:,} more are allowed, which keys, values, scores and weights of {long - short} more tokens need several "
            "times less than. Something larger grows with the text: are old tokens sent through the layers again?",
        )
    return off(outputs["out"], truth, "the output")


def programmed(targets: Callable[[Array], Array], lengths: range, causal: bool) -> Callable[[Any, Any], Measured]:
    """A predicate: these weights give every string of these lengths its targets with margin at least 1."""

    def predicate(outputs: Any, world: Any) -> Measured:
        weights = with_arrays(outputs)
        fault = oracle.malformed(weights, oracle.LETTERS + 1, oracle.LONGEST_STRING + 1, oracle.LETTERS)
        if fault:
            return Measured(math.inf, fault)
        worst, where = math.inf, ""
        for length in lengths:
            tokens = oracle.strings(length)
            wanted = targets(tokens)
            margins = oracle.margins(oracle.transformer_logits(weights, tokens, causal), wanted)
            row, place = np.unravel_index(int(margins.argmin()), margins.shape)
            if margins[row, place] < worst:
                worst = float(margins[row, place])
                text = "".join("abcd"[t] for t in tokens[row, 1:])
                where = f'"{text}", symbol {place}: expected "{"abcd"[wanted[row, place]]}", margin {worst:.3g}'
        return Measured(max(0.0, 1.0 - worst), f"the smallest margin must be at least 1; found at {where}")

    return predicate


def with_arrays(weights: Any) -> Any:
    """Weights of the attention-only transformer with lists of numbers as arrays; further keys are left out."""
    if not isinstance(weights, dict) or not isinstance(weights.get("layers"), list):
        return weights
    made = {key: _matrix(weights[key]) for key in ("embed", "position", "unembed") if key in weights}
    layers = [
        [{k: _matrix(head[k]) for k in ("qk", "ov") if k in head} if isinstance(head, dict) else head for head in layer]
        if isinstance(layer, list)
        else layer
        for layer in weights["layers"]
    ]
    return made | {"layers": layers}


def _matrix(value: Any) -> Any:
    found = array_of(value)
    return value if found is None else found


def has_learned(outputs: Any, tokens: Array, allowed: float, floor: float) -> Measured:
    """How far the excess of weights from "all batches" lies above `allowed`, on fresh sequences; "few batches" stay above `floor`."""
    if not isinstance(outputs, dict) or not {"all batches", "few batches"} <= set(outputs):
        return Measured(math.inf, "the weights are missing")
    weights = {name: with_arrays(outputs[name]) for name in ("all batches", "few batches")}
    for name, found in weights.items():
        fault = oracle.malformed(found, oracle.SYMBOLS, oracle.LENGTH, oracle.SYMBOLS)
        if fault:
            return Measured(math.inf, f"after {name}: {fault}")
    few = oracle.copy_excess(weights["few batches"], tokens)
    if few < floor:
        return Measured(
            math.inf,
            f"after 40 batches the model is {few:.3f} nats per symbol above the floor, which training cannot reach so soon: "
            "do the weights come from the batches that were given?",
        )
    excess = oracle.copy_excess(weights["all batches"], tokens)
    message = f"the model is {excess:.3f} nats per symbol above the floor on fresh sequences; allowed are {allowed}"
    return Measured(max(0.0, excess - allowed) if math.isfinite(excess) else math.inf, message)
