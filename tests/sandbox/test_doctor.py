"""The table of layers."""

from __future__ import annotations

from autograder.sandbox.grader.doctor import examine
from autograder.sandbox.layers import LAYERS


def test_there_is_a_row_for_each_layer_with_a_reason_where_it_is_missing() -> None:
    rows = examine()
    assert [row.layer for row in rows] == [layer.name for layer in LAYERS]
    for row in rows:
        assert row.available == (row.why_not == "")
        assert row.stops
        assert row.remedy
    assert {row.demanded_by for row in rows} == {"standard", "strict"}
