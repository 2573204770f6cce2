"""Calls of NumPy that ran, whatever name they were called by; from Python 3.12 on."""

from __future__ import annotations

import functools
import operator
import sys

import numpy as np
import pytest

from autograder.sandbox.wire.messages import PROBES
from autograder.sandbox.worker.numpy_calls import MONITORED, OFF, RECORD, NumpyCalls

needs_monitoring = pytest.mark.skipif(not MONITORED, reason="Python tells of calls from 3.12 on")
SEEN = ["numpy.tanh was called, though it is forbidden"]


def student(text: str, filename: str = "hw.py") -> object:
    """What a submission's function does, with a file name of its own."""
    scope = {"np": np, "operator": operator, "functools": functools, "sys": sys}
    exec(compile(f"def f(z):\n    return {text}", filename, "exec"), scope)
    return scope["f"]


def watched(function, forbidden=("numpy.tanh",)):  # type: ignore[no-untyped-def]
    with NumpyCalls(forbidden) as calls:
        function(np.zeros(3))
    return calls.seen()


@needs_monitoring
@pytest.mark.parametrize(
    "text",
    [
        "np.tanh(z)",
        "getattr(np, chr(116) + 'anh')(z)",
        "eval('np.' + 'tan' + 'h')(z)",
        "np._core.umath.tanh(z)",
        "operator.attrgetter('tanh')(np)(z)",
        "list(map(np.tanh, [z]))",
        "functools.partial(np.tanh, z)()",
        "[np.tanh(v) for v in z]",
    ],
)
def test_every_alias_leaves_the_same_trace(text: str) -> None:
    assert watched(student(text)) == SEEN


@needs_monitoring
@pytest.mark.parametrize("text", ["np.exp(z)", "np.arctanh(z)", "(np.tanh, z)", "np.linalg.norm(z)"])
def test_other_calls_are_not_evidence(text: str) -> None:
    assert watched(student(text)) == []


@needs_monitoring
def test_calls_by_probes_and_libraries_are_not_the_students() -> None:
    assert watched(student("np.tanh(z)", PROBES)) == []
    assert watched(student("np.tanh(z)", np.__file__)) == []
    assert watched(student("np.linalg.cond(np.eye(2))"), ("numpy.linalg.norm", "numpy.linalg.svd")) == []


@needs_monitoring
def test_a_module_stands_for_its_functions() -> None:
    assert watched(student("np.linalg.inv(np.eye(2))"), ("numpy.linalg",)) == [
        "numpy.linalg was called, though it is forbidden"
    ]


@needs_monitoring
@pytest.mark.parametrize(
    "text",
    [
        "[sys.monitoring.free_tool_id(t) for t in range(6) if sys.monitoring.get_tool(t)]",
        "[sys.monitoring.set_events(t, 0) for t in range(6) if sys.monitoring.get_tool(t)]",
        "[sys.monitoring.register_callback(t, sys.monitoring.events.CALL, None) for t in range(6)"
        " if sys.monitoring.get_tool(t)]",
    ],
)
def test_switching_it_off_is_noticed(text: str) -> None:
    assert watched(student(f"({text}, np.tanh(z))"))[0] == OFF
    assert watched(student("np.tanh(z)")) == SEEN  # the next case is watched as ever


@needs_monitoring
def test_every_case_is_watched_anew() -> None:
    function = student("np.tanh(z)")
    assert [watched(function) for _ in range(3)] == [SEEN] * 3
    assert not any(sys.monitoring.get_tool(tool) == "autograder" for tool in range(6))  # type: ignore[attr-defined]


@pytest.mark.parametrize("forbidden", [(), ("torch.softmax",), ("numpy.no_such_function",), ("scipy.special.expit",)])
def test_nothing_is_recorded_where_nothing_of_numpy_is_forbidden(forbidden: tuple[str, ...]) -> None:
    assert watched(student("np.tanh(z)"), forbidden) == []


def test_results_say_whether_there_is_a_record() -> None:
    assert RECORD.startswith("record" if sys.version_info >= (3, 12) else "no record")
    if not MONITORED:
        assert watched(student("np.tanh(z)")) == []
