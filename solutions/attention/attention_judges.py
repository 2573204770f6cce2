"""Predicates of this assignment's `satisfies` cases: from what a probe returned to how wrong it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import attention_oracle as oracle
import numpy as np

from autograder.checks import Measured

Array = np.ndarray[Any, np.dtype[Any]]
# Measured in nats per symbol on 2,000 fresh sequences, 10 seeds each: reference 0.028 ± 0.015 (0.088 the largest of 40 more);
# corrected moments handed back 1.598 ± 0.007, trained with the future 9.0 ± 1.8, first batch only 14.2 ± 1.5, the other
# misconceptions more. 0.3 lies 17 deviations above the reference and 185 below the best misconception.
EXCESS_ALLOWED = 0.3


def off(got: Any, expected: Array, what: str) -> Measured:
    """Largest relative deviation of an array from the truth; inf when it is no finite array of that shape."""
    if not isinstance(got, np.ndarray) or got.dtype.kind != "f":
        return Measured(math.inf, f"{what} is not an array of floating-point numbers")
    if got.shape != expected.shape:
        return Measured(math.inf, f"{what} has shape {got.shape}, not {expected.shape}")
    if not np.isfinite(got).all():
        return Measured(math.inf, f"{what} has entries that are not finite")
    deviation = float(np.abs(got - expected).max() / (np.abs(expected).max() + 1e-12))
    return Measured(deviation, f"{what} is off by {deviation:.2g}, relative to its largest entry")


def blind_to_the_future(outputs: Any, truth: Array, axis: int, moment: int) -> Measured:
    """Compares "before" with the list "after" of changes of positions ≥ `moment`: the same bits before it, and right."""
    if not isinstance(outputs, dict) or set(outputs) != {"before", "after"} or not isinstance(outputs["after"], list):
        return Measured(math.inf, "the outputs before and after the change are missing")
    before = outputs["before"]
    measured = off(before, truth, "the output")
    if math.isinf(measured.deviation):
        return measured
    for after in outputs["after"]:
        if not isinstance(after, np.ndarray) or after.shape != truth.shape or after.dtype != before.dtype:
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


def within_budget(outputs: Any, truth: Array, largest: str, allowed: int, why: str) -> Measured:
    """`outputs["out"]` is right and the count `outputs[largest]` is positive and at most `allowed`."""
    if not isinstance(outputs, dict) or set(outputs) != {"out", largest}:
        return Measured(math.inf, "the output or its cost is missing")
    count = outputs[largest]
    if type(count) is not int or count <= 0:
        return Measured(math.inf, f"{largest} is not a positive count")
    if count > allowed:
        return Measured(math.inf, f"{largest}: {count:,}; at most {allowed:,} are allowed. {why}")
    return off(outputs["out"], truth, "the output")


def programmed(targets: Callable[[Array], Array], lengths: range, causal: bool) -> Callable[[Any, Any], Measured]:
    """A predicate: these weights give every string of these lengths its targets with margin at least 1."""

    def predicate(outputs: Any, world: Any) -> Measured:
        fault = oracle.malformed(outputs, oracle.LETTERS + 1, oracle.LONGEST_STRING + 1, oracle.LETTERS)
        if fault:
            return Measured(math.inf, fault)
        worst, where = math.inf, ""
        for length in lengths:
            tokens = oracle.strings(length)
            wanted = targets(tokens)
            margins = oracle.margins(oracle.transformer_logits(outputs, tokens, causal), wanted)
            row, place = np.unravel_index(int(margins.argmin()), margins.shape)
            if margins[row, place] < worst:
                worst = float(margins[row, place])
                text = "".join("abcd"[t] for t in tokens[row, 1:])
                where = f'"{text}", symbol {place}: expected "{"abcd"[wanted[row, place]]}", margin {worst:.3g}'
        return Measured(max(0.0, 1.0 - worst), f"the smallest margin must be at least 1; found at {where}")

    return predicate


def has_learned(outputs: Any, tokens: Array) -> Measured:
    """How far the excess of trained weights over the floor lies above EXCESS_ALLOWED, on fresh sequences."""
    fault = oracle.malformed(outputs, oracle.SYMBOLS, oracle.LENGTH, oracle.SYMBOLS)
    if fault:
        return Measured(math.inf, fault)
    excess = oracle.copy_excess(outputs, tokens)
    message = f"the model is {excess:.3f} nats per symbol above the floor on fresh sequences; allowed are {EXCESS_ALLOWED}"
    return Measured(max(0.0, excess - EXCESS_ALLOWED) if math.isfinite(excess) else math.inf, message)
