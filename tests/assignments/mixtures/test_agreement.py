"""The reference of "Mixtures" against PyTorch, by enumeration, and autograd for what is derived by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from types import ModuleType

import numpy as np
import pytest
import torch

from tests.assignments.mixtures.modules import reference

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


@pytest.fixture(scope="module")
def right() -> Iterator[ModuleType]:
    with reference() as module:
        yield module


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_pools(right: ModuleType, rng: np.random.Generator) -> None:
    logits = 3 * rng.normal(size=(5, 4, 3))
    p = torch.softmax(torch.tensor(logits), dim=-1)
    np.testing.assert_allclose(right.pool_probabilities(logits), p.mean(0).log(), **CLOSE)
    geometric = p.log().mean(0).exp()
    np.testing.assert_allclose(right.pool_logits(logits), (geometric / geometric.sum(1, keepdim=True)).log(), **CLOSE)
    np.testing.assert_allclose(right.pool_gain(logits), -geometric.sum(1).log(), **CLOSE)


@pytest.mark.parametrize("tau", [0.5, 1.0, 7.0])
def test_distillation(right: ModuleType, rng: np.random.Generator, tau: float) -> None:
    student, teacher = torch.tensor(rng.normal(size=(4, 5)), requires_grad=True), torch.tensor(rng.normal(size=(4, 5)))
    q, p = torch.log_softmax(student / tau, dim=1), torch.softmax(teacher / tau, dim=1)
    loss = tau**2 * torch.nn.functional.kl_div(q, p, reduction="batchmean")
    (gradient,) = torch.autograd.grad(loss, student)
    given = student.detach().numpy(), teacher.numpy()
    assert right.distil_loss(*given, tau) == pytest.approx(loss.item(), rel=1e-9)
    np.testing.assert_allclose(right.distil_gradient(*given, tau), gradient.numpy(), **CLOSE)


def test_routing(right: ModuleType, rng: np.random.Generator) -> None:
    logits = rng.normal(size=(6, 5))
    values, experts = torch.topk(torch.softmax(torch.tensor(logits), dim=1), 3)
    found = right.route(logits, 3)
    np.testing.assert_array_equal(found["experts"], experts)
    np.testing.assert_allclose(found["weights"], values / values.sum(1, keepdim=True), **CLOSE)


@pytest.mark.parametrize("renormalised", [True, False])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_gradient_of_the_router(right: ModuleType, rng: np.random.Generator, k: int, renormalised: bool) -> None:
    z = torch.tensor(rng.normal(size=(5, 4)), requires_grad=True)
    outputs, upstream = rng.normal(size=(5, 4, 3)), rng.normal(size=(5, 3))
    w, chosen = torch.softmax(z, dim=1).topk(k)
    if renormalised:
        w = w / w.sum(1, keepdim=True)
    mixed = (w[..., None] * torch.tensor(outputs)[torch.arange(5)[:, None], chosen]).sum(1)
    (gradient,) = torch.autograd.grad((mixed * torch.tensor(upstream)).sum(), z)
    found = right.router_gradient(z.detach().numpy(), outputs, upstream, k, renormalised)
    np.testing.assert_allclose(found, gradient.numpy(), **CLOSE)


def test_mixture_density(right: ModuleType, rng: np.random.Generator) -> None:
    z, f = (torch.tensor(rng.normal(size=(6, 3)), requires_grad=True) for _ in range(2))
    y = torch.tensor(rng.normal(size=6))
    law = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=z), torch.distributions.Normal(f, 1.0)
    )
    loss = -law.log_prob(y).mean()
    by_z, by_f = torch.autograd.grad(loss, (z, f))
    given = [t.detach().numpy() for t in (z, f, y)]
    assert right.mixture_loss(*given) == pytest.approx(loss.item(), rel=1e-9)
    found = right.mixture_gradients(*given)
    np.testing.assert_allclose(found["logits"], by_z.numpy(), **CLOSE)
    np.testing.assert_allclose(found["f"], by_f.numpy(), **CLOSE)


def test_em_never_makes_the_loss_larger(right: ModuleType, rng: np.random.Generator) -> None:
    y, p, f = 3 * rng.normal(size=40), np.array([0.2, 0.5, 0.3]), rng.normal(size=3)
    losses = []
    for _ in range(20):
        losses.append(right.mixture_loss(np.tile(np.log(p), (40, 1)), np.tile(f, (40, 1)), y))
        p, f = (right.em_step(p, f, y)[name] for name in ("p", "f"))
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(losses))
    assert losses[-1] < losses[0] - 0.1


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_share_of_a_bootstrap_sample_by_enumeration(right: ModuleType, n: int) -> None:
    different = sum(len(set(sample)) for sample in product(range(n), repeat=n))
    assert right.distinct_share(n) == Fraction(different, n * n**n)


def test_variance_and_least_correlation_of_real_members(right: ModuleType) -> None:
    for M in (2, 3, 6):
        rho = right.least_correlation(M)
        covariance = np.full((M, M), float(rho)) + (1 - float(rho)) * np.eye(M)
        eigenvalues = np.linalg.eigvalsh(covariance)
        assert eigenvalues.min() == pytest.approx(0, abs=1e-12)
        assert right.variance_of_mean(Fraction(1), rho, M) == 0
        assert float(right.variance_of_mean(Fraction(2), Fraction(1, 4), M)) == pytest.approx(
            2 * (0.25 * (M * M - M) + M) / M**2
        )


@pytest.mark.parametrize("p", [Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(2, 3), Fraction(4, 5)])
def test_range_of_the_majority_by_all_profiles(right: ModuleType, p: Fraction) -> None:
    """All numbers of right votes among thirty examples; a profile can be made symmetric in the voters."""
    n, votes, found = 30, int(90 * p), []
    for three in range(n + 1):
        for two in range(n + 1 - three):
            one = votes - 3 * three - 2 * two
            if one >= 0 and one + two + three <= n:
                found.append(Fraction(two + three, n))
    assert right.majority_range(p) == {"least": min(found), "most": max(found)}
