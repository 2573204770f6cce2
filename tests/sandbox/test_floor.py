"""What each mode demands, and how it refuses."""

from __future__ import annotations

import pytest

from autograder.errors import MachineError, UsageError
from autograder.sandbox.grader.floor import FLOORS, layers_in_force
from autograder.sandbox.layers import LAYERS

ALL = tuple(layer.name for layer in LAYERS)
NONE_MISSING = dict.fromkeys(ALL, "")


def test_every_layer_that_there_is_is_put_on_in_order() -> None:
    assert layers_in_force("standard", NONE_MISSING) == ALL
    assert layers_in_force("strict", NONE_MISSING) == ALL


def test_off_puts_nothing_on() -> None:
    assert layers_in_force("off", NONE_MISSING) == ()


@pytest.mark.parametrize("layer", FLOORS["standard"])
def test_a_missing_layer_of_the_floor_is_refused_by_name_with_reason_and_remedy(layer: str) -> None:
    with pytest.raises(MachineError) as caught:
        layers_in_force("standard", NONE_MISSING | {layer: "the kernel is old"})
    message = str(caught.value)
    remedy = next(known.remedy for known in LAYERS if known.name == layer)
    assert f"`{layer}` is missing" in message
    assert "the kernel is old" in message
    assert remedy in message


@pytest.mark.parametrize("layer", ["identity", "namespaces"])
def test_a_bonus_layer_may_miss_unless_strict(layer: str) -> None:
    missing = NONE_MISSING | {layer: "not root"}
    assert layer not in layers_in_force("standard", missing)
    with pytest.raises(MachineError, match=f"`{layer}` is missing"):
        layers_in_force("strict", missing)


def test_a_layer_can_be_left_off_for_a_test() -> None:
    assert "landlock" not in layers_in_force("standard", NONE_MISSING, without={"landlock"})


def test_unknown_modes_and_layers_are_wrong_use() -> None:
    with pytest.raises(UsageError, match="mode"):
        layers_in_force("loose", NONE_MISSING)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="layer"):
        layers_in_force("standard", NONE_MISSING, without={"walls"})
