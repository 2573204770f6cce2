"""Judging the two experiments: every claim of a student against the re-run, and the re-run against independent arithmetic.

The re-run is bound to its world: initial weights come from the world, not from the student, and what can be computed again
(initialisation, gradients, losses before training) is computed again here, in NumPy, without the student's code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from judges import RIGHT, entries, never_raises, table, wrong
from networks import BadNetwork, Network, read_network, read_number
from piecewise import function_of

from autograder.checks import Measured

Arrays = list[tuple[np.ndarray, np.ndarray]]
WINDOW = Fraction(4)


def he(noise: Arrays) -> Arrays:
    """Noise as He initialisation: W · sqrt(2 / inputs), biases as they are."""
    return [(W * math.sqrt(2 / W.shape[1]), b) for W, b in noise]


def network_like(value: Any, like: Arrays, name: str) -> Network:
    """A network from outside that has the same shapes as `like`.

    Raises:
        BadNetwork: it is none, or has another shape.
    """
    network = read_network(value, inputs=like[0][0].shape[1], outputs=like[-1][0].shape[0], name=name)
    if network.widths != tuple(W.shape[0] for W, _ in like[:-1]):
        raise BadNetwork(f"{name} has the widths {network.widths}; they are not to change")
    return network


def arrays_of(network: Network) -> Arrays:
    """The network as float64 arrays."""
    return [(np.array(la.weights, dtype=float), np.array(la.biases, dtype=float)) for la in network.layers]


def loss_of(network: Arrays, x: np.ndarray, y: np.ndarray) -> float:
    """Mean squared error of a network on a batch."""
    for W, b in network[:-1]:
        x = np.maximum(x @ W.T + b, 0)
    W, b = network[-1]
    return float(np.mean((x @ W.T + b - y) ** 2))


def mean_pieces(noises: Sequence[Arrays]) -> float:
    """Mean number of pieces on [−4, 4] of the He initialisations of these noises, counted exactly."""
    return float(np.mean([function_of(read_network(he(n)), -WINDOW, WINDOW).pieces for n in noises]))


def check_initialised(networks: Any, noises: Sequence[Arrays], place: str) -> None:
    """The submitted networks are the He initialisation of these noises.

    Raises:
        BadNetwork: they are not.
    """
    for i, (value, noise) in enumerate(zip(entries(networks, len(noises), "networks"), noises, strict=True)):
        found = arrays_of(network_like(value, noise, f"{place}[{i}]"))
        for (W, b), (V, c) in zip(found, he(noise), strict=True):
            if not (np.allclose(W, V, rtol=1e-6, atol=0) and np.allclose(b, c, rtol=1e-6, atol=0)):
                raise BadNetwork("the networks are not the He initialisation of the noise they were given")


def judged_claims(
    claims: Mapping[Any, Any], measured: Mapping[Any, float], allowed: Mapping[Any, tuple[float, float]]
) -> Measured:
    """Each claim must lie in its interval; credit for each, and a message that names those that do not hold."""
    notes, right, worst = [], 0, 0.0
    for key, (low, high) in allowed.items():
        claim = float(read_number(claims[key], f"your claim for {key!r}"))
        if low <= claim <= high:
            right += 1
        else:
            worst = max(worst, abs(claim - measured[key]))
            notes.append(f"{key!r}: you claim {claim:.4g}, the re-run gives {measured[key]:.4g}")
    if right == len(allowed):
        return RIGHT
    return wrong("; ".join(notes), worst, Fraction(right, len(allowed)))


@never_raises
def share_claims(
    outputs: Any, noises: Mapping[int, Sequence[Arrays]], shares: Mapping[int, float], factor: float
) -> Measured:
    """share_of_cap: mean pieces of random networks over the cap (n + 1)^depth, each claim right up to `factor`.

    Args:
        shares: the truth for these noises, from `shares_of_cap`.
    """
    found = table(outputs, ("claims", "networks"), "the outputs")
    claims = table(found["claims"], ("share_of_cap", "unexplained"), "your table")["share_of_cap"]
    claims = table(claims, list(noises), "share_of_cap")
    networks = table(found["networks"], list(noises), "the networks")
    for depth, samples in noises.items():
        check_initialised(networks[depth], samples, f"networks[{depth}]")
    return judged_claims(claims, shares, {d: (v / factor, v * factor) for d, v in shares.items()})


def shares_of_cap(noises: Mapping[int, Sequence[Arrays]]) -> dict[int, float]:
    """Depth → mean pieces of these random networks, divided by (width + 1)^depth."""
    return {depth: mean_pieces(ns) / (ns[0][0][0].shape[0] + 1) ** depth for depth, ns in noises.items()}


@never_raises
def training_claims(
    outputs: Any, starts: Mapping[str, Sequence[Arrays]], x: np.ndarray, y: np.ndarray, tolerance: float
) -> Measured:
    """unexplained: median over the re-runs of final loss over the variance of y, and 0 for the exact network."""
    found = table(outputs, ("claims", "trained"), "the outputs")
    claims = table(found["claims"], ("share_of_cap", "unexplained"), "your table")["unexplained"]
    claims = table(claims, (*starts, "exact"), "unexplained")
    trained = table(found["trained"], list(starts), "the trained networks")
    measured = {"exact": 0.0}
    for name, networks in starts.items():
        left = []
        for i, (run, start) in enumerate(zip(entries(trained[name], len(networks), "runs"), networks, strict=True)):
            value, first = entries(run, 2, "values (network, first loss)")
            before = loss_of(start, x, y)
            if not math.isclose(float(read_number(first, "the first loss")), before, rel_tol=1e-6):
                return wrong(f"{name} run {i}: the first loss is {first}, but the network it began with has {before:.6g}")
            trained_network = arrays_of(network_like(value, start, f"{name} run {i}"))
            left.append(loss_of(trained_network, x, y) / float(np.var(y)))
        measured[name] = float(np.median(left))
    limits = {name: (v - tolerance, v + tolerance) for name, v in measured.items()} | {"exact": (0.0, 1e-9)}
    return judged_claims(claims, measured, limits)


Deep = tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]  # layers, readout, x, y


def deep_loss_and_gradient(problem: Deep, skip: bool) -> tuple[float, np.ndarray]:
    """J and ∂J/∂W_1 by hand-written reverse mode: the independent truth for the skip connections."""
    layers, readout, x, y = problem
    scale = 1 / math.sqrt(len(layers))
    inputs, masks = [], []
    h = x
    for W in layers:
        z = h @ W.T
        inputs.append(h)
        masks.append(z > 0)
        active = np.maximum(z, 0)
        h = h + scale * active if skip else active
    residual = h @ readout - y
    g = np.outer(2 * residual / len(y), readout)
    for W, mask in zip(layers[:0:-1], masks[:0:-1], strict=True):
        through = (g * mask) @ W
        g = g + scale * through if skip else through
    first = (g * masks[0]).T @ inputs[0] * (scale if skip else 1.0)
    return float(np.mean(residual**2)), first


def _norm(value: Any, truth: np.ndarray) -> float:
    """Norm of a submitted gradient that must agree with the truth."""
    if not isinstance(value, np.ndarray) or value.shape != truth.shape or value.dtype.kind != "f":
        raise BadNetwork(f"first_layer_gradient gives an array of floats of shape {truth.shape}")
    if not np.allclose(value, truth, rtol=1e-6, atol=1e-9 * float(np.abs(truth).max())):
        raise BadNetwork("first_layer_gradient is not the gradient of J with respect to W_1")
    return float(np.linalg.norm(value))


@never_raises
def factor_claims(outputs: Any, shallow: Sequence[Deep], deep: Sequence[Deep], tolerance: float) -> Measured:
    """factor_per_layer: (median norm at the larger depth / at the smaller)^(1 / difference of the depths)."""
    found = table(outputs, ("claims", "gradients"), "the outputs")
    claims = table(found["claims"], ("factor_per_layer", "loss_left"), "your table")["factor_per_layer"]
    claims = table(claims, ("plain", "skip"), "factor_per_layer")
    gradients = table(found["gradients"], ("plain", "skip"), "the gradients")
    measured = {}
    layers = len(deep[0][0]) - len(shallow[0][0])
    for name in ("plain", "skip"):
        medians = []
        for values, problems in zip(entries(gradients[name], 2, "depths"), (shallow, deep), strict=True):
            truths = [deep_loss_and_gradient(p, name == "skip")[1] for p in problems]
            values = entries(values, len(truths), "gradients")
            medians.append(np.median([_norm(v, t) for v, t in zip(values, truths, strict=True)]))
        measured[name] = float((medians[1] / medians[0]) ** (1 / layers))
    return judged_claims(claims, measured, {k: (v - tolerance, v + tolerance) for k, v in measured.items()})


@never_raises
def loss_claims(outputs: Any, problems: Sequence[Deep], steps: int, tolerance: float) -> Measured:
    """loss_left: median of the last loss over the first."""
    found = table(outputs, ("claims", "losses"), "the outputs")
    claims = table(found["claims"], ("factor_per_layer", "loss_left"), "your table")["loss_left"]
    claims = table(claims, ("plain", "skip"), "loss_left")
    losses = table(found["losses"], ("plain", "skip"), "the losses")
    measured = {}
    for name in ("plain", "skip"):
        left = []
        for curve, problem in zip(entries(losses[name], len(problems), "curves"), problems, strict=True):
            numbers = [float(read_number(v, "a loss")) for v in entries(curve, steps + 1, "losses")]
            before = deep_loss_and_gradient(problem, name == "skip")[0]
            if not math.isclose(numbers[0], before, rel_tol=1e-6):
                return wrong(f"{name}: the first loss is {numbers[0]:.6g}, but the network it began with has {before:.6g}")
            left.append(numbers[-1] / before)
        measured[name] = float(np.median(left))
    return judged_claims(claims, measured, {k: (v - tolerance, v + tolerance) for k, v in measured.items()})
