"""Functions that PyTorch has too agree with its own, for small, large and batched inputs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "backprop", ROOT / "solutions" / "backprop"
SCALES = (1e-3, 1.0, 30.0, 1e4)
SHAPES = ((5,), (3, 7), (2, 3, 4))


@pytest.fixture(scope="module", params=["reference", *sorted(p.stem for p in (PRIVATE / "alternates").glob("*.py"))])
def solution(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("backprop_solution")
    sys.path.insert(0, str(PUBLIC))
    exec(compile((PRIVATE / "backprop.py").read_text() + "\n" + more, "backprop.py", "exec"), module.__dict__)
    yield module
    sys.path.remove(str(PUBLIC))
    for name in [n for n in sys.modules if n.startswith("backprop_")]:
        sys.modules.pop(name)


def close(found: Any, wanted: torch.Tensor, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), wanted.detach().numpy(), rtol=rtol, atol=1e-14)


def drawn(seed: int, shape: tuple[int, ...], scale: float = 1.0) -> Any:
    return np.random.default_rng(seed).normal(size=shape) * scale


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("shape", SHAPES)
def test_softmax_and_log_sum_exp(solution: ModuleType, shape: tuple[int, ...], scale: float) -> None:
    z, g = drawn(1, shape, scale), drawn(2, shape)
    leaf = torch.tensor(z, requires_grad=True)
    out, vjp = solution.op_softmax(z)
    wanted = F.softmax(leaf, dim=-1)
    close(out, wanted)
    close(vjp(g)[0], torch.autograd.grad(wanted, leaf, torch.tensor(g))[0], rtol=1e-9)
    close(solution.log_sum_exp(z), torch.logsumexp(torch.tensor(z), dim=-1))
    out, vjp = solution.op_log_sum_exp(z)
    summed = torch.logsumexp(leaf, dim=-1)
    close(out, summed)
    along = drawn(3, shape[:-1])
    close(vjp(np.asarray(along))[0], torch.autograd.grad(summed, leaf, torch.tensor(along))[0], rtol=1e-9)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("m", "k"), [(1, 2), (4, 3), (9, 10)])
def test_losses(solution: ModuleType, m: int, k: int, scale: float) -> None:
    rng = np.random.default_rng(m * k)
    Z, labels, target = drawn(4, (m, k), scale), rng.integers(k, size=m), drawn(5, (m, k))
    close(solution.softmax_cross_entropy(Z, labels), F.cross_entropy(torch.tensor(Z), torch.tensor(labels)))
    y = rng.integers(2, size=m).astype(float)
    wanted = F.binary_cross_entropy_with_logits(torch.tensor(Z[:, 0]), torch.tensor(y))
    close(solution.binary_cross_entropy(Z[:, 0], y), wanted)
    close(solution.mean_squared_error(Z, target), F.mse_loss(torch.tensor(Z), torch.tensor(target)))


@pytest.mark.parametrize("scale", SCALES)
def test_activations(solution: ModuleType, scale: float) -> None:
    z = drawn(6, (3, 5), scale)
    close(solution.sigmoid(z), torch.sigmoid(torch.tensor(z)))
    np.testing.assert_allclose(solution.tanh(z), np.tanh(z), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(np.asarray(solution.relu(z), dtype=float), np.maximum(z, 0), rtol=1e-6)


def test_layer_norm_matmul_embedding_and_maximum(solution: ModuleType) -> None:
    x, gamma, beta = drawn(7, (4, 6), 3.0), drawn(8, (6,)), drawn(9, (6,))
    wanted = F.layer_norm(torch.tensor(x), (6,), torch.tensor(gamma), torch.tensor(beta), 1e-5)
    close(solution.op_layer_norm(x, gamma, beta, 1e-5)[0], wanted, rtol=1e-11)
    close(solution.op_matmul(x, x.T)[0], torch.tensor(x) @ torch.tensor(x).mT)
    ids = np.array([[3, 1], [1, 0]])
    close(solution.op_embedding(x, ids)[0], F.embedding(torch.tensor(ids), torch.tensor(x)))
    close(solution.op_max(x)[0], torch.tensor(x).amax(-1))


def test_descent_takes_the_steps_of_torchs_sgd(solution: ModuleType) -> None:
    Z, y = drawn(10, (12, 3)), np.random.default_rng(11).integers(2, size=12).astype(float)
    w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser, losses = torch.optim.SGD([w, b], lr=0.7), []
    for _ in range(6):
        optimiser.zero_grad()
        loss = F.binary_cross_entropy_with_logits(torch.tensor(Z) @ w + b, torch.tensor(y))
        loss.backward()
        losses.append(loss.detach())
        optimiser.step()
    found_w, found_b, found = solution.descend(Z, y, 0.7, 6)
    close(found_w, w)
    close(found_b, b)
    close(list(found), torch.stack(losses))
