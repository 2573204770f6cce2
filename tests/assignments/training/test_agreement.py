"""Functions that PyTorch has too agree with its own: optimisers, batch norm, dropout, clipping, schedules."""

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
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR, StepLR

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "training", ROOT / "solutions" / "training"
SHAPES = ((3,), (2, 4), (2, 3, 2))
Step = Callable[[Any, Any, Any], tuple[Any, Any]]


@pytest.fixture(scope="module", params=["reference", *sorted(p.stem for p in (PRIVATE / "alternates").glob("*.py"))])
def solution(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("training_solution")
    sys.path.insert(0, str(PUBLIC))
    exec(compile((PRIVATE / "training.py").read_text() + "\n" + more, "training.py", "exec"), module.__dict__)
    yield module
    sys.path.remove(str(PUBLIC))
    for name in ("training_plots", "training_stream"):
        sys.modules.pop(name, None)


def drawn(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def close(found: Any, wanted: Any, rtol: float = 1e-6) -> None:
    """Float32 alternates agree to six digits, the others to twelve (which `exact` asks for elsewhere)."""
    wanted = wanted.detach().numpy() if isinstance(wanted, torch.Tensor) else np.asarray(wanted)
    np.testing.assert_allclose(np.asarray(found, dtype=float), wanted, rtol=10 * rtol, atol=rtol)


def follows(step: Step, make: Callable[[list[Any]], torch.optim.Optimizer], shape: tuple[int, ...]) -> None:
    """Eight steps with gradients of changing size, one of them None, beside an optimiser of PyTorch."""
    w, state = drawn(1, *shape), None
    leaf = torch.tensor(w, requires_grad=True)
    optimiser = make([leaf])
    for t in range(8):
        g = None if t == 3 else drawn(10 + t, *shape) * 10.0 ** (t % 4 - 2)
        leaf.grad = None if g is None else torch.tensor(g)
        optimiser.step()
        w, state = step(w, g, state)
        close(w, leaf)


@pytest.mark.parametrize("shape", SHAPES)
def test_adagrad(solution: ModuleType, shape: tuple[int, ...]) -> None:
    for lr, eps in ((0.1, 1e-10), (0.3, 0.1)):
        follows(
            lambda w, g, s, lr=lr, eps=eps: solution.adagrad_step(w, g, s, lr, eps),
            lambda p, lr=lr, eps=eps: torch.optim.Adagrad(p, lr=lr, eps=eps), shape,
        )  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_rmsprop(solution: ModuleType, shape: tuple[int, ...]) -> None:
    for lr, decay, eps in ((0.01, 0.99, 1e-8), (0.1, 0.7, 0.2)):
        follows(
            lambda w, g, s, a=(lr, decay, eps): solution.rmsprop_step(w, g, s, *a),
            lambda p, lr=lr, decay=decay, eps=eps: torch.optim.RMSprop(p, lr=lr, alpha=decay, eps=eps), shape,
        )  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_adam_and_adamw(solution: ModuleType, shape: tuple[int, ...]) -> None:
    for lr, betas, eps in ((0.01, (0.9, 0.999), 1e-8), (0.2, (0.6, 0.8), 0.1)):
        follows(
            lambda w, g, s, a=(lr, betas, eps): solution.adam_step(w, g, s, *a),
            lambda p, lr=lr, betas=betas, eps=eps: torch.optim.Adam(p, lr=lr, betas=betas, eps=eps), shape,
        )  # fmt: skip
        for decay in (0.01, 0.5):
            follows(
                lambda w, g, s, a=(lr, betas, eps, decay): solution.adamw_step(w, g, s, *a),
                lambda p, lr=lr, betas=betas, eps=eps, decay=decay: torch.optim.AdamW(
                    p, lr=lr, betas=betas, eps=eps, weight_decay=decay
                ),
                shape,
            )


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_momentum_with_rates_that_change(solution: ModuleType, beta: float) -> None:
    rates = [0.1, 0.1, 0.05, 0.2, 0.01, 0.01]
    leaf = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([leaf], lr=1.0, momentum=beta)
    wanted = [2.0]
    for rate in rates:
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        (3 * leaf**2 / 2 + torch.sin(leaf)).sum().backward()
        optimiser.step()
        wanted.append(leaf.item())
    close(solution.momentum(lambda x: 3 * x + math.cos(x), 2.0, rates, beta), wanted, rtol=1e-12)


@pytest.mark.parametrize(("batch", "features"), [(2, 3), (5, 1), (9, 4)])
def test_batch_norm_forward_backward_and_running(solution: ModuleType, batch: int, features: int) -> None:
    for momentum, eps in ((0.1, 1e-5), (0.6, 0.3)):
        layer = torch.nn.BatchNorm1d(features, eps=eps, momentum=momentum, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(drawn(1, features)))
            layer.bias.copy_(torch.tensor(drawn(2, features)))
        gamma, beta = layer.weight.detach().numpy(), layer.bias.detach().numpy()
        running = np.zeros(features), np.ones(features)
        for seed in (3, 4):
            x, g = drawn(seed, batch, features), drawn(seed + 10, batch, features)
            leaf = torch.tensor(x, requires_grad=True)
            wanted = layer(leaf)
            out, running = solution.batch_norm(x, gamma, beta, running, True, momentum, eps)
            close(out, wanted, rtol=1e-10)
            close(running[0], layer.running_mean, rtol=1e-10)
            close(running[1], layer.running_var, rtol=1e-10)
            layer.zero_grad()
            wanted.backward(torch.tensor(g))
            dx, dgamma, dbeta = solution.batch_norm_backward(x, gamma, g, eps)
            close(dx, leaf.grad)
            close(dgamma, layer.weight.grad)
            close(dbeta, layer.bias.grad)
        layer.eval()
        x = drawn(7, 1, features)
        out, after = solution.batch_norm(x, gamma, beta, running, False, momentum, eps)
        close(out, layer(torch.tensor(x)), rtol=1e-10)
        close(after[0], running[0], rtol=1e-10)


@pytest.mark.parametrize("keep", [0.25, 0.5, 0.9])
def test_dropout(solution: ModuleType, keep: float) -> None:
    x = drawn(1, 40)
    layer = torch.nn.Dropout(1 - keep)
    torch.manual_seed(0)
    wanted = layer(torch.tensor(x))
    close(solution.dropout(x, (wanted.numpy() != 0).astype(float), keep, True), wanted)
    close(solution.dropout(x, np.ones(40), keep, False), layer.eval()(torch.tensor(x)))


@pytest.mark.parametrize("limit", [0.01, 1.0, 100.0])
def test_clipping(solution: ModuleType, limit: float) -> None:
    grads = [drawn(1, 3), None, drawn(2, 2, 4)]
    leaves = [torch.nn.Parameter(torch.zeros(0 if g is None else g.shape, dtype=torch.float64)) for g in grads]
    for leaf, g in zip(leaves, grads, strict=True):
        leaf.grad = None if g is None else torch.tensor(g)
    norm = torch.nn.utils.clip_grad_norm_(leaves, limit)
    found, claimed = solution.clip_by_global_norm(grads, limit)
    close(claimed, norm)
    assert found[1] is None
    for i in (0, 2):
        np.testing.assert_allclose(np.asarray(found[i], dtype=float), leaves[i].grad.numpy(), rtol=2e-4)


def test_schedules(solution: ModuleType) -> None:
    def rates(make: Callable[[torch.optim.Optimizer], Any], steps: int) -> list[float]:
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        scheduler, found = make(optimiser), []
        for _ in range(steps):
            found.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            scheduler.step()
        return found

    def warm(optimiser: torch.optim.Optimizer) -> SequentialLR:
        """LinearLR from 1/5 reaches the peak after four steps; then the cosine begins, one step later than ours."""
        parts = [LinearLR(optimiser, 1 / 5, 1.0, 4), CosineAnnealingLR(optimiser, 15, 0.05)]
        return SequentialLR(optimiser, parts, [5])

    close([solution.step_decay(t, 0.5, 0.3, 4) for t in range(14)], rates(lambda o: StepLR(o, 4, 0.3), 14), rtol=1e-12)
    close([solution.warmup_cosine(t, 5, 20, 0.5, 0.05) for t in range(21)], rates(warm, 21), rtol=1e-12)


def test_squared_error(solution: ModuleType) -> None:
    outputs, targets = torch.tensor(drawn(1, 7)), torch.tensor(drawn(2, 7))
    wanted = torch.nn.functional.mse_loss(outputs, targets).item()
    for o in (outputs, outputs[:, None]):
        for t in (targets, targets[:, None]):
            close(solution.squared_error(o, t), wanted, rtol=1e-12)
