"""One probe run: outputs or a sentence, seeded alike, with watchers in their order."""

from __future__ import annotations

import random
import sys
import types
from typing import Any

import numpy as np
import pytest
import torch

from autograder.authoring.world import World
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.running import Ran, run_case
from autograder.values.codec import decode


def loaded(**names: Any) -> Loaded:
    module = types.ModuleType("submission")
    module.__dict__.update(names)
    return Loaded(module, Origin("/nowhere"))


def calls_f(student: Any, world: World) -> Any:
    return student.f(world.normal())


def run(function: Any, *watchers: Any, **options: Any) -> Ran:
    return run_case(loaded(f=function), calls_f, World(3), watchers, **options)


def test_outputs_come_back_encoded_with_the_calls_that_were_made() -> None:
    ran = run(lambda x: 2 * x)
    assert (ran.status, decode(ran.payload)) == ("returned", 2 * World(3).normal())
    assert ran.trace[0].startswith("f(x=")


def test_what_is_raised_is_explained() -> None:
    def f(x: float) -> float:
        raise ValueError("no")

    assert (run(f).status, run(f).message[:14]) == ("error", "ValueError: no")
    assert run(sys.exit).status == "error"
    assert run(lambda x: bytearray(2**62)).status == "memory"
    assert "cannot use" in run(lambda x: object()).message


def test_ctrl_c_is_nobodys_answer_where_it_may_go_through() -> None:
    def f(x: float) -> float:
        raise KeyboardInterrupt

    assert run(f).status == "error"
    with pytest.raises(KeyboardInterrupt):
        run(f, through=(KeyboardInterrupt,))


def test_outputs_have_a_size_limit() -> None:
    assert run(lambda x: np.zeros(100), most_bytes=2000).status == "returned"
    too_large = run(lambda x: np.zeros(1000), most_bytes=2000)
    assert (too_large.status, "at most 2,000 are allowed" in too_large.message) == ("error", True)


def test_the_generators_are_seeded_alike() -> None:
    def draws(x: float) -> list[float]:
        return [random.random(), np.random.rand(), torch.rand(1).item()]

    assert run(draws).payload == run(draws).payload


class Noting:
    """A watcher that writes down when it is entered and left."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name, self.notes = name, notes

    def __enter__(self) -> Noting:
        self.notes.append(f"{self.name} in")
        return self

    def __exit__(self, *_: object) -> None:
        self.notes.append(f"{self.name} out")

    def seen(self) -> list[str]:
        return [f"{self.name} saw it"]


def test_watchers_are_entered_in_order_left_in_reverse_and_asked_in_order() -> None:
    notes: list[str] = []
    ran = run(lambda x: notes.append("call"), Noting("a", notes), Noting("b", notes))
    assert notes == ["a in", "b in", "call", "b out", "a out"]
    assert ran.evidence == ("a saw it", "b saw it")


def test_a_watcher_is_left_when_the_probe_fails_and_then_tells_nothing() -> None:
    notes: list[str] = []
    ran = run(lambda x: 1 / 0, Noting("a", notes))
    assert (notes, ran.status, ran.evidence) == (["a in", "a out"], "error", ())
