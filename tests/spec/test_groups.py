"""Groups of forbidden functions: every public function that gives a group's answer is in it.

The last test calls every public function of torch and NumPy (and of SciPy where it is installed) on sample inputs, in a
process of its own, each under a deadline.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autograder.errors import SpecError
from autograder.grading.source import load_source
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.worker.uses import Text, index_of
from autograder.spec.groups import GROUPS, expanded, in_words
from tests.small_course import SPEC, write_course

X = np.array([[0.3, -1.2, 2.0], [1.5, 0.1, -0.7]])
MODULES = ("torch", "torch.nn.functional", "torch.special", "torch.nn", "torch.linalg", "torch.func", "torch.autograd",
           "torch.autograd.functional", "numpy", "numpy.linalg", "scipy.special", "scipy.optimize",
           "scipy.differentiate")  # fmt: skip
AVOIDED = ("set_", "save", "load", "seed", "manual", "compile", "hub", "fork", "wait", "show", "info", "test", "init",
           "use_", "profiler", "import", "source", "typename", "thread_safe", "chararray", "memmap", "fromfile",
           "fromregex", "genfromtxt", "DataParallel", "from_file", "get_rng", "initial_seed")  # fmt: skip


def test_a_group_stands_for_its_members_once_each() -> None:
    names = expanded(["group:softmax", "numpy.sort", "torch.softmax"])
    assert names.count("torch.softmax") == 1
    assert {"torch.nn.functional.cross_entropy", "numpy.sort"} <= set(names)
    assert in_words(["group:attention", "numpy.sort"]) == "attention of any library; `numpy.sort`"


def test_a_group_that_is_none_is_told_with_those_that_are(tmp_path: Any) -> None:
    spec = SPEC.replace('id = "mean"\n', 'id = "mean"\nforbidden = ["group:softmacks"]\n')
    with pytest.raises(SpecError, match="there is no group:softmacks; known are group:softmax, group:attention"):
        load_source(write_course(tmp_path, spec=spec), "small")


@pytest.mark.parametrize("group", GROUPS)
def test_every_member_is_found_in_a_text(group: str) -> None:
    for name in GROUPS[group].names:
        text = f"import {name.rpartition('.')[0] or name}\ndef f(*given):\n    return {name}(*given)\n"
        assert find_forbidden(index_of([Text("hw.py", text)]), ["f"], expanded([f"group:{group}"])), name


# ---- which functions belong


def _softmaxes() -> list[np.ndarray[Any, Any]]:
    found = []
    for axis in (0, 1, None):
        e = np.exp(X - X.max())
        total = e.sum(axis=axis, keepdims=axis is not None)
        found += [e / total, np.log(e / total), np.log(np.exp(X).sum(axis=axis))]
    return found


def _attended() -> np.ndarray[Any, Any]:
    e = np.exp(X @ X.T / np.sqrt(3))
    return np.asarray((e / e.sum(1, keepdims=True) @ X)[None])


ANSWERS: dict[str, list[np.ndarray[Any, Any]]] = {
    "softmax": _softmaxes(),
    "logsumexp": [*_softmaxes()[1::3], *_softmaxes()[2::3], np.log1p(np.exp(X)), -np.log1p(np.exp(-X))],
    "attention": [_attended()],
    "sigmoid": [1 / (1 + np.exp(-X)), np.tanh(X)],
    "layer_norm": [
        (X - X.mean(axis, keepdims=True)) / np.sqrt(X.var(axis, keepdims=True) + 1e-5) for axis in (0, 1)
    ],
}  # fmt: skip
OPERATORS = {
    "softmax": ("aten._softmax", "aten._log_softmax", "aten._safe_softmax", "aten.logsumexp"),
    "attention": ("aten._scaled_dot_product", "aten.scaled_dot_product", "aten._native_multi_head"),
    "logsumexp": ("aten._log_softmax", "aten.logsumexp", "aten.softplus", "aten.log_sigmoid"),
    "sigmoid": ("aten.sigmoid", "aten.tanh"),
    "layer_norm": ("aten.native_layer_norm", "aten.native_batch_norm", "aten.native_group_norm"),
}
FINE = {
    "sigmoid": {"logit", "GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell", "RNNBase", "gru", "lstm", "rnn_tanh",
                "gru_cell", "lstm_cell", "rnn_tanh_cell", "gelu", "GELU", "binary_cross_entropy_with_logits",
                "BCEWithLogitsLoss", "multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss"},
    "softmax": {"multi_margin_loss"},
    "logsumexp": set(),
    "layer_norm": set(),
    "attention": set(),
}  # fmt: skip
"""What runs the operator inside of something larger that gives nothing of it away."""


def _callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in MODULES:
        try:
            space = importlib.import_module(module)
        except ImportError:
            continue
        for name in sorted(dir(space)):
            thing = getattr(space, name, None)
            if name.startswith("_") or name.startswith(AVOIDED) or not callable(thing):
                continue
            if inspect.isclass(thing) and not (module == "torch.nn" and issubclass(thing, torch.nn.Module)):
                continue
            yield f"{module}.{name}", thing


def _calls(name: str, thing: Callable[..., Any]) -> Iterator[Callable[[], Any]]:
    """Calls on fresh inputs each: some functions change theirs."""

    def fresh() -> Any:
        return torch.from_numpy(X.copy()) if name.startswith("torch") else X.copy()

    ways: tuple[Callable[[Any], tuple[Any, ...]], ...]
    if inspect.isclass(thing):
        labels = torch.tensor([0, 2])
        ways = (lambda x: (x,), lambda x: (x, x), lambda x: (x, labels), lambda x: (x[None],), lambda x: (x[None],) * 3)
        for made, way in itertools.product(((), (-1,), (3,), (3, 1), (1, 2)), ways):
            yield lambda made=made, way=way: thing(*made).double()(*way(fresh()))  # type: ignore[misc]
        return
    ways = (
        lambda x: (x,), lambda x: (x, 0), lambda x: (x, 1), lambda x: (x, -1), lambda x: (x, x), lambda x: (x, x, x),
        lambda x: (x, torch.tensor([0, 2])), lambda x: (x, (3,)), lambda x: (x, 1, x.dtype), lambda x: (x, x * 0),
        lambda x: (x, x[0] * 0, x[0] * 0 + 1), lambda x: (x, False, 1), lambda x: (x[None],) * 3,
    )  # fmt: skip
    for way in ways:
        yield lambda way=way: thing(*way(fresh()))  # type: ignore[misc]
    for word in ("axis", "dim"):
        yield lambda word=word: thing(fresh(), **{word: -1})  # type: ignore[misc]


def _belongs(queue: Any) -> None:
    from torch.utils._python_dispatch import TorchDispatchMode

    seen: set[str] = set()

    class Recorder(TorchDispatchMode):
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            seen.add(str(func))
            return func(*args, **(kwargs or {}))

    def late(*_: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    torch.set_num_threads(1)
    with Recorder():  # the first recorded operator imports for seconds
        torch.softmax(torch.zeros(2), 0)
    found: dict[str, set[str]] = {group: set() for group in OPERATORS}
    count = 0
    for name, thing in _callables():
        count += 1
        for call in _calls(name, thing):
            seen.clear()
            signal.setitimer(signal.ITIMER_PROF, 0.5)
            try:
                with Recorder(), np.errstate(all="ignore"):
                    outputs = call()
                value = _array(outputs)
            except BaseException:
                value = None
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            for group, operators in OPERATORS.items():
                ran = any(one.startswith(operators) for one in seen) and name.startswith("torch")
                gave = value is not None and any(
                    value.shape == a.shape and np.allclose(value, a, 1e-6, 1e-9) for a in ANSWERS.get(group, [])
                )
                if ran or gave:
                    found[group].add(name)
    queue.put((count, found))


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    return np.asarray(value) if isinstance(value, (np.ndarray, float, np.floating)) else None


@pytest.mark.slow
def test_whatever_gives_a_groups_answer_or_runs_its_operator_is_a_member() -> None:
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_belongs, args=(queue,))
    process.start()
    count, found = queue.get(timeout=600)
    process.join()
    assert count > 1500
    missing = {
        group: sorted(
            name
            for name in names
            if name.rpartition(".")[2] not in FINE[group]
            and not find_forbidden(
                index_of([Text("hw.py", f"import torch, numpy, scipy\ndef f(*given):\n    return {name}(*given)\n")]),
                ["f"],
                expanded([f"group:{group}"]),
            )
        )
        for group, names in found.items()
    }
    assert missing == {group: [] for group in OPERATORS}
    sure = {
        "softmax": "torch.softmax",
        "logsumexp": "numpy.logaddexp",
        "sigmoid": "numpy.tanh",
        "layer_norm": "torch.nn.LayerNorm",
        "attention": "torch.nn.functional.scaled_dot_product_attention",
    }
    assert {group: name in found[group] for group, name in sure.items()} == dict.fromkeys(sure, True)
