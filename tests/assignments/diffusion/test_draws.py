"""Mistakes that a training survives, because the network learns in spite of them, are seen by the probe on examples."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[3]
PRIVATE = ROOT / "solutions" / "diffusion"
Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Draw = Callable[[torch.Tensor, torch.Generator], Three]
N = 4000


@pytest.fixture(scope="module")
def judges() -> Iterator[ModuleType]:
    sys.path[:0] = [str(PRIVATE), str(PRIVATE / "cases")]
    import diffusion_judges

    yield diffusion_judges
    del sys.path[:2]
    for name in ("diffusion_judges", "excess_judge", "mixture_of"):
        sys.modules.pop(name, None)


def judged(judges: ModuleType, draw: Draw, seed: int) -> Any:
    x0 = 2 * torch.randn(N, generator=torch.Generator().manual_seed(seed))
    generator = torch.Generator().manual_seed(seed + 1)
    made = [dict(zip(("x", "theta", "noise"), map(np.asarray, draw(x0, generator)), strict=True)) for _ in range(2)]
    return judges.fresh_examples(made[0], made[1], x0.numpy().astype(float))


def mixed(x0: torch.Tensor, theta: torch.Tensor, noise: torch.Tensor) -> Three:
    return torch.cos(theta) * x0 + torch.sin(theta) * noise, theta, noise


def right(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(x0, torch.rand(N, generator=g) * math.pi / 2, torch.randn(N, generator=g))


def one_angle(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(x0, (torch.rand(1, generator=g) * math.pi / 2).repeat(N), torch.randn(N, generator=g))


def one_noise_vector(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(
        x0, torch.rand(N, generator=g) * math.pi / 2, torch.randn(N, generator=torch.Generator().manual_seed(12345))
    )


def few_noises(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(x0, torch.rand(N, generator=g) * math.pi / 2, torch.randn(256, generator=g).repeat(16)[:N])


def angles_by_ratio(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(x0, torch.asin(torch.rand(N, generator=g)), torch.randn(N, generator=g))


def noise_of_the_data(x0: torch.Tensor, g: torch.Generator) -> Three:
    return mixed(x0, torch.rand(N, generator=g) * math.pi / 2, x0 / 2)


def test_right_examples_pass(judges: ModuleType) -> None:
    assert [judged(judges, right, seed).deviation for seed in range(0, 400, 2)] == [0.0] * 200


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (one_angle, "angle of its own"), (one_noise_vector, "fresh ones"), (few_noises, "noise of its own"),
        (angles_by_ratio, "not uniform"), (noise_of_the_data, "depends on the data"),
    ],
)  # fmt: skip
def test_examples_that_a_trained_network_does_not_betray(judges: ModuleType, draw: Draw, said: str) -> None:
    for seed in range(0, 10, 2):
        found = judged(judges, draw, seed)
        assert found.deviation > 0
        assert said in found.message


def test_values_of_any_kind_are_judged(judges: ModuleType) -> None:
    import excess_judge as excess

    x0 = np.arange(5.0)
    for value in (
        None,
        3,
        "x",
        {},
        {"x": [1.0], "theta": [1.0], "noise": [1.0]},
        {"x": [math.nan] * 5, "theta": [1.0] * 5, "noise": [1.0] * 5},
    ):
        assert judges.fresh_examples(value, value, x0).deviation > 0
    for value in (None, [], {"W1": np.zeros((3, 48))}):
        assert excess.has_learned(value, None).deviation > 0
    zeros = {name: np.zeros(shape) for name, shape in excess.SHAPES.items()}
    assert excess.has_learned(zeros, None).credit == 0
    assert excess.has_learned({**zeros, "b4": np.array([math.inf])}, None).deviation > 0
