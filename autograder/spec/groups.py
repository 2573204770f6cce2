"""Groups of library functions that do a question's work: one name in `forbidden` for all of them.

A member is a function that gives the group's answer, or that runs its operator. The lists are kept by a test that
calls every public function of torch and NumPy (and of SciPy where it is installed) on sample inputs
(tests/spec/test_groups.py, last run with torch 2.13.0 and NumPy 2.4.6); what it finds and is not here is added here.
Not covered by that test: `autograd` and `numerical_differences`, which are modules and lists written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PREFIX = "group:"


@dataclass(frozen=True)
class Group:
    """The words for a student, and the members as dotted names; a module's name stands for all in it."""

    says: str
    names: tuple[str, ...]


def _of(root: str, names: str) -> tuple[str, ...]:
    return tuple(f"{root}.{name}" for name in names.split())


_ATTENTION = (
    *_of("torch.nn.functional", "scaled_dot_product_attention multi_head_attention_forward"),
    *_of("torch.nn", "MultiheadAttention TransformerEncoderLayer TransformerDecoderLayer TransformerEncoder"),
    *_of("torch.nn", "TransformerDecoder Transformer attention"),
)

GROUPS: dict[str, Group] = {
    "softmax": Group(
        "softmax, log-softmax, logsumexp and what is built on them (such as cross entropy) of any library",
        (
            *_of("torch", "softmax log_softmax logsumexp logcumsumexp logaddexp"),
            *_of(
                "torch.nn.functional", "softmax log_softmax gumbel_softmax softmin cross_entropy linear_cross_entropy"
            ),
            *_of("torch.special", "softmax log_softmax logsumexp"),
            *_of("torch.nn", "Softmax LogSoftmax Softmin Softmax2d CrossEntropyLoss LinearCrossEntropyLoss"),
            "torch.nn.AdaptiveLogSoftmaxWithLoss",
            "torch.distributions",
            *_of("scipy.special", "softmax log_softmax logsumexp"),
            *_ATTENTION,
        ),
    ),
    "attention": Group("attention of any library", _ATTENTION),
    "logsumexp": Group(
        "logsumexp, log-softmax and what is built on them (such as cross entropy) of any library",
        (
            *_of("torch", "logsumexp log_softmax logaddexp logcumsumexp binary_cross_entropy_with_logits"),
            *_of("torch.nn.functional", "log_softmax cross_entropy linear_cross_entropy softplus logsigmoid"),
            *_of(
                "torch.nn.functional", "binary_cross_entropy_with_logits multilabel_soft_margin_loss soft_margin_loss"
            ),
            *_of("torch.nn", "LogSoftmax CrossEntropyLoss LinearCrossEntropyLoss BCEWithLogitsLoss Softplus"),
            *_of("torch.nn", "LogSigmoid AdaptiveLogSoftmaxWithLoss MultiLabelSoftMarginLoss SoftMarginLoss"),
            *_of("torch.special", "logsumexp log_softmax"),
            "torch.distributions",
            *_of("numpy", "logaddexp logaddexp2"),
            *_of("scipy.special", "logsumexp log_softmax softplus log_expit"),
        ),
    ),
    "sigmoid": Group(
        "sigmoid and tanh of any library",
        (
            *_of("torch", "sigmoid tanh sigmoid_ tanh_"),
            *_of("torch.nn.functional", "sigmoid tanh silu logsigmoid hardsigmoid tanhshrink glu mish"),
            *_of("torch.nn", "Sigmoid Tanh SiLU LogSigmoid Tanhshrink GLU Mish"),
            *_of("torch.special", "expit"),
            "numpy.tanh",
            *_of("scipy.special", "expit log_expit"),
            "math.tanh",
            "cmath.tanh",
        ),
    ),
    "layer_norm": Group(
        "normalisation layers of any library",
        (
            *_of("torch", "layer_norm group_norm instance_norm batch_norm native_layer_norm rms_norm"),
            *_of("torch.nn.functional", "layer_norm group_norm instance_norm batch_norm rms_norm"),
            *_of("torch.nn", "LayerNorm GroupNorm RMSNorm SyncBatchNorm BatchNorm1d BatchNorm2d BatchNorm3d"),
            *_of("torch.nn", "InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyBatchNorm1d LazyBatchNorm2d"),
            *_of("torch.nn", "LazyBatchNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d"),
            *_of("torch.nn", "TransformerEncoderLayer TransformerDecoderLayer TransformerEncoder TransformerDecoder"),
            "torch.nn.Transformer",
        ),
    ),
    "autograd": Group(
        "automatic differentiation (autograd, torch.func, `backward`)",
        (
            "torch.autograd",
            "torch.func",
            "torch.Tensor.backward",
        ),
    ),
    "numerical_differences": Group(
        "numerical derivatives of any library",
        (
            *_of("torch", "gradient"),
            *_of("torch.autograd", "gradcheck gradgradcheck"),
            *_of("numpy", "gradient"),
            *_of("scipy.optimize", "approx_fprime check_grad"),
            "scipy.differentiate",
            *_of("mpmath", "diff diffs taylor"),
        ),
    ),
}


def expanded(names: Iterable[str]) -> tuple[str, ...]:
    """The dotted names, each group replaced by its members; each once, in order.

    Raises:
        ValueError: there is no such group.
    """
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_group(name).names if name.startswith(PREFIX) else (name,))
    return tuple(found)


def in_words(names: Sequence[str]) -> str:
    """What may not be used, as a student reads it: "softmax, … of any library; `torch.nn.LayerNorm`"."""
    groups = [_group(n).says for n in names if n.startswith(PREFIX)]
    others = ", ".join(f"`{n}`" for n in names if not n.startswith(PREFIX))
    return "; ".join([*groups, *([others] if others else [])])


def _group(name: str) -> Group:
    try:
        return GROUPS[name.removeprefix(PREFIX)]
    except KeyError:
        known = ", ".join(PREFIX + key for key in GROUPS)
        raise ValueError(f"there is no {name}; known are {known}") from None
