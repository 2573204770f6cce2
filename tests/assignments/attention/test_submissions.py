"""Right answers to `attention` in other forms lose nothing; shortcuts earn nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.worker.uses import Text, index_of
from tests.assignments.sitting import Sitting, programs, sitting

PROGRAMS = programs(Path(__file__).with_name("programs.toml"))


@pytest.fixture(scope="module")
def attention() -> Iterator[Sitting]:
    with sitting("attention") as made:
        yield made


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_loses_what_it_should_and_nothing_else(name: str, attention: Sitting) -> None:
    code, loses = PROGRAMS[name]
    assert set(attention.lost(code)) == set(loses)


UNWRITTEN = """
def scaled_scores(queries, keys):
    raise NotImplementedError("write scaled_scores")
"""


def test_a_wrong_scale_costs_where_it_was_made(attention: Sitting) -> None:
    """A quarter of the question's own points at most is lost elsewhere, also by a function that raises."""
    for code in ("def scaled_scores(queries, keys):\n    return queries @ keys.mT / queries.shape[-1]\n", UNWRITTEN):
        lost = {q.question: q.max_points - q.points for q in attention.grade(code).questions}
        assert lost.pop("similarity") == 2
        assert sum(lost.values()) <= 2


IN_PLACE = {
    ("softmax", "x"): """
def softmax(x, dim):
    x -= x.amax(dim, keepdim=True)
    e = torch.exp(x)
    return e / e.sum(dim, keepdim=True)
""",
    ("attention", "mask"): """
def attention(queries, keys, values, mask=None):
    nothing = torch.zeros(()).bool() if mask is None else ~mask.any(-1, keepdim=True)
    if mask is not None:
        mask |= nothing
    scores = scaled_scores(queries, keys)
    weights = softmax(scores if mask is None else scores.masked_fill(~mask, -math.inf), -1).masked_fill(nothing, 0.0)
    return weights @ values, weights
""",
    ("softmax_vjp", "cotangent"): """
def softmax_vjp(weights, cotangent):
    cotangent -= (weights * cotangent).sum(-1, keepdim=True)
    return weights * cotangent
""",
    ("cached_forward", "cache"): """
_cached = cached_forward


def cached_forward(model, tokens, cache):
    logits, longer = _cached(model, tokens, list(cache))
    cache[:] = longer
    return logits, cache
""",
}


@pytest.mark.parametrize("function", IN_PLACE, ids=lambda f: f[0])
def test_what_is_changed_in_place_is_told_by_name(function: tuple[str, str], attention: Sitting) -> None:
    lost = attention.lost(IN_PLACE[function])
    assert any(f"`{function[0]}` changed its argument `{function[1]}`" in message for message in lost.values()), lost
    assert all("changed its argument" in message for message in lost.values()), lost


AUTOGRAD = (
    "torch.func.grad(lambda s: (softmax(s, -1) * cotangent).sum())(weights.log())",
    "torch.func.grad_and_value(lambda s: (softmax(s, -1) * cotangent).sum())(weights.log())[0]",
    "torch.func.jvp(lambda s: softmax(s, -1), (weights.log(),), (cotangent,))[1]",
    "torch.autograd.functional.jvp(lambda s: softmax(s, -1), weights.log(), cotangent)[1]",
    "torch.autograd.functional.hessian(lambda s: torch.logsumexp(s, -1), weights.log()) @ cotangent",
    "torch.func.linearize(lambda s: softmax(s, -1), weights.log())[1](cotangent)",
    "torch.func.vjp(lambda s: softmax(s, -1), weights.log())[1](cotangent)[0]",
    "torch.autograd.forward_ad.unpack_dual(weights).tangent",
)


def found(attention: Sitting, body: str) -> list[str]:
    question = attention.source.spec.question("attention_gradient")
    text = f"import torch\n\n\ndef softmax_vjp(weights, cotangent):\n    return {body}\n"
    return find_forbidden(index_of([Text("attention.py", text)]), {"softmax_vjp"}, question.forbidden_names)


@pytest.mark.parametrize("body", AUTOGRAD)
def test_automatic_differentiation_in_any_direction_is_found(body: str, attention: Sitting) -> None:
    assert found(attention, body)


def test_switching_gradients_off_is_no_differentiation(attention: Sitting) -> None:
    text = (
        "import torch\n\n\n@torch.no_grad()\ndef softmax_vjp(weights, cotangent):\n"
        "    with torch.no_grad():\n        w = weights.detach().requires_grad_(False)\n"
        "        return w * (cotangent - (w * cotangent).sum(-1, keepdim=True))\n"
    )
    question = attention.source.spec.question("attention_gradient")
    assert find_forbidden(index_of([Text("attention.py", text)]), {"softmax_vjp"}, question.forbidden_names) == []
