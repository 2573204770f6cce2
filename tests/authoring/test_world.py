"""Worlds: the same seed gives the same inputs, another seed others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World, seed_from
from autograder.values.codec import encode

METHODS: dict[str, Callable[[World], Any]] = {
    "normal": lambda w: w.normal((3, 2)),
    "uniform": lambda w: w.uniform(-1, 1, (4,)),
    "integers": lambda w: w.integers(1000, (5,)),
    "permutation": lambda w: w.permutation(30),
    "choice": lambda w: [w.choice(range(1000)) for _ in range(4)],
    "sample": lambda w: w.sample(range(1000), 4),
    "fraction": lambda w: [w.fraction() for _ in range(5)],
    "fractions": lambda w: w.fractions((2, 3)),
    "away_from_zero": lambda w: w.away_from_zero((6,)),
    "torch": lambda w: __import__("torch").rand(3, generator=w.torch_generator()),
    "fork": lambda w: w.fork("a").normal((3,)),
}


@pytest.mark.parametrize("name", METHODS)
def test_one_seed_one_world(name: str) -> None:
    draw = METHODS[name]
    assert encode(draw(World(5))) == encode(draw(World(5)))
    assert encode(draw(World(5))) != encode(draw(World(6)))


def test_ranges() -> None:
    world = World(1)
    assert set(world.integers(3, (200,)).tolist()) == {0, 1, 2}
    assert set(world.integers(2, (200,), high=4).tolist()) == {2, 3}
    assert np.abs(world.away_from_zero((1000,), gap=0.1)).min() >= 0.1
    fractions = [world.fraction(-2, 2, 5) for _ in range(300)]
    assert all(-2 <= f <= 2 and 1 <= f.denominator <= 5 and f for f in fractions)
    assert sorted(world.sample(range(7), 7)) == list(range(7))


def test_a_shape_of_nothing_gives_a_number() -> None:
    assert isinstance(World(1).normal(), float)
    assert isinstance(World(1).integers(5), int)


def test_a_fork_does_not_hang_on_what_was_drawn_before() -> None:
    one, two = World(9), World(9)
    one.normal((100,))
    assert one.fork("x").normal() == two.fork("x").normal()
    assert two.fork("x").normal() != two.fork("y").normal()


def test_seeds_are_the_same_on_every_machine() -> None:
    assert seed_from("backprop", "case", 0) == 1772498017457491110
    assert seed_from("a", "b") != seed_from("ab")
