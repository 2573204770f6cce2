"""The reference of "Sequences" against PyTorch: cells, embedding, clipping, autograd for what is derived by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
import torch

from tests.assignments.sequences.modules import reference

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


@pytest.fixture(scope="module")
def right() -> Iterator[ModuleType]:
    with reference() as module:
        yield module


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def tensors(*arrays: np.ndarray) -> list[torch.Tensor]:
    return [torch.tensor(a, requires_grad=True) for a in arrays]


@pytest.mark.parametrize("padding", [None, 0, 3])
def test_embedding_and_its_gradient(right: ModuleType, rng: np.random.Generator, padding: int | None) -> None:
    table, ids, upstream = rng.normal(size=(6, 4)), rng.integers(6, size=(3, 5)), rng.normal(size=(3, 5, 4))
    layer = torch.nn.Embedding(6, 4, padding_idx=padding, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(table))
    out = layer(torch.tensor(ids))
    (out * torch.tensor(upstream)).sum().backward()
    np.testing.assert_array_equal(right.embed(table, ids), out.detach().numpy())
    np.testing.assert_array_equal(right.one_hot(ids, 6) @ table, out.detach().numpy())
    assert layer.weight.grad is not None
    np.testing.assert_allclose(right.embedding_gradient(upstream, ids, 6, padding), layer.weight.grad.numpy(), **CLOSE)


def cell(rng: np.random.Generator, kind: type[torch.nn.RNNBase], d: int = 3, n: int = 4) -> torch.nn.RNNBase:
    """A layer of PyTorch's in float64 with random weights, batch first."""
    torch.manual_seed(int(rng.integers(10**6)))
    return kind(d, n, batch_first=True, dtype=torch.float64)  # type: ignore[call-arg]


def arrays(layer: torch.nn.RNNBase) -> list[np.ndarray]:
    return [p.detach().numpy() for p in layer.parameters()]


def test_all_states_of_a_network(right: ModuleType, rng: np.random.Generator) -> None:
    layer, X, h0 = cell(rng, torch.nn.RNN), rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 4))
    w_ih, w_hh, b_ih, b_hh = arrays(layer)
    expected = layer(torch.tensor(X), torch.tensor(h0)[None])[0].detach().numpy()
    np.testing.assert_allclose(right.rnn(X, h0, w_ih.T, w_hh.T, b_ih + b_hh), expected, **CLOSE)
    assert right.parameter_count(3, 4, 5) == sum(p.numel() for p in layer.parameters()) - 4  # PyTorch has a second bias


def test_steps_of_an_lstm(right: ModuleType, rng: np.random.Generator) -> None:
    layer, X, h, c = (
        cell(rng, torch.nn.LSTM),
        rng.normal(size=(2, 6, 3)),
        rng.normal(size=(2, 4)),
        rng.normal(size=(2, 4)),
    )
    w_ih, w_hh, b_ih, b_hh = arrays(layer)
    expected, (_, last) = layer(torch.tensor(X), (torch.tensor(h)[None], torch.tensor(c)[None]))
    for t in range(6):
        h, c = right.lstm_step(X[:, t], h, c, w_ih.T, w_hh.T, b_ih + b_hh)
        np.testing.assert_allclose(h, expected[:, t].detach().numpy(), **CLOSE)
    np.testing.assert_allclose(c, last[0].detach().numpy(), **CLOSE)


def test_a_gru_by_ported_weights_and_the_other_convention_by_the_same(
    right: ModuleType, rng: np.random.Generator
) -> None:
    layer, X, h = cell(rng, torch.nn.GRU), rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 4))
    weights = right.port_gru(*arrays(layer))
    expected = layer(torch.tensor(X), torch.tensor(h)[None])[0].detach().numpy()
    other = h
    for t in range(6):
        h = right.gru_step(X[:, t], h, weights["W"], weights["U"], weights["b"], weights["b_state"], False)
        other = right.gru_step(X[:, t], other, weights["W"], weights["U"], weights["b"], weights["b_state"], True)
        np.testing.assert_allclose(h, expected[:, t], **CLOSE)
    assert np.abs(other - h).max() > 1e-3


@pytest.mark.parametrize("chunk", [None, 1, 2, 3, 7])
def test_gradients_of_the_cell_and_of_detached_chunks(
    right: ModuleType, rng: np.random.Generator, chunk: int | None
) -> None:
    X, h0, Wx, Wh, b = tensors(*(rng.normal(size=s) for s in ((2, 7, 3), (2, 4), (3, 4), (4, 4), (4,))))
    upstream, states, h = torch.tensor(rng.normal(size=(2, 7, 4))), [], h0
    for t in range(7):
        if chunk and t and t % chunk == 0:
            h = h.detach()
        h = torch.tanh(X[:, t] @ Wx + h @ Wh + b)
        states.append(h)
    stacked = torch.stack(states, 1)
    expected = torch.autograd.grad((stacked * upstream).sum(), (X, h0, Wx, Wh, b))
    inputs = [a.detach().numpy() for a in (X, h0, Wx, Wh, stacked)]
    found = right.rnn_gradient(*inputs, upstream.numpy(), chunk)
    for name, value in zip(("X", "h0", "Wx", "Wh", "b"), expected, strict=True):
        np.testing.assert_allclose(found[name], value.numpy(), err_msg=name, **CLOSE)


@pytest.mark.parametrize("limit", [0.1, 5.0, 1e3])
def test_clipping_but_for_the_millionth_that_pytorch_adds(
    right: ModuleType, rng: np.random.Generator, limit: float
) -> None:
    gradients = [rng.normal(size=(3, 2)), rng.normal(size=(5,))]
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_(parameters, limit)
    for found, parameter in zip(right.clip(gradients, limit), parameters, strict=True):
        assert parameter.grad is not None
        np.testing.assert_allclose(found, parameter.grad.numpy(), rtol=1e-6)


def test_a_larger_weight_made_the_gradient_vanish(right: ModuleType) -> None:
    h0 = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    h = h0
    for _ in range(30):
        h = torch.tanh(2 * h)
    (slope,) = torch.autograd.grad(h, h0)
    assert right.log_gradient(2.0, 0.5, 30) == pytest.approx(math.log(slope.item()), rel=1e-9)
    assert slope.item() == pytest.approx(5.6e-23, rel=0.01)


@pytest.mark.parametrize("steps", [1, 2, 8])
def test_the_cell_along_all_paths(right: ModuleType, rng: np.random.Generator, steps: int) -> None:
    inputs, U, h0 = rng.normal(size=(steps, 4)), rng.normal(size=4), 0.4
    start = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    c, h, highway = start, torch.tensor(h0, dtype=torch.float64), 1.0
    for row in inputs:
        z = torch.tensor(row) + torch.tensor(U) * h
        i, f, g, o = torch.sigmoid(z[0]), torch.sigmoid(z[1]), torch.tanh(z[2]), torch.sigmoid(z[3])
        c = f * c + i * g
        h, highway = o * torch.tanh(c), highway * f.item()
    found = right.cell_gradient(0.3, h0, inputs, U)
    assert found["all_paths"] == pytest.approx(torch.autograd.grad(c, start)[0].item(), rel=1e-9)
    assert found["highway"] == pytest.approx(highway, rel=1e-9)


def test_a_bidirectional_layer_of_packed_sequences(right: ModuleType, rng: np.random.Generator) -> None:
    torch.manual_seed(3)
    layer = torch.nn.RNN(3, 4, batch_first=True, bidirectional=True, dtype=torch.float64)
    X, lengths = rng.normal(size=(3, 6, 3)), np.array([6, 2, 4])
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(X), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    expected, _ = torch.nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True)
    weights = arrays(layer)

    def cell_of(parts: list[np.ndarray]):  # type: ignore[no-untyped-def]
        w_ih, w_hh, b_ih, b_hh = parts
        return lambda X: right.rnn(X, np.zeros((len(X), 4)), w_ih.T, w_hh.T, b_ih + b_hh)

    found = right.both_ways(X, lengths, cell_of(weights[:4]), cell_of(weights[4:]))
    np.testing.assert_allclose(found, expected.detach().numpy(), **CLOSE)


def test_perplexity_of_a_uniform_model(right: ModuleType) -> None:
    losses, lengths = np.full((2, 5), math.log(24)), np.array([5, 2])
    losses[1, 2:] = math.nan
    assert right.perplexity(losses, lengths) == pytest.approx(24)
