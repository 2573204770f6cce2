"""What the cases of this assignment measure on a construction or on trained weights; trusted side only.

Every function takes outputs from the sandbox, believes nothing, and returns `Measured`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
from cooling import loss_at

from autograder.checks import Measured, array_of

RIGHT = Measured(0.0)
Mixture = tuple[list[float], list[float], list[float]]


def wrong(message: str, credit: Fraction = Fraction(0)) -> Measured:
    """A property that does not hold."""
    return Measured(math.inf, message, credit)


def numbers(value: Any, *shape: int) -> np.ndarray | None:
    """Finite numbers as a float64 array of this shape (−1: any length), else None."""
    found = array_of(value)
    if found is None or found.ndim != len(shape) or any(want not in (-1, have) for want, have in zip(shape, found.shape, strict=True)):
        return None
    found = found.astype(float)
    return found if np.isfinite(found).all() else None


def density(x: np.ndarray, mixture: Mixture) -> np.ndarray:
    """The density of a mixture of Gaussians at each of the points; 0 where float64 has nothing left."""
    return sum((w * np.exp(-(((x - m) / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi)) for w, m, s in zip(*mixture, strict=True)), 0 * x)


def reverse_kl(mean: float, deviation: float, mixture: Mixture) -> float:
    """KL(q‖p) of q = N(mean, deviation²) to the mixture, by a sum over 4,001 points."""
    u = np.linspace(-10, 10, 4001)
    weight = np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi) * (u[1] - u[0])
    log_q = -(u**2) / 2 - math.log(deviation * math.sqrt(2 * math.pi))
    with np.errstate(divide="ignore", over="ignore"):
        return float(weight @ (log_q - np.log(density(mean + deviation * u, mixture))))


def least_reverse(outputs: Any, mixtures: Sequence[Mixture]) -> Measured:
    """Each Gaussian has a reverse KL that is least, to 10⁻³: with humps far apart that is −log of the largest weight."""
    if not isinstance(outputs, list) or len(outputs) != len(mixtures):
        return wrong("return a mean and a deviation")
    for value, mixture in zip(outputs, mixtures, strict=True):
        pair = numbers(value, 2)
        if pair is None or not 1e-6 < pair[1] < 1e6:
            return wrong("a mean and a positive deviation are expected, two finite numbers")
        mean, deviation = pair.tolist()
        found, best = reverse_kl(mean, deviation, mixture), -math.log(max(mixture[0]))
        if not found <= best + 1e-3:
            return wrong(f"KL(q‖p) of N({mean:.3g}, {deviation:.3g}²) is {found:.4f} nats; the least possible is {best:.4f}")
    return RIGHT


Planar = tuple[np.ndarray, np.ndarray, float]


def folds(outputs: Any, layers: Sequence[Planar]) -> Measured:
    """Each pair of points is two points, and the layer sends both to the same one."""
    if not isinstance(outputs, list) or len(outputs) != len(layers):
        return wrong("return two points")
    for value, (w, u, b) in zip(outputs, layers, strict=True):
        points = numbers(value, 2, len(w))
        if points is None or np.abs(points).max() > 1e6:
            return wrong(f"two points with {len(w)} finite numbers each are expected")
        apart = float(np.abs(points[0] - points[1]).max())
        if apart < 0.01:
            return wrong(f"your two points are only {apart:.3g} apart")
        images = points + np.tanh(points @ w + b)[:, None] * u
        between = float(np.abs(images[0] - images[1]).max())
        if between > 1e-5:
            return wrong(f"the images of your two points are {between:.3g} apart (w·u = {w @ u:.3g})")
    return RIGHT


def beyond_and_made(outputs: Any, covariances: Sequence[np.ndarray]) -> Measured:
    """Neither variable of the Gaussian is N(0, 1), so no layer kept it; and the two layers have the covariances asked for."""
    cov = numbers(outputs.get("beyond"), 2, 2) if isinstance(outputs, dict) else None
    if cov is None or abs(cov[0, 1] - cov[1, 0]) > 1e-9 or not (cov[0, 0] > 0 and np.linalg.det(cov) > 1e-9):
        return wrong("beyond_one_layer: a symmetric positive definite array (2, 2) is expected")
    for i in range(2):
        if abs(cov[i, i] - 1) < 1e-3:
            return wrong(f"beyond_one_layer: variable {i + 1} has the variance 1, so a single layer that keeps it makes your Gaussian")
    pairs = outputs.get("made")
    if not isinstance(pairs, list) or len(pairs) != len(covariances):
        return wrong("two_layers: four numbers are expected")
    for value, wanted in zip(pairs, covariances, strict=True):
        four = numbers(value, 4)
        if four is None or np.abs(four).max() > 100:
            return wrong("two_layers: four finite numbers are expected, s0, t0, s1, t1")
        s0, t0, s1, t1 = four.tolist()
        second = np.array([t0, math.exp(s0)])
        maker = np.array([np.array([math.exp(s1), 0.0]) + t1 * second, second])
        off = float(np.abs(maker @ maker.T - wanted).max())
        if off > 1e-5 * float(np.abs(wanted).max()):
            return wrong(f"two_layers: your layers make {np.round(maker @ maker.T, 4).tolist()}; asked for is {np.round(wanted, 4).tolist()}")
    return RIGHT


def fraction(value: Any) -> Fraction | None:
    """A rational number, else None; a float stands for just what it holds."""
    if isinstance(value, bool) or not isinstance(value, (Rational, float, np.floating)):
        return None
    return Fraction(value) if math.isfinite(value) else None


def disguised(outputs: Any, bins: Sequence[tuple[Fraction, Fraction, list[Fraction]]]) -> Measured:
    """The forecasts lie in the bin, have the mean of the truths, and each is far from its own."""
    if not isinstance(outputs, list) or len(outputs) != len(bins):
        return wrong("return two forecasts")
    for value, (low, high, truths) in zip(outputs, bins, strict=True):
        pair = [fraction(v) for v in value] if isinstance(value, (list, np.ndarray)) else []
        if len(pair) != 2 or pair[0] is None or pair[1] is None:
            return wrong("two fractions are expected")
        first, second = Fraction(pair[0]), Fraction(pair[1])
        tiny, least = Fraction(1, 10**9), abs(truths[0] - truths[1])
        where = f"the truths {truths[0]} and {truths[1]} in ({low}, {high}]"
        if not all(low < p <= high + tiny for p in (first, second)):
            return wrong(f"{where}: a forecast of yours is outside the bin")
        if abs(first + second - sum(truths)) > tiny:
            return wrong(f"{where}: the mean of your forecasts is not that of the truths, and the bin shows it")
        if min(abs(first - truths[0]), abs(second - truths[1])) < least - tiny:
            return wrong(f"{where}: a forecast of yours is off by less than {least}")
    return RIGHT


def cooled(outputs: Any, problems: Sequence[tuple[np.ndarray, np.ndarray]]) -> Measured:
    """Each temperature has a smaller loss than those a thousandth beside it; the loss is convex in 1/T."""
    found = numbers(outputs, len(problems))
    if found is None or not (found > 0).all():
        return wrong("a temperature is a positive finite number")
    for temperature, (logits, labels) in zip(found.tolist(), problems, strict=True):
        if not 1e-6 < temperature < 1e6:
            return wrong(f"T = {temperature:.4g} is far outside of 0.05 to 20")
        mine = loss_at(logits, labels, 1 / temperature)
        for side, other in (("larger", 1.001 * temperature), ("smaller", temperature / 1.001)):
            if loss_at(logits, labels, 1 / other) < mine - 1e-14:
                return wrong(f"with T = {temperature:.4g} the loss is {mine:.6f}; a {side} T has a smaller one")
    return RIGHT


def likelihood(data: Sequence[float], mixture: Mixture) -> float:
    """The log of the product of the densities at the data: decimals take in 1e-300 and its square without any care."""
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 40, 10**15, -(10**15)
        product = Decimal(1)
        for x in data:
            product *= sum(
                (Decimal(w) / Decimal(s) * (-(((Decimal(x) - Decimal(m)) / Decimal(s)) ** 2) / 2).exp() for w, m, s in zip(*mixture, strict=True)),
                Decimal(0),
            )
        return float(product.ln()) - len(data) * math.log(2 * math.pi) / 2 if product else -math.inf


def above(outputs: Any, samples: Sequence[Sequence[float]], bound: float) -> Measured:
    """Each mixture has a log likelihood above the bound, computed here with 40 digits and without a bound on exponents."""
    if not isinstance(outputs, list) or len(outputs) != len(samples):
        return wrong("return weights, means and deviations")
    for value, data in zip(outputs, samples, strict=True):
        parts = [numbers(value.get(name), -1) for name in ("weights", "means", "deviations")] if isinstance(value, dict) else [None]
        if any(part is None for part in parts) or len({len(part) for part in parts if part is not None}) != 1:
            return wrong("three lists of equal length with finite numbers are expected")
        weights, means, deviations = (np.asarray(part) for part in parts)
        if not 1 <= len(weights) <= 20 or not (weights > 0).all() or abs(weights.sum() - 1) > 1e-9:
            return wrong("1 to 20 positive weights that sum to 1 are expected")
        if deviations.min() < 1e-300 * (1 - 1e-9) or deviations.max() > 100:
            return wrong("deviations lie between 1e-300 and 100")
        found = likelihood(data, (weights.tolist(), means.tolist(), deviations.tolist()))
        if not found > bound:
            return wrong(f"the log likelihood of your mixture is {found:.4g}; asked for is more than {bound:.4g}")
    return RIGHT
