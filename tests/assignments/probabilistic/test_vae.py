"""The trained VAE: its judge is exact, its floor can be reached, and two different mistakes end in the same place."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "probabilistic", ROOT / "solutions" / "probabilistic"


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ModuleType, ModuleType, ModuleType]]:
    """The reference, the judges, the source of the grader and that of the handout."""
    module = ModuleType("probabilistic_solution")
    sys.path[:0] = [str(PUBLIC), str(PRIVATE), str(PRIVATE / "cases")]
    exec(compile((PRIVATE / "probabilistic.py").read_text(), "probabilistic.py", "exec"), module.__dict__)
    import latent_stream
    import source
    import vae_judge

    yield module, vae_judge, source, latent_stream
    del sys.path[:3]
    for name in ("probabilistic_plots", "vae_judge", "source", "latent_stream"):
        sys.modules.pop(name, None)


def best(source: Any) -> dict[str, Any]:
    """The optimum by eigenvectors of the true covariance."""
    values, vectors = np.linalg.eigh(source.covariance())
    W = vectors[:, 4:] * np.sqrt(values[4:] - source.NOISE)
    precision = np.eye(2) + W.T @ W / source.NOISE
    A = np.linalg.solve(precision, W.T / source.NOISE)
    mean = np.array(source.MEAN)
    s = np.array(math.log(source.NOISE) / 2)
    return {"A": A, "a": -A @ mean, "v": -np.log(np.diag(precision)), "W": W, "b": mean, "s": s}


def test_the_floor_is_reached_and_is_a_floor(modules: tuple[Any, ...]) -> None:
    _, judges, source, stream = modules
    assert judges.excess_of(best(source)) == pytest.approx(0, abs=1e-9)
    assert stream.excess(best(stream)) == pytest.approx(0, abs=1e-9)
    rng = np.random.default_rng(0)
    for _ in range(200):
        moved = {k: v + 0.1 * rng.standard_normal(np.shape(v)) for k, v in best(source).items()}
        assert judges.excess_of(moved) > 0


def test_the_closed_form_is_the_mean_of_the_loss(modules: tuple[Any, ...]) -> None:
    import torch

    reference, judges, source, _ = modules
    rng = np.random.default_rng(2)
    weights = {k: v + 0.05 * rng.standard_normal(np.shape(v)) for k, v in best(source).items()}
    x = rng.standard_normal((400_000, 2)) @ np.array(source.INTO).T + 0.5 * rng.standard_normal((400_000, 6))
    tensors = {k: torch.tensor(v) for k, v in weights.items()}
    eps = torch.tensor(rng.standard_normal((400_000, 2)))
    loss = reference.vae_loss(torch.tensor(x + np.array(source.MEAN)), tensors, eps).item()
    entropy = (6 * math.log(2 * math.pi * math.e) + np.linalg.slogdet(source.covariance())[1]) / 2
    assert loss - entropy == pytest.approx(judges.excess_of(weights), abs=0.02)


def test_two_mistakes_and_one_end(modules: tuple[Any, ...]) -> None:
    """What falls asleep leaves the best model without latents: its excess has a closed form."""
    _, judges, source, _ = modules
    variance = np.trace(source.covariance()) / 6
    s = np.array(math.log(variance) / 2)
    zeros = {"A": np.zeros((2, 6)), "a": np.zeros(2), "v": np.zeros(2), "W": np.zeros((6, 2)), "s": s}
    excess = judges.excess_of({**zeros, "b": np.array(source.MEAN)})
    entropy = (6 * math.log(2 * math.pi * math.e) + np.linalg.slogdet(source.covariance())[1]) / 2
    assert excess == pytest.approx(3 * math.log(2 * math.pi * math.e * variance) - entropy, abs=1e-9)


def test_a_short_training_comes_nearer(modules: tuple[Any, ...]) -> None:
    reference, _, _, stream = modules
    found = [stream.excess(reference.train(stream.batches(steps), steps)) for steps in (20, 400)]
    assert found[1] < found[0] / 3


@pytest.mark.parametrize("broken", [None, {}, {"A": [[math.nan] * 6] * 2}, {"A": "text"}])
def test_what_is_no_vae_is_refused(modules: tuple[Any, ...], broken: Any) -> None:
    _, judges, source, _ = modules
    outputs = broken if not broken else {**best(source), **broken}
    assert judges.has_learned(outputs, None).deviation == math.inf
    assert judges.has_learned({**best(source), "s": 0.0}, None).deviation in (0.0, math.inf)
