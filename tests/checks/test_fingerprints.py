"""A fingerprint is made of whatever a student may return, whatever it is made of and however it lies in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import close
from autograder.checks.fingerprints import Fingerprint, fingerprint

COMPLEX = np.array([[1 + 2j, 3j, 0], [1, 2, 5 - 1j]])


def of(value: Any) -> Fingerprint:
    return fingerprint(value, 1.0, close(), World(1))


@pytest.mark.parametrize(
    "value",
    [
        1 + 2j, complex("nan"), np.array(1 + 2j), np.complex64(2j), COMPLEX, np.asfortranarray(COMPLEX),
        COMPLEX[:, ::2], np.array(1.5, dtype=np.float32), np.float16(2), np.zeros((0, 3)),
        np.zeros((0,), dtype=complex), [1j, [2.0, {"a": 3j}]], True, None, "text", b"bytes", 10**400,
        np.array(True), np.array([2**63], dtype=np.uint64), [],
    ],
    ids=repr,
)  # fmt: skip
def test_anything_has_one_and_the_same_again(value: Any) -> None:
    assert of(value) == of(value)


def test_how_an_array_lies_in_memory_does_not_count() -> None:
    assert of(COMPLEX) == of(np.asfortranarray(COMPLEX)) != of(COMPLEX.conj())
    assert of(1 + 2j) != of(1 - 2j)
