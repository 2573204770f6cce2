"""A child process that tries something before and after a layer: both outcomes, so that each test can fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.sandbox.layers.base import Confinement, Layer, tried


def outcome(act: Callable[[], object], layer: Layer | None = None, confinement: Confinement | None = None) -> str:
    """Why `act` failed in a child that has put `layer` on (none: no layer); empty when it succeeded."""

    def attempt() -> None:
        if layer is not None:
            layer.apply(confinement or Confinement("/"))
        act()

    return tried(attempt)


def needs(layer: Layer) -> None:
    """Skip where the machine does not have the layer."""
    reason = layer.probe()
    if reason:
        pytest.skip(f"{layer.name}: {reason}")
