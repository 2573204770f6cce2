"""What this machine offers a sandbox: one row per layer."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.grader.floor import FLOORS
from autograder.sandbox.grader.spawning import Zygote, after
from autograder.sandbox.layers import LAYERS


@dataclass(frozen=True)
class LayerRow:
    """A layer: whether it is available, why not, what it stops, what to do, and the strictest mode that needs it."""

    layer: str
    available: bool
    why_not: str
    stops: str
    remedy: str
    demanded_by: str


def examine(seconds: float = 30.0) -> list[LayerRow]:
    """A row for each layer, in the order in which they are put on; probes in a process of its own.

    Raises:
        MachineError: that process does not start.
    """
    zygote = Zygote.spawn()
    try:
        missing = zygote.probe(after(seconds))
    finally:
        zygote.end()
    return [
        LayerRow(layer.name, not missing[layer.name], missing[layer.name], layer.stops, layer.remedy, _mode(layer.name))
        for layer in LAYERS
    ]


def _mode(layer: str) -> str:
    """The least strict mode that demands the layer."""
    return next(mode for mode in ("standard", "strict") if layer in FLOORS[mode])
