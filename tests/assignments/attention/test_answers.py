"""The solutions of "Attention" agree with torch's own functions, closed forms, mpmath and enumeration."""

from __future__ import annotations

import importlib
import itertools
import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import mpmath
import numpy as np
import pytest
import sympy
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "attention", ROOT / "solutions" / "attention"
ALTERNATES = sorted((PRIVATE / "alternates").glob("*.py"))
HELPERS = ("tiny_transformer", "attention_pictures", "attention_oracle")


@pytest.fixture(scope="module", autouse=True)
def helpers() -> Iterator[None]:
    """The public support files and the oracle can be imported, and leave no trace."""
    sys.path[:0] = [str(PUBLIC), str(PRIVATE)]
    yield
    sys.path[:] = [p for p in sys.path if p not in (str(PUBLIC), str(PRIVATE))]
    for name in HELPERS:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module", params=["reference", *(p.stem for p in ALTERNATES)])
def solution(request: pytest.FixtureRequest) -> ModuleType:
    """The reference, and the reference with each alternate on top."""
    return variant("" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text())


def variant(more: str) -> ModuleType:
    """The reference's text with `more` after it, as a module."""
    module = ModuleType("attention_solution")
    exec(compile((PRIVATE / "attention.py").read_text() + "\n" + more, "attention.py", "exec"), module.__dict__)
    return module


def normal(*shape: int, seed: int = 0) -> Tensor:
    """float64 Gaussian numbers."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_softmax_agrees_with_mpmath_for_large_logits(solution: ModuleType) -> None:
    rows = [[1e4, 9990.0, -1e4], [-1e4, -10003.5, -10001.0], [0.1, 0.2, 700.0]]
    mpmath.mp.dps = 50
    for row, got in zip(rows, solution.softmax(torch.tensor(rows, dtype=torch.float64), 1).tolist(), strict=True):
        powers = [mpmath.exp(mpmath.mpf(x)) for x in row]
        for power, value in zip(powers, got, strict=True):
            assert abs(power / sum(powers) - value) < 4e-12  # two ulps of 10⁴, for those who subtract a log-sum-exp


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -2])
def test_softmax_agrees_with_torch_along_every_axis(solution: ModuleType, dim: int) -> None:
    x = normal(3, 5, 7)
    torch.testing.assert_close(solution.softmax(x, dim), torch.softmax(x, dim))


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_the_variance_of_a_dot_product_is_the_width(solution: ModuleType, d: int) -> None:
    law = solution.dot_product_law(d)
    assert sum(law.values()) == 1
    assert law == {2 * k - d: Fraction(math.comb(d, k), 2**d) for k in range(d + 1)}
    assert sum(p * v**2 for v, p in law.items()) == d


def test_entropy_of_equal_scores_is_the_log_of_their_number(solution: ModuleType) -> None:
    entropy = solution.attention_entropy(torch.zeros(2, 7, dtype=torch.float64))
    torch.testing.assert_close(entropy, torch.full((2,), math.log(7), dtype=torch.float64))


@pytest.mark.parametrize("batch", [(), (2,), (2, 3)], ids=["2-d", "3-d", "4-d"])
def test_attention_agrees_with_torch(solution: ModuleType, batch: tuple[int, ...]) -> None:
    q, k, v = normal(*batch, 5, 4), normal(*batch, 7, 4, seed=1), normal(*batch, 7, 6, seed=2)
    masks = [normal(*shape, 5, 7, seed=3) > -0.5 for shape in ((), batch, (*batch[:-1], 1) if batch else ())]
    for mask in masks:
        mask[..., 0] = True
    for seen in (None, *masks):
        expected = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        torch.testing.assert_close(solution.attention(q, k, v, seen)[0], expected)
        identity = torch.eye(7, dtype=q.dtype).expand(*batch, 7, 7)
        weights = nn.functional.scaled_dot_product_attention(q, k, identity, attn_mask=seen)
        torch.testing.assert_close(solution.attention(q, k, v, seen)[1], weights)


def test_causal_attention_agrees_with_torch_for_squares(solution: ModuleType) -> None:
    q, k, v = normal(6, 4), normal(6, 4, seed=1), normal(6, 5, seed=2)
    expected = nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
    torch.testing.assert_close(solution.attention(q, k, v, solution.causal_mask(6, 6))[0], expected)


def test_a_query_that_sees_nothing_gets_zero(solution: ModuleType) -> None:
    output, weights = solution.attention(normal(2, 4), normal(3, 4), normal(3, 5), torch.zeros(2, 3, dtype=torch.bool))
    assert not output.any()
    assert not weights.any()


def test_gradients_by_hand_agree_with_autograd(solution: ModuleType) -> None:
    q, k, v = (x.requires_grad_() for x in (normal(2, 5, 4), normal(2, 7, 4, seed=1), normal(2, 7, 6, seed=2)))
    cotangent, mask = normal(2, 5, 6, seed=3), normal(5, 7, seed=4) > -0.3
    mask[:, 0] = True
    output = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    expected = torch.autograd.grad((output * cotangent).sum(), (q, k, v))
    with torch.no_grad():
        got = solution.attention_vjp(q, k, v, cotangent, mask)
    for a, b in zip(got, expected, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("seen_by", ["all", "causal", "padding", "each head"])
def test_multi_head_attention_agrees_with_torch(solution: ModuleType, seen_by: str) -> None:
    """The mask of `nn.MultiheadAttention` is True where a key is hidden, and flat over batch and heads."""
    width, heads, length = 12, 3, 5 if seen_by == "causal" else 7
    theirs = nn.MultiheadAttention(width, heads, bias=False, batch_first=True, dtype=torch.float64)
    query, key, value = theirs.in_proj_weight.detach().chunk(3)
    weights = {"query": query.T, "key": key.T, "value": value.T, "output": theirs.out_proj.weight.detach().T}
    x, context = normal(2, 5, width), normal(2, length, width, seed=1)
    seen, hidden = None, {}
    if seen_by == "causal":
        seen = solution.causal_mask(5, 5)
        hidden = {"attn_mask": ~seen}
    elif seen_by == "padding":
        seen = (torch.arange(7) < torch.tensor([7, 4])[:, None])[:, None, None]
        hidden = {"key_padding_mask": ~seen[:, 0, 0]}
    elif seen_by == "each head":
        seen = normal(2, heads, 5, 7, seed=4) > -0.4
        seen[..., 1] = True
        hidden = {"attn_mask": ~seen.flatten(0, 1)}
    expected, _ = theirs(x, context, context, need_weights=False, **hidden)
    torch.testing.assert_close(solution.multi_head_attention(x, context, weights, heads, seen), expected.detach())
    assert solution.multi_head_parameters(width, heads, 4, 4) == sum(p.numel() for p in theirs.parameters())


def test_positions_agree_with_mpmath(solution: ModuleType) -> None:
    mpmath.mp.dps = 40
    encoding = solution.sinusoidal(torch.tensor([1999, 3]), 8)
    for row, p in enumerate((1999, 3)):
        for i in range(4):
            angle = p * mpmath.power(10000, mpmath.mpf(-2 * i) / 8)
            assert abs(mpmath.sin(angle) - encoding[row, 2 * i].item()) < 1e-12
            assert abs(mpmath.cos(angle) - encoding[row, 2 * i + 1].item()) < 1e-12


@pytest.mark.parametrize("k", [1, -7, 150])
def test_a_shift_is_a_rotation(solution: ModuleType, k: int) -> None:
    rotation, here = solution.shift_matrix(k, 6), solution.sinusoidal(torch.tensor([40]), 6)[0]
    torch.testing.assert_close(rotation @ here, solution.sinusoidal(torch.tensor([40 + k]), 6)[0])
    torch.testing.assert_close(rotation @ rotation.T, torch.eye(6, dtype=torch.float64))


def test_rotary_scores_depend_on_the_distance_only(solution: ModuleType) -> None:
    q, k = normal(1, 8), normal(1, 8, seed=1)
    scores = [
        (solution.rotary(q, torch.tensor([m])) * solution.rotary(k, torch.tensor([n]))).sum().item()
        for m, n in ((5, 2), (105, 102), (3, 0))
    ]
    assert scores == pytest.approx([scores[0]] * 3)
    turned = solution.rotary(torch.tensor([[1.0, 0.0]], dtype=torch.float64), torch.tensor([1]))
    torch.testing.assert_close(turned, torch.tensor([[math.cos(1), math.sin(1)]], dtype=torch.float64))


@pytest.mark.parametrize("batch", [(), (2,), (2, 3)], ids=["2-d", "3-d", "4-d"])
def test_rotary_agrees_with_complex_numbers_and_with_the_half_split_form(
    solution: ModuleType, batch: tuple[int, ...]
) -> None:
    x, places = normal(*batch, 5, 8), torch.tensor([3, -2, 0, 70_000, 3])
    turns = places[:, None] * 10000.0 ** (-torch.arange(0, 8, 2, dtype=torch.float64) / 8)
    spun = torch.view_as_complex(x.unflatten(-1, (4, 2))) * torch.polar(torch.ones_like(turns), turns)
    torch.testing.assert_close(solution.rotary(x, places), torch.view_as_real(spun).flatten(-2))
    order = torch.tensor([0, 2, 4, 6, 1, 3, 5, 7])  # as models that rotate halves store the same vector
    halves, both = x[..., order], torch.cat((turns, turns), -1)
    turned = halves * both.cos() + torch.cat((-halves[..., 4:], halves[..., :4]), -1) * both.sin()
    torch.testing.assert_close(solution.rotary(x, places)[..., order], turned)


def test_a_float32_model_of_the_reference_stays_float32() -> None:
    solution = variant("")
    model, tokens = solution.LanguageModel(11, 8, 2, 2), torch.tensor([[3, 1, 4, 1]])
    with torch.no_grad():
        logits, (cached, _) = model(tokens), solution.cached_forward(model, tokens, solution.empty_cache(model, 1))
    assert logits.dtype == cached.dtype == torch.float32
    torch.testing.assert_close(logits, cached)


def test_the_block_is_torchs_pre_norm_encoder_layer(solution: ModuleType) -> None:
    theirs = nn.TransformerEncoderLayer(
        12, 3, 48, dropout=0.0, batch_first=True, norm_first=True, dtype=torch.float64
    ).eval()
    ours = solution.Block(12, 3).double()
    nn.init.normal_(theirs.norm1.weight)
    nn.init.normal_(theirs.norm2.bias)
    nn.init.zeros_(theirs.self_attn.in_proj_bias)
    query, key, value = theirs.self_attn.in_proj_weight.chunk(3)
    pairs = [(ours.query.weight, query), (ours.key.weight, key), (ours.value.weight, value),
             (ours.output.weight, theirs.self_attn.out_proj.weight), (ours.up.weight, theirs.linear1.weight),
             (ours.up.bias, theirs.linear1.bias),
             (ours.down.weight, theirs.linear2.weight), (ours.down.bias, theirs.linear2.bias),
             (ours.norm_attention.gain, theirs.norm1.weight), (ours.norm_attention.bias, theirs.norm1.bias),
             (ours.norm_feed.gain, theirs.norm2.weight), (ours.norm_feed.bias, theirs.norm2.bias)]  # fmt: skip
    with torch.no_grad():
        for mine, other in pairs:
            mine.copy_(other)
        x, seen = normal(2, 5, 12), solution.causal_mask(5, 5)
        torch.testing.assert_close(ours(x, seen), theirs(x, src_mask=~seen))


def test_layer_norm_agrees_with_torch(solution: ModuleType) -> None:
    ours, theirs = solution.LayerNorm(7, eps=0.3).double(), nn.LayerNorm(7, eps=0.3, dtype=torch.float64)
    torch.testing.assert_close(ours(normal(2, 3, 7)), theirs(normal(2, 3, 7)))


def test_the_language_model_agrees_with_the_oracle_and_with_its_cache(solution: ModuleType) -> None:
    oracle = importlib.import_module("attention_oracle")
    model = solution.LanguageModel(11, 8, 2, 2).double()
    tokens = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8]])
    with torch.no_grad():
        logits = model(tokens)
        arrays = {name: p.numpy() for name, p in model.state_dict().items()}
        expected = oracle.language_model_logits(arrays, tokens.numpy(), 2, 2)
        np.testing.assert_allclose(logits.numpy(), expected, rtol=1e-10, atol=1e-12)
        for split in range(1, 6):
            first, cache = solution.cached_forward(model, tokens[:, :split], solution.empty_cache(model, 2))
            second, _ = solution.cached_forward(model, tokens[:, split:], cache)
            torch.testing.assert_close(torch.cat((first, second), 1), logits)


@pytest.mark.parametrize("block", [1, 4, 7, 50])
def test_blockwise_attention_agrees_with_torch_for_huge_scores(solution: ModuleType, block: int) -> None:
    q, k, v = 80 * normal(2, 5, 8), 80 * normal(2, 11, 8, seed=1), normal(2, 11, 3, seed=2)
    expected = nn.functional.scaled_dot_product_attention(q, k, v)
    torch.testing.assert_close(solution.blockwise_attention(q, k, v, block), expected)


def meaning(task: str, string: str) -> list[str]:
    """What a task asks for at every symbol of a string, "" where nothing is asked: written as Python would say it."""
    if task == "sort":
        return sorted(string)
    if task == "previous":
        return ["", *string[:-1]]
    return [string[string.rindex(c, 0, i) + 1] if c in string[:i] else "" for i, c in enumerate(string)]


@pytest.mark.parametrize("task", ["previous", "induction", "sort"])
def test_the_oracles_targets_say_what_the_task_means(task: str) -> None:
    oracle = importlib.import_module("attention_oracle")
    targets = {
        "previous": oracle.previous_targets,
        "induction": oracle.induction_targets,
        "sort": oracle.sorted_targets,
    }
    for length in range(1, 6):
        tokens = oracle.strings(length)
        for row, wanted in zip(tokens, targets[task](tokens), strict=True):
            string = "".join("abcd"[t] for t in row[1:])
            assert ["abcd"[t] if t >= 0 else "" for t in wanted[1:]] == meaning(task, string)


@pytest.mark.parametrize("task", ["previous", "induction", "sort"])
def test_programmed_weights_are_right_on_every_string(solution: ModuleType, task: str) -> None:
    tiny = importlib.import_module("tiny_transformer")
    names = {"previous": "previous_token_weights", "induction": "induction_weights", "sort": "sort_weights"}
    weights = getattr(solution, names[task])()
    for length in range(1, 5):
        strings = ["".join(letters) for letters in itertools.product("abcd", repeat=length)]
        tokens = torch.cat([tiny.encode(string) for string in strings])
        best = tiny.forward(weights, tokens, causal=task != "sort")[:, 1:].argmax(-1)
        for string, row in zip(strings, best.tolist(), strict=True):
            got = "".join("abcd"[i] for i in row)
            assert all(w in ("", g) for w, g in zip(meaning(task, string), got, strict=True)), (string, got)


def test_costs_are_those_of_the_model(solution: ModuleType) -> None:
    model = solution.LanguageModel(13, 8, 2, 3)
    assert solution.model_parameters(8, 3, 13) == sum(p.numel() for p in model.parameters())
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model.double()(torch.zeros(2, 5, dtype=torch.int64))
    assert solution.forward_flops(2, 5, 8, 2, 3, 13) == counter.get_total_flops()
    cache = solution.empty_cache(model, 2)
    with torch.no_grad():
        _, cache = solution.cached_forward(model, torch.zeros(2, 4, dtype=torch.int64), cache)
        assert solution.cache_bytes(2, 4, 8, 2, 3, 2, 8) == sum(t.numel() * 8 for pair in cache for t in pair)
        counter = FlopCounterMode(display=False)
        with counter:
            solution.cached_forward(model, torch.zeros(2, 1, dtype=torch.int64), cache)
    assert solution.decode_flops(2, 5, 8, 3, 13) == counter.get_total_flops()
    d = sympy.Symbol("d", positive=True)
    assert sympy.expand(solution.crossover_length(d) - 6 * d) == 0


@pytest.mark.parametrize("decay", [None, 0.0, 0.1])
def test_adam_agrees_with_torch(solution: ModuleType, decay: float | None) -> None:
    """`AdamW` is a shrinking of the parameter by 1 − rate · decay, and then a step of Adam."""
    parameter = normal(4).requires_grad_()
    ours, first, second = parameter.detach().clone(), *torch.zeros(2, 4, dtype=torch.float64)
    settings = {"lr": 0.3, "betas": (0.7, 0.95), "eps": 0.2}
    optimiser = (
        torch.optim.Adam([parameter], **settings)
        if decay is None
        else torch.optim.AdamW([parameter], weight_decay=decay, **settings)
    )
    for step in range(1, 5):
        parameter.grad = normal(4, seed=step)
        optimiser.step()
        shrunk = ours * (1 - 0.3 * (decay or 0.0))
        ours, first, second = solution.adam_step(shrunk, parameter.grad, first, second, step, 0.3, (0.7, 0.95), 0.2)
        torch.testing.assert_close(ours, parameter.detach())


def test_the_loss_agrees_with_torch(solution: ModuleType) -> None:
    logits, tokens = normal(3, 6, 5), torch.arange(18).reshape(3, 6) % 5
    expected = nn.functional.cross_entropy(logits[:, :-1].reshape(15, 5), tokens[:, 1:].reshape(15))
    torch.testing.assert_close(solution.next_token_loss(logits, tokens), expected)
