"""Functions that PyTorch can compute in its own way agree with it: scores, responsibilities, best guesses, flows."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "diffusion", ROOT / "solutions" / "diffusion"
MIXTURES = (([1.0], [0.3], [0.5]), ([0.5, 0.3, 0.2], [-2.0, 0.5, 2.5], [0.3, 0.5, 0.2]))


@pytest.fixture(scope="module", params=["reference", *sorted(p.stem for p in (PRIVATE / "alternates").glob("*.py"))])
def solution(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("diffusion_solution")
    sys.path.insert(0, str(PUBLIC))
    exec(compile((PRIVATE / "diffusion.py").read_text() + "\n" + more, "diffusion.py", "exec"), module.__dict__)
    yield module
    sys.path.remove(str(PUBLIC))
    for name in ("diffusion_plots", "diffusion_stream"):
        sys.modules.pop(name, None)


def close(found: Any, wanted: Any, rtol: float = 1e-6) -> None:
    """Float32 alternates agree to six digits."""
    wanted = wanted.detach().numpy() if isinstance(wanted, torch.Tensor) else np.asarray(wanted)
    np.testing.assert_allclose(np.asarray(found, dtype=float), wanted, rtol=10 * rtol, atol=rtol)


def noised(theta: float, weights: list[float], means: list[float], stds: list[float]) -> MixtureSameFamily:
    """The distribution of x_t."""
    w, m, s = (torch.tensor(v, dtype=torch.float64) for v in (weights, means, stds))
    spread = ((math.cos(theta) * s) ** 2 + math.sin(theta) ** 2).sqrt()
    return MixtureSameFamily(Categorical(w), Normal(math.cos(theta) * m, spread))


@pytest.mark.parametrize("mixture", MIXTURES)
@pytest.mark.parametrize("theta", [0.1, 0.8, 1.5])
def test_scores_are_gradients(solution: ModuleType, mixture: Any, theta: float) -> None:
    x = torch.linspace(-3, 3, 9, dtype=torch.float64, requires_grad=True)
    law = noised(theta, *mixture)
    (slope,) = torch.autograd.grad(law.log_prob(x).sum(), x)
    points = x.detach().numpy()
    close(solution.score(points, theta, *mixture), slope)
    close(solution.bayes_noise(points, theta, *mixture), -math.sin(theta) * slope)
    parts = law.component_distribution.log_prob(x[:, None]) + law.mixture_distribution.logits
    close(solution.responsibilities(points, theta, *mixture), torch.softmax(parts, dim=1))


@pytest.mark.parametrize("d", [1, 3])
def test_the_best_guess_among_points(solution: ModuleType, d: int) -> None:
    """Σ p x over the points is the slope of a log-sum-exp."""
    rng = np.random.default_rng(d)
    data, x, theta = rng.standard_normal((6, d)), rng.standard_normal((4, d)), 0.7
    leaf, points = torch.tensor(x, requires_grad=True), torch.tensor(data)
    logs = -((leaf[:, None] - math.cos(theta) * points) ** 2).sum(-1) / (2 * math.sin(theta) ** 2)
    (slope,) = torch.autograd.grad(torch.logsumexp(logs, dim=1).sum(), leaf)
    wanted = (leaf + math.sin(theta) ** 2 * slope) / math.cos(theta)
    close(solution.optimal_data(x, theta, data), wanted)


def test_the_velocity_is_the_speed_of_the_flow(solution: ModuleType) -> None:
    z, m, s = np.linspace(-2, 2, 7), 1.3, 0.6
    for t in (0.0, 0.3, 0.9):
        time = torch.tensor(t, dtype=torch.float64, requires_grad=True)
        path = time * m + ((1 - time) ** 2 + time**2 * s**2).sqrt() * torch.tensor(z)
        speed = torch.stack([torch.autograd.grad(place, time, retain_graph=True)[0] for place in path])
        close(solution.exact_path(z, t, m, s), path)
        close(solution.velocity(path.detach().numpy(), t, m, s), speed)


@pytest.mark.parametrize("kind", ["noise", "data", "velocity"])
def test_the_three_targets(solution: ModuleType, kind: str) -> None:
    alpha, sigma, rng = 0.8, 0.6, np.random.default_rng(0)
    data, noise = rng.standard_normal((2, 4, 3))
    wanted = {"noise": noise, "data": data, "velocity": alpha * noise - sigma * data}
    found = solution.all_three(alpha * data + sigma * noise, wanted[kind], kind, alpha, sigma)
    for name, value in wanted.items():
        close(found[name], value)


def test_entropy_is_that_of_a_categorical(solution: ModuleType) -> None:
    chances = [0.1, 0.2, 0.3, 0.4]
    wanted = Categorical(torch.tensor(chances, dtype=torch.float64)).entropy().item()
    close(solution.entropy([-1.0, 0.5, 2.0, 3.0], chances), wanted, rtol=1e-10)
    close(
        solution.entropy([-1.0, 0.5, 2.0, 0.5], [0.1, 0.2, 0.5, 0.2]),
        solution.entropy([0.0, 1.0, 2.0], [0.1, 0.4, 0.5]),
    )


def test_training_goes_towards_the_best_denoiser(solution: ModuleType) -> None:
    """A tenth of the budget, on the practice stream: a third of the error of answering 0, or less."""
    import diffusion_stream as stream

    torch.manual_seed(0)
    weights = solution.train(stream.batches(200), 200)
    start = {name: torch.zeros(shape) for name, shape in solution.SHAPES.items()}
    assert stream.excess(weights, solution.predict, 20) < stream.excess(start, solution.predict, 20) / 3
