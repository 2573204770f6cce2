"""Domains: where the symbols of a formula live, and seeded points drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath

from autograder.authoring.world import World

Point = dict[str, Any]


@dataclass(frozen=True)
class Interval:
    """Real numbers of [low, high], or the whole numbers in it."""

    low: float
    high: float
    whole: bool = False

    def draw(self, world: World) -> Any:
        """One point, as an mpmath number."""
        if self.whole:
            return mpmath.mpf(world.integers(int(self.low), high=int(self.high) + 1))
        return mpmath.mpf(world.uniform(self.low, self.high))


@dataclass(frozen=True)
class Vector:
    """An indexed symbol x[start] … x[start + size − 1]."""

    entry: Interval
    size: int
    start: int = 1

    def draw(self, world: World) -> dict[int, Any]:
        """Index → mpmath number."""
        return {self.start + i: self.entry.draw(world) for i in range(self.size)}


Domain = Interval | Vector


def real(low: float = -2.0, high: float = 2.0) -> Interval:
    """Real numbers between two bounds.

    >>> bool(-1 <= real(-1, 1).draw(World(1)) < 1)
    True
    """
    return Interval(low, high)


def positive(high: float = 3.0) -> Interval:
    """Real numbers between 0.05 and `high`.

    >>> bool(0.05 <= positive(2).draw(World(1)) < 2)
    True
    """
    return Interval(0.05, high)


def integer(low: int, high: int) -> Interval:
    """Whole numbers from low to high, both included.

    >>> int(integer(1, 2).draw(World(1))) in (1, 2)
    True
    """
    return Interval(low, high, whole=True)


def vector(entry: Interval, size: int, start: int = 1) -> Vector:
    """An indexed symbol with `size` entries, the first at index `start`: `sympy.IndexedBase("x")`.

    >>> sorted(vector(real(), 3).draw(World(1)))
    [1, 2, 3]
    """
    return Vector(entry, size, start)


def draw(domains: Mapping[str, Domain], world: World) -> Point:
    """One point: a value for every symbol, in the order of the names."""
    return {name: domains[name].draw(world) for name in sorted(domains)}
