"""Draws that are the same with every library and on every machine: a story world must not hang on NumPy's streams.

`Keyed` draws a few hundred numbers from a key by SHA-256; `uniforms` draws millions from a seed by the raw output of
PCG64, which NumPy promises to keep (NEP 19, "Stream compatibility": bit generators, not distributions).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]


class Keyed:
    """A stream of draws from a key (bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key, self._count = key, 0

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A float64 in [low, high)."""
        block = hashlib.sha256(self._key + self._count.to_bytes(8, "big")).digest()
        self._count += 1
        return low + (high - low) * (int.from_bytes(block[:8], "big") >> 11) * 2.0**-53

    def below(self, n: int) -> int:
        """An integer in [0, n)."""
        return int(self.uniform() * n)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of `items` in random order (Fisher and Yates)."""
        found = list(items)
        for last in range(len(found) - 1, 0, -1):
            other = self.below(last + 1)
            found[last], found[other] = found[other], found[last]
        return found


class Uniforms:
    """A stream of float64 numbers in [0, 1) from a seed of up to 128 bits."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def draw(self, count: int) -> Floats:
        """The next `count` numbers."""
        raw = self._bits.random_raw(count)
        return (np.asarray(raw, dtype=np.uint64) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def classes(self, probabilities: Floats, count: int) -> Integers:
        """`count` indices drawn by these probabilities (they sum to 1)."""
        edges = np.cumsum(probabilities)
        return np.minimum(np.searchsorted(edges, self.draw(count), side="right"), len(probabilities) - 1)
