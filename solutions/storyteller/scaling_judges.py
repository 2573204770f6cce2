"""The judge of `scaling`: a predicted excess against a law with noise."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from runs import lawful_runs

from autograder.authoring.world import World
from autograder.checks import Measured

NOISY = 1.5
"""Factor, in either direction, within which a prediction counts."""


def predicts_noisy_law(outputs: Any, world: World) -> Measured:
    """Within a factor of 1.5 of the law without noise."""
    return _within(outputs, lawful_runs(world, 0.1)[2], NOISY)


def _within(outputs: Any, true: float, factor: float) -> Measured:
    outputs = outputs.item() if isinstance(outputs, np.ndarray) and outputs.size == 1 else outputs
    if isinstance(outputs, bool) or not isinstance(outputs, (int, float, Fraction)) or not math.isfinite(outputs):
        return Measured(math.inf, "predict_excess must return a finite number")
    outputs = float(outputs)
    if outputs <= 0:
        return Measured(math.inf, f"an excess of {outputs:.4g} is predicted; a loss never gets to its floor: fit ln(loss − floor)")
    off = max(outputs / true, true / outputs)
    if off <= factor:
        return Measured(0.0)
    return Measured(off, f"the prediction is {outputs:.4g}; it is off by a factor of {off:.2g}, {factor:g} is allowed")
