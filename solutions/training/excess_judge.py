"""How far trained weights are from the function that they were to learn; hidden cases alone use this file and `teacher`.

It stands apart from training_judges.py because judges of public cases go out with the handout, and with them all that
they import: whoever has the function's own weights has nothing to train.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from teacher import teacher
from training_judges import RIGHT, wrong

from autograder.checks import Measured, array_of

FULL_UP_TO, NONE_FROM = 0.005, 0.03
"""Ten trainings each, with seeds of their own: the reference comes to 0.0017 (standard deviation 0.0006, at most 0.0031),
SGD at 0.3 and Adam at 0.01 with falling rates to at most 0.0041; a rate that is never lowered to 0.009 at least, a schedule
the wrong way round to 0.007 at least, a column less a row to 1.6 (tools/calibrate.py)."""
SHAPES = {"W": (6, 16), "b": (16,), "v": (16,), "c": (1,)}


def network_of(outputs: Any) -> dict[str, np.ndarray] | str:
    """The weights as float64 arrays, or what is wrong with them."""
    if not isinstance(outputs, dict):
        return "return a dict with W, b, v and c"
    found = {}
    for name, shape in SHAPES.items():
        array = array_of(outputs.get(name))
        if array is None or array.shape != shape:
            return f"{name} does not have the shape {shape}"
        found[name] = array.astype(float)
        if not np.isfinite(found[name]).all():
            return f"{name} has entries that are not finite: the training has diverged"
    return found


def excess_of(weights: dict[str, np.ndarray]) -> float:
    """E(f − f*)² on 50,000 points without noise."""
    x = np.random.Generator(np.random.PCG64(99)).standard_normal((50_000, 6))
    outputs = np.tanh(x @ weights["W"] + weights["b"]) @ weights["v"] + weights["c"]
    return float(np.mean((outputs - teacher(x)) ** 2))


def has_learned(outputs: Any, world: Any) -> Measured:
    """Full points up to an excess of 0.005, none from 0.03 on, and in between by its logarithm."""
    weights = network_of(outputs)
    if isinstance(weights, str):
        return wrong(weights)
    excess = excess_of(weights)
    if excess <= FULL_UP_TO:
        return RIGHT
    share = math.log(NONE_FROM / excess) / math.log(NONE_FROM / FULL_UP_TO) if math.isfinite(excess) else 0.0
    credit = Fraction(min(max(math.floor(20 * share), 0), 19), 20)
    return wrong(f"the mean squared distance to the function is {excess:.4f}; full points up to {FULL_UP_TO}, none from {NONE_FROM} on", credit)
