"""The copying task of "Attention": its law, its floor, and what a model that ignores the past reaches."""

from __future__ import annotations

import importlib
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[3]
FOLDERS = [str(ROOT / "assignments" / "attention"), str(ROOT / "solutions" / "attention")]


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ModuleType]]:
    """(attention_oracle, tiny_transformer)."""
    sys.path[:0] = FOLDERS
    yield importlib.import_module("attention_oracle"), importlib.import_module("tiny_transformer")
    sys.path[:] = [p for p in sys.path if p not in FOLDERS]
    for name in ("attention_oracle", "tiny_transformer"):
        sys.modules.pop(name, None)


def test_the_exact_probabilities_add_up_to_those_of_all_sequences(modules: tuple[ModuleType, ModuleType]) -> None:
    oracle, _ = modules
    for period in range(4, 9):
        row = np.arange(20)[None] % period
        wanted = 1 / 5
        for k in range(period):
            wanted /= 8 - k
        # The first symbol is not predicted, and the sequence of a period tells which period it was.
        assert math.exp(oracle.best_log_probabilities(row).sum()) / 8 == pytest.approx(wanted)


def test_both_generators_draw_the_same_law(modules: tuple[ModuleType, ModuleType]) -> None:
    oracle, tiny = modules
    ours = oracle.draw_copy_sequences(np.random.default_rng(1), 4000)
    theirs = tiny.draw_sequences(4000, torch.Generator().manual_seed(2)).numpy()
    for tokens in (ours, theirs):
        periods = Counter(int((row == row[0])[1:].argmax()) + 1 for row in tokens)
        assert set(periods) == {4, 5, 6, 7, 8}
        # 4,000 draws with probability 1/5: 5.5 standard deviations are 140.
        assert all(abs(n - 800) < 140 for n in periods.values())
        assert all(abs((tokens[:, 0] == symbol).sum() - 500) < 116 for symbol in range(8))
        assert all(len(set(row[:4])) == 4 for row in tokens)


def test_both_machines_compute_the_same(modules: tuple[ModuleType, ModuleType]) -> None:
    oracle, tiny = modules
    weights = tiny.initial_weights(torch.Generator().manual_seed(3))
    tokens = tiny.draw_sequences(5, torch.Generator().manual_seed(4))
    arrays = tiny.with_parameters(weights, [p.numpy() for p in tiny.parameters(weights)])
    for causal in (True, False):
        logits = tiny.forward(weights, tokens, causal).numpy()
        expected = oracle.transformer_logits(arrays, tokens.numpy(), causal)
        np.testing.assert_allclose(expected, logits, rtol=1e-3, atol=1e-4)


def test_uniform_guesses_lie_far_above_the_floor(modules: tuple[ModuleType, ModuleType]) -> None:
    oracle, tiny = modules
    zeros = [np.zeros(p.shape) for p in tiny.parameters(tiny.initial_weights(torch.Generator().manual_seed(0)))]
    weights = tiny.with_parameters(tiny.initial_weights(torch.Generator().manual_seed(0)), zeros)
    tokens = oracle.draw_copy_sequences(np.random.default_rng(5), 500)
    floor = -oracle.best_log_probabilities(tokens).mean()
    assert oracle.copy_excess(weights, tokens) == pytest.approx(math.log(8) - floor)
    assert floor == pytest.approx(0.475, abs=0.02)


def test_malformed_weights_are_named(modules: tuple[ModuleType, ModuleType]) -> None:
    oracle, tiny = modules
    weights = tiny.initial_weights(torch.Generator().manual_seed(0))
    good = tiny.with_parameters(weights, [p.numpy() for p in tiny.parameters(weights)])
    assert oracle.malformed(good, 8, 20, 8) == ""
    faults = {
        "not a dict": [1, 2],
        "unembed does not have the shape": {**good, "unembed": np.zeros((3, 3))},
        "position has entries that are not finite": {**good, "position": np.full((20, 32), np.nan)},
        "layers is not a list": {**good, "layers": []},
        "keys qk and ov": {**good, "layers": [[{"qk": np.zeros((32, 32))}]]},
        "embed is not a matrix": {**good, "embed": np.zeros((8, 1000))},
    }
    for message, weights in faults.items():
        assert message in oracle.malformed(weights, 8, 20, 8)
