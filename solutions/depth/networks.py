"""ReLU networks with exact weights: what a student's list of (W, b) pairs becomes before anything is judged.

`read_network` takes what came out of the sandbox (nested lists, NumPy arrays, ints, floats, Fractions) and believes
nothing: every shape, size and number is checked, and what is wrong is said in words a student can act on. A float is taken
as the rational number that it is, so no rounding happens here or later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.checks import Malformed

MAX_LAYERS = 80
MAX_UNITS = 2_048
MAX_WEIGHTS = 100_000
MAX_BITS = 600

Row = tuple[Fraction, ...]


class BadNetwork(Malformed):
    """Not a network, or not one that can be judged; the message is for the student."""


@dataclass(frozen=True)
class Layer:
    """One affine map z = W x + b. `weights` has one row per output."""

    weights: tuple[Row, ...]
    biases: Row

    @property
    def inputs(self) -> int:
        """Number of columns of W."""
        return len(self.weights[0])

    @property
    def outputs(self) -> int:
        """Number of rows of W."""
        return len(self.weights)

    def __call__(self, x: Sequence[Fraction]) -> Row:
        """W x + b."""
        pairs = zip(self.weights, self.biases, strict=True)
        return tuple(b + sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row, b in pairs)


@dataclass(frozen=True)
class Network:
    """Hidden layers with ReLU and an affine output layer: F(x) = W_{L+1} σ(… σ(W_1 x + b_1) …) + b_{L+1}."""

    layers: tuple[Layer, ...]

    @property
    def inputs(self) -> int:
        """Input dimension d."""
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        """Output dimension m."""
        return self.layers[-1].outputs

    @property
    def depth(self) -> int:
        """L, the number of hidden layers."""
        return len(self.layers) - 1

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return tuple(layer.outputs for layer in self.layers[:-1])

    @property
    def units(self) -> int:
        """Number of hidden units."""
        return sum(self.widths)

    def __call__(self, x: Sequence[Fraction]) -> Row:
        """F(x), exactly."""
        h = tuple(Fraction(v) for v in x)
        for layer in self.layers[:-1]:
            h = tuple(max(z, Fraction(0)) for z in layer(h))
        return self.layers[-1](h)

    def on_line(self, start: Sequence[Fraction], direction: Sequence[Fraction]) -> Network:
        """The network t ↦ F(start + t · direction) from ℝ: its first layer is composed with the line."""
        first = self.layers[0]
        linear = Layer(first.weights, (Fraction(0),) * first.outputs)
        column = tuple((slope,) for slope in linear(direction))
        return Network((Layer(column, first(start)), *self.layers[1:]))


def called(value: Any) -> str:
    """What a person calls this value."""
    if value is None:
        return "None (does your function end without `return`?)"
    if isinstance(value, np.ndarray):
        kind = {"b": "truth values", "c": "complex numbers"}.get(value.dtype.kind, "numbers")
        return f"an array of {kind} of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    names = {dict: "a dict", str: f"the text {str(value)[:40]!r}", bool: str(value), complex: "a complex number"}
    if isinstance(value, (int, float, Fraction)) and not isinstance(value, bool):
        return f"the number {float(value):.6g}" if abs(value) < 1e300 else "a number"
    return names.get(type(value), "a formula or another object")


def read_network(value: Any, *, inputs: int = 1, outputs: int = 1, name: str = "the network") -> Network:
    """The network that `value`, a list of (W, b) pairs from outside, describes.

    Args:
        value: [(W_1, b_1), …, (W_{L+1}, b_{L+1})]; W_l of shape (outputs, inputs), b_l of shape (outputs,).
        inputs, outputs: the dimensions that the question asks for.
        name: how messages call it.

    Raises:
        BadNetwork: it is no such list, shapes do not fit, a number is not finite, or it is too large to be judged.
    """
    pairs = _items(value, f"{name} is a list of (W, b) pairs, one for each layer")
    if not 1 <= len(pairs) <= MAX_LAYERS:
        raise BadNetwork(f"{name} has {len(pairs)} layers; between 1 and {MAX_LAYERS} can be judged")
    layers: list[Layer] = []
    width = inputs
    for number, pair in enumerate(pairs, start=1):
        layer = _layer(pair, f"layer {number} of {name}")
        if layer.inputs != width:
            raise BadNetwork(
                f"layer {number} of {name}: W has {layer.inputs} columns, but {width} values come in; "
                "W has one row per unit and one column per input"
            )
        width = layer.outputs
        layers.append(layer)
    if width != outputs:
        raise BadNetwork(f"{name} ends with {width} values; the question asks for {outputs}")
    network = Network(tuple(layers))
    if network.units > MAX_UNITS or sum(la.inputs * la.outputs for la in layers) > MAX_WEIGHTS:
        raise BadNetwork(f"{name} is too large: at most {MAX_UNITS:,} units and {MAX_WEIGHTS:,} weights can be judged")
    return network


def read_number(value: Any, place: str = "the number") -> Fraction:
    """A finite number from outside as a Fraction, exactly; True and False are 1 and 0, as in all arithmetic.

    Raises:
        BadNetwork: it is no number, not finite, or has more than MAX_BITS bits.
    """
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    if not isinstance(value, (int, float, Fraction)):
        raise BadNetwork(f"{place} is {called(value)}, not a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadNetwork(f"{place} is {value}")
    number = Fraction(value)
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS:
        raise BadNetwork(f"{place} has more than {MAX_BITS} bits; choose simpler weights")
    return number


def _items(value: Any, expected: str) -> list[Any]:
    if isinstance(value, np.ndarray):
        if value.ndim == 0 or value.dtype.kind not in "biufO":
            raise BadNetwork(f"{expected}; got {called(value)}")
        if value.size > MAX_WEIGHTS:
            raise BadNetwork(f"{expected}; got an array of {value.size:,} numbers, too many to be judged")
        return list(value.tolist())
    if not isinstance(value, (list, tuple)):
        raise BadNetwork(f"{expected}; got {called(value)}")
    return list(value)


def _layer(pair: Any, place: str) -> Layer:
    entries = _items(pair, f"{place} is a pair (W, b)")
    if len(entries) != 2:
        raise BadNetwork(f"{place} is a pair (W, b); got {len(entries)} entries")
    rows = _items(entries[0], f"{place}: W is a matrix, a list of rows")
    biases = _items(entries[1], f"{place}: b is a list of numbers")
    if not rows or len(rows) > MAX_UNITS:
        raise BadNetwork(f"{place}: W has {len(rows)} rows; between 1 and {MAX_UNITS:,} can be judged")
    if len(biases) != len(rows):
        raise BadNetwork(f"{place}: W has {len(rows)} rows and b has {len(biases)} entries; they must agree")
    weights = tuple(_row(row, f"{place}: W[{i}]") for i, row in enumerate(rows))
    if len({len(row) for row in weights}) != 1:
        raise BadNetwork(f"{place}: the rows of W have different lengths")
    return Layer(weights, _row(biases, f"{place}: b"))


def _row(row: Any, place: str) -> Row:
    entries = _items(row, f"{place} is a list of numbers")
    if not 1 <= len(entries) <= MAX_UNITS:
        raise BadNetwork(f"{place} has {len(entries)} entries; between 1 and {MAX_UNITS:,} can be judged")
    return tuple(read_number(entry, f"{place}[{j}]") for j, entry in enumerate(entries))
