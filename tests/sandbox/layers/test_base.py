"""Trying something in a child."""

from __future__ import annotations

import os

import pytest

from autograder.sandbox.layers.base import checked, tried


def test_success_is_empty_and_failure_is_its_reason() -> None:
    assert tried(lambda: None) == ""
    assert tried(lambda: 1 / 0) == "division by zero"
    assert "status" in tried(lambda: os._exit(3))


def test_a_refusal_of_libc_is_an_error_with_its_name() -> None:
    assert checked(3, "call") == 3
    with pytest.raises(OSError, match="call"):
        checked(-1, "call")
