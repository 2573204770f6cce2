"""Functions that PyTorch has too agree with its own: divergences, mixtures, Bernoulli factors, transforms, the ELBO."""

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
from torch import distributions as d

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "probabilistic", ROOT / "solutions" / "probabilistic"
FLOAT32 = "single_precision"


@pytest.fixture(scope="module", params=["reference", *sorted(p.stem for p in (PRIVATE / "alternates").glob("*.py"))])
def solution(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("probabilistic_solution")
    sys.path.insert(0, str(PUBLIC))
    text = (PRIVATE / "probabilistic.py").read_text() + "\n" + more
    exec(compile(text, "probabilistic.py", "exec"), module.__dict__)
    module.__dict__["tolerance"] = 1e-5 if request.param == FLOAT32 else 1e-9
    yield module
    sys.path.remove(str(PUBLIC))
    sys.modules.pop("probabilistic_plots", None)


def drawn(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def spd(seed: int, k: int) -> Any:
    A = drawn(seed, k, k)
    return A @ A.T + 0.5 * np.eye(k)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_kl_of_gaussians(solution: ModuleType, k: int) -> None:
    m1, m2, c1, c2 = drawn(1, k), drawn(2, k), spd(3, k), spd(4, k)
    p, q = (d.MultivariateNormal(torch.tensor(m), torch.tensor(c)) for m, c in ((m1, c1), (m2, c2)))
    assert float(solution.kl_gaussians(m1, c1, m2, c2)) == pytest.approx(d.kl_divergence(p, q).item(), rel=1e-9)


def test_kl_formula(solution: ModuleType) -> None:
    wanted = d.kl_divergence(d.Normal(0.3, 0.7), d.Normal(-1.1, 1.9)).item()
    assert float(solution.kl_formula(0.3, 0.7, -1.1, 1.9)) == pytest.approx(wanted, rel=1e-6)


def test_factors(solution: ModuleType) -> None:
    W, b, x = drawn(1, 5, 5), drawn(2, 5), np.array([1.0, 0, 1, 1, 0])
    mask = np.asarray(solution.order_mask([2, 0, 4, 1, 3]), dtype=float)
    logits = torch.tensor((W * mask) @ x + b)
    wanted = -torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(x), reduction="sum").item()
    assert float(solution.log_prob(x, W, b, mask)) == pytest.approx(wanted, rel=solution.tolerance)


def test_mixtures(solution: ModuleType) -> None:
    weights, means, deviations = np.array([0.2, 0.5, 0.3]), drawn(1, 3), np.array([0.4, 1.0, 2.5])
    mixture = d.MixtureSameFamily(
        d.Categorical(torch.tensor(weights)), d.Normal(torch.tensor(means), torch.tensor(deviations))
    )
    data = 3 * drawn(2, 7)
    found = solution.mixture_log_likelihood(data, weights, means, deviations)
    assert float(found) == pytest.approx(mixture.log_prob(torch.tensor(data)).sum().item(), rel=1e-9)


def test_a_flow(solution: ModuleType) -> None:
    """One layer whose scale and shift are constant is an affine transform."""
    x = drawn(1, 6, 2)
    found = solution.flow_log_prob(x, [(lambda a: 0 * a + 1.5, lambda a: 0 * a - 0.4)])
    base = d.Normal(torch.zeros(2).double(), torch.ones(2).double())
    scale = torch.tensor([1.0, math.exp(-0.4)]).double()
    moved = d.TransformedDistribution(base, [d.AffineTransform(torch.tensor([0.0, 1.5]).double(), scale)])
    np.testing.assert_allclose(np.asarray(found), moved.log_prob(torch.tensor(x)).sum(1).numpy(), rtol=1e-6)


def test_elbo_of_a_vae(solution: ModuleType) -> None:
    weights = {
        name: torch.tensor(drawn(i, *shape))
        for i, (name, shape) in enumerate({"A": (2, 6), "a": (2,), "v": (2,), "W": (6, 2), "b": (6,), "s": ()}.items())
    }
    x, eps = torch.tensor(drawn(7, 5, 6)), torch.tensor(drawn(8, 5, 2))
    q = d.Normal(x @ weights["A"].T + weights["a"], torch.exp(weights["v"] / 2).expand(5, 2))
    z = q.loc + q.scale * eps
    rebuilt = d.Normal(z @ weights["W"].T + weights["b"], torch.exp(weights["s"])).log_prob(x).sum(1)
    prior = d.Normal(torch.zeros(5, 2).double(), torch.ones(5, 2).double())
    wanted = (d.kl_divergence(q, prior).sum(1) - rebuilt).mean().item()
    assert solution.vae_loss(x, weights, eps).item() == pytest.approx(wanted, rel=1e-9)
