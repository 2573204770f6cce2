"""Printed text is capped."""

from __future__ import annotations

from autograder.sandbox.worker.capture import CappedBytes


def test_a_flood_is_counted_as_written_and_dropped() -> None:
    sink = CappedBytes(10)
    assert [sink.write(b"12345678"), sink.write(bytes(10**6)), sink.write(b"x")] == [8, 10**6, 1]
    assert bytes(sink.kept) == b"12345678\x00\x00"
    assert sink.dropped


def test_a_sink_that_is_just_full_has_dropped_nothing() -> None:
    sink = CappedBytes(3)
    sink.write(b"abc")
    assert not sink.dropped
