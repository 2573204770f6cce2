"""What the cases of this assignment measure on a construction or on trained weights; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.checks import Measured, array_of

RIGHT = Measured(0.0)
PERIODS, LONGEST, LARGEST = 30, 500, 1000.0


def wrong(message: str, credit: Fraction = Fraction(0)) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message, credit)


def numbers(value: Any) -> np.ndarray | None:
    """A list or array of finite numbers as float64, else None."""
    found = array_of(value)
    if found is None or found.ndim != 1 or not len(found):
        return None
    found = found.astype(float)
    return found if np.isfinite(found).all() else None


def global_minimum(tilt: float) -> float:
    """The better minimum of x⁴/4 − x²/2 + tilt·x, for a positive tilt: the least root of x³ − x + tilt."""
    return float(min(np.roots([1.0, 0.0, -1.0, tilt]).real))


def escapes(outputs: Any, places: Sequence[tuple[float, float]]) -> Measured:
    """Descent with each of the rates, from its place, ends in the global minimum."""
    rates = numbers(outputs)
    if rates is None or len(rates) != len(places):
        return wrong("a learning rate is a finite number")
    for rate, (tilt, start) in zip(rates.tolist(), places, strict=True):
        x = start
        for _ in range(4000):
            x = x - rate * (x**3 - x + tilt)
            if abs(x) > 1e6:
                return wrong(f"with the rate {rate:.3g}, descent from {start:.3g} (tilt {tilt:.3g}) leaves every bound")
        goal = global_minimum(tilt)
        if abs(x - goal) > 1e-6:
            where = "stops" if abs(x**3 - x + tilt) < 1e-6 else "is still moving"
            return wrong(f"with the rate {rate:.3g}, descent from {start:.3g} (tilt {tilt:.3g}) {where} at {x:.4f}; the better minimum is at {goal:.4f}")
    return RIGHT


def adam_moves(period: np.ndarray, beta2: float) -> float:
    """How far Adam (β₁ = 0, eps = 0, lr = 1) moves x in the last ten of thirty periods."""
    square, moved = 0.0, 0.0
    for t, g in enumerate(np.tile(period, PERIODS).tolist(), 1):
        square = beta2 * square + (1 - beta2) * g * g
        if t > len(period) * (PERIODS - 10):
            moved -= g / math.sqrt(square / (1 - beta2**t))
    return moved


def uphill(outputs: Any, averages: Sequence[float]) -> Measured:
    """Each period of gradients has a positive mean, and Adam moves to larger x on it."""
    if not isinstance(outputs, list) or len(outputs) != len(averages):
        return wrong("return one list of gradients")
    for beta2, value in zip(averages, outputs, strict=True):
        period = numbers(value)
        if period is None or not 2 <= len(period) <= LONGEST or not period.all() or np.abs(period).max() > LARGEST:
            return wrong(f"return 2 to {LONGEST} numbers, none of them 0, each between −1000 and 1000")
        if not math.fsum(period) > 0:
            return wrong(f"the sum of your gradients is {math.fsum(period):.4g}; it must be positive, so that the loss falls to the left")
        moved = adam_moves(period, beta2)
        if not moved > 1e-6 * len(period):
            return wrong(f"with β₂ = {beta2:.3g} Adam moves by {moved:.4g} in ten periods: downhill, as it should; fool it")
    return RIGHT


def largest_product(rates: np.ndarray, low: float, high: float) -> float:
    """The largest |∏(1 − η_k λ)| for λ in [low, high]: at the ends, or between two neighbouring zeros 1/η."""
    zeros = np.sort(1 / rates)

    def product(place: float) -> float:
        return abs(math.prod(1 - rate * place for rate in rates.tolist()))

    found = [product(low), product(high)]
    for left, right in pairwise(zeros):
        left, right = max(left, low), min(right, high)
        for _ in range(100):  # |product| has one hump between two zeros: thirds
            a, b = left + (right - left) / 3, right - (right - left) / 3
            left, right = (a, right) if product(a) < product(b) else (left, b)
        if low <= left <= high:
            found.append(product(left))
    return max(found)


def least_product(low: float, high: float, steps: int) -> float:
    """What is the least possible: 1/T_n((high + low)/(high − low)) (Chebyshev; Young 1953)."""
    return 1 / math.cosh(steps * math.acosh((high + low) / (high - low)))


def least_factor(outputs: Any, intervals: Sequence[tuple[float, float, int]]) -> Measured:
    """Each list of rates has the least worst factor on its interval."""
    if not isinstance(outputs, list) or len(outputs) != len(intervals):
        return wrong("return a list of rates")
    for (low, high, steps), value in zip(intervals, outputs, strict=True):
        rates = numbers(value)
        if rates is None or len(rates) != steps or not rates.all():
            return wrong(f"for steps = {steps}, return {steps} finite numbers, none of them 0")
        found, best = largest_product(rates, low, high), least_product(low, high, steps)
        if found > best * (1 + 1e-5):
            return wrong(f"{steps} rates on [{low:.3g}, {high:.3g}]: your worst factor is {found:.6f}; the least possible is {best:.6f}")
    return RIGHT
