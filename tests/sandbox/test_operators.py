"""Operators that ran, whatever name they were called by."""

from __future__ import annotations

import pytest
import torch

from autograder.sandbox.worker.operators import Operators


@pytest.mark.parametrize(
    "call",
    [
        lambda x: torch.softmax(x, 0),
        lambda x: x.softmax(0),
        lambda x: torch.nn.Softmax(0)(x),
        lambda x: eval("tor" + "ch.soft" + "max", {"torch": torch})(x, 0),
        lambda x: torch.ops.aten._softmax(x, 0, False),
    ],
)
def test_every_alias_leaves_the_same_trace(call) -> None:  # type: ignore[no-untyped-def]
    with Operators(("torch.nn.functional.softmax",)) as operators:
        call(torch.zeros(3))
    assert operators.seen() == ["aten._softmax ran (torch.nn.functional.softmax is forbidden)"]


def test_other_operators_are_not_evidence() -> None:
    with Operators(("torch.softmax",)) as operators:
        torch.exp(torch.zeros(3)).sum()
    assert operators.seen() == []


def test_nothing_is_recorded_where_nothing_of_torch_is_forbidden() -> None:
    with Operators(("numpy.linalg.inv",)) as operators:
        torch.softmax(torch.zeros(3), 0)
    assert operators.seen() == []
