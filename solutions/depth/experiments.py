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
from judges import RIGHT, entries, table, wrong
from networks import BadNetwork, Network, called, read_network, read_number
from piecewise import function_of

from autograder.checks import Measured, never_raises

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


@never_raises
def table_of_shares(outputs: Any, depths: Sequence[int], networks: Sequence[str]) -> Measured:
    """The table of question 11 has all its numbers, and they can be what they are called; their truth is not judged."""
    claims = table(outputs, ("share_of_cap", "unexplained"), "your table")
    for depth, value in table(claims["share_of_cap"], depths, "share_of_cap").items():
        share = read_number(value, f"share_of_cap[{depth}]")
        if not 0 < share < 1:
            return wrong(f"share_of_cap[{depth}] is {float(share):.4g}; a mean number of pieces divided by the cap lies between 0 and 1")
    for name, value in table(claims["unexplained"], networks, "unexplained").items():
        left = read_number(value, f"unexplained[{name!r}]")
        if left < 0:
            return wrong(f"unexplained[{name!r}] is {float(left):.4g}; a mean squared error is not negative")
    return RIGHT


@never_raises
def table_of_runs(outputs: Any) -> Measured:
    """The table of question 12 has all its numbers, and they can be what they are called; their truth is not judged."""
    claims = table(outputs, ("factor_per_layer", "loss_left"), "your table")
    for key, most in (("factor_per_layer", 2), ("loss_left", 100)):
        both = [read_number(v, f"{key}[{k!r}]") for k, v in table(claims[key], ("plain", "skip"), key).items()]
        for name, value in zip(("plain", "skip"), both, strict=True):
            if not 0 < value < most:
                return wrong(f"{key}[{name!r}] is {float(value):.4g}; that cannot have come out of the runs that the text describes")
        if both[0] == both[1]:
            return wrong(f"{key}: with and without skip connections you claim the same; measure both")
    return RIGHT


def shares_of_cap(noises: Mapping[int, Sequence[Arrays]]) -> dict[int, float]:
    """Depth → mean pieces of these random networks, divided by (width + 1)^depth."""
    return {depth: mean_pieces(ns) / (ns[0][0][0].shape[0] + 1) ** depth for depth, ns in noises.items()}


def adam(start: Arrays, x: np.ndarray, y: np.ndarray, steps: int, rate: float) -> Arrays:
    """The network after so many steps of full-batch Adam (Kingma & Ba 2015, the usual settings) on the mean squared error."""
    flat = [p.copy() for layer in start for p in layer]
    first, second = [np.zeros_like(p) for p in flat], [np.zeros_like(p) for p in flat]
    for step in range(1, steps + 1):
        gradients = _gradients(list(zip(flat[::2], flat[1::2], strict=True)), x, y)
        for i, g in enumerate(gradients):
            first[i] = 0.9 * first[i] + 0.1 * g
            second[i] = 0.999 * second[i] + 0.001 * g * g
            scale = np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
            flat[i] = flat[i] - rate * first[i] / (1 - 0.9**step) / scale
    return list(zip(flat[::2], flat[1::2], strict=True))


def _gradients(network: Arrays, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """∂(mean squared error) with respect to W_1, b_1, W_2, b_2, …"""
    hidden = [x]
    for W, b in network[:-1]:
        hidden.append(np.maximum(hidden[-1] @ W.T + b, 0))
    W, b = network[-1]
    g = 2 * (hidden[-1] @ W.T + b - y) / y.size
    found: list[np.ndarray] = []
    for (W, _), h in zip(network[::-1], hidden[::-1], strict=True):
        found = [g.T @ h, g.sum(0), *found]
        g = (g @ W) * (h > 0)
    return found


def outputs_of(network: Arrays, x: np.ndarray) -> np.ndarray:
    """Predictions of a network on a batch."""
    for W, b in network[:-1]:
        x = np.maximum(x @ W.T + b, 0)
    W, b = network[-1]
    return np.asarray(x @ W.T + b)


# Largest difference of predictions after 100 steps, over 72 runs: torch against this file 2e-14, float32 6e-7. Another
# optimiser, another rate, one step less or a network made by hand differs by more than 1e-2.
SAME_TRAINING = 1e-3


@never_raises
def training_claims(
    outputs: Any, trained: Mapping[str, Sequence[Arrays]], x: np.ndarray, y: np.ndarray, tolerance: float
) -> Measured:
    """unexplained: median over the re-runs of final loss over the variance of y, and 0 for the exact network.

    Args:
        trained: the truth: the same starts, trained by `adam`. A network that is not what comes out of its own start is
            not judged.
    """
    found = table(outputs, ("claims", "trained"), "the outputs")
    claims = table(found["claims"], ("share_of_cap", "unexplained"), "your table")["unexplained"]
    claims = table(claims, (*trained, "exact"), "unexplained")
    returned = table(found["trained"], list(trained), "the trained networks")
    measured = {"exact": 0.0}
    for name, truths in trained.items():
        left = []
        for i, (value, truth) in enumerate(zip(entries(returned[name], len(truths), "runs"), truths, strict=True)):
            predictions = outputs_of(arrays_of(network_like(value, truth, f"{name} run {i}")), x)
            if not np.abs(predictions - outputs_of(truth, x)).max() <= SAME_TRAINING:
                return wrong(f"{name} run {i}: `train` does not return what so many steps of Adam make of its network")
            left.append(float(np.mean((predictions - y) ** 2)) / float(np.var(y)))
        measured[name] = float(np.median(left))
    limits = {name: (v - tolerance, v + tolerance) for name, v in measured.items()} | {"exact": (0.0, 1e-9)}
    return judged_claims(claims, measured, limits)


Deep = tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]  # layers, readout, x, y


def deep_loss_and_gradients(problem: Deep, skip: bool) -> tuple[float, list[np.ndarray]]:
    """J and ∂J/∂W_1, …, ∂J/∂W_L by hand-written reverse mode: the independent truth for the skip connections."""
    layers, readout, x, y = problem
    scale = 1 / math.sqrt(len(layers)) if skip else 1.0
    inputs, masks = [], []
    h = x
    for W in layers:
        z = h @ W.T
        inputs.append(h)
        masks.append(z > 0)
        active = scale * np.maximum(z, 0)
        h = h + active if skip else active
    residual = h @ readout - y
    g = np.outer(2 * residual / len(y), readout)
    found = []
    for W, mask, below in zip(layers[::-1], masks[::-1], inputs[::-1], strict=True):
        local = scale * g * mask
        found.append(local.T @ below)
        g = local @ W + g if skip else local @ W
    return float(np.mean(residual**2)), found[::-1]


def descent(problem: Deep, skip: bool, steps: int, rate: float) -> list[float]:
    """J before each of so many steps of gradient descent, and after the last one."""
    layers, *rest = problem
    losses = []
    for _ in range(steps + 1):
        loss, gradients = deep_loss_and_gradients((layers, *rest), skip)
        losses.append(loss)
        layers = [W - rate * g for W, g in zip(layers, gradients, strict=True)]
    return losses


def _norm(value: Any, truth: np.ndarray) -> float:
    """Norm of a submitted gradient that must agree with the truth."""
    if isinstance(value, list):
        value = np.array([[float(read_number(v)) for v in entries(row, len(truth), "numbers")] for row in value])
    if not isinstance(value, np.ndarray) or value.shape != truth.shape or value.dtype.kind not in "fiu":
        raise BadNetwork(f"first_layer_gradient gives {called(value)}; asked for is one of shape {truth.shape}")
    if not np.allclose(value, truth, rtol=1e-6, atol=1e-9 * float(np.abs(truth).max())):
        raise BadNetwork("first_layer_gradient is not the gradient of J with respect to W_1")
    return float(np.linalg.norm(value))


SAME_CURVE = 1e-3  # relative; float64 programs agree to 1e-12 over 60 steps, float32 to 1e-4


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
            truths = [deep_loss_and_gradients(p, name == "skip")[1][0] for p in problems]
            values = entries(values, len(truths), "gradients")
            medians.append(np.median([_norm(v, t) for v, t in zip(values, truths, strict=True)]))
        measured[name] = float((medians[1] / medians[0]) ** (1 / layers))
    return judged_claims(claims, measured, {k: (v - tolerance, v + tolerance) for k, v in measured.items()})


@never_raises
def loss_claims(outputs: Any, curves: Mapping[str, Sequence[Sequence[float]]], tolerance: float) -> Measured:
    """loss_left: median of the last loss over the first.

    Args:
        curves: the truth by `descent`; a curve that differs is not judged.
    """
    found = table(outputs, ("claims", "losses"), "the outputs")
    claims = table(found["claims"], ("factor_per_layer", "loss_left"), "your table")["loss_left"]
    claims = table(claims, ("plain", "skip"), "loss_left")
    losses = table(found["losses"], ("plain", "skip"), "the losses")
    measured = {}
    for name, truths in curves.items():
        left = []
        for curve, truth in zip(entries(losses[name], len(truths), "curves"), truths, strict=True):
            numbers = [float(read_number(v, "a loss")) for v in entries(curve, len(truth), "losses")]
            first = next((i for i, pair in enumerate(zip(numbers, truth, strict=True)) if not math.isclose(*pair, rel_tol=SAME_CURVE)), None)
            if first is not None:
                place = "before any step" if first == 0 else f"after step {first}"
                return wrong(f"{name}: the loss {place} is {numbers[first]:.6g}; it should be {truth[first]:.6g}")
            left.append(numbers[-1] / numbers[0])
        measured[name] = float(np.median(left))
    return judged_claims(claims, measured, {k: (v - tolerance, v + tolerance) for k, v in measured.items()})
