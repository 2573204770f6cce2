"""Arguments kept: who changes what it is given is named, loses that case and no other; who does not, loses nothing."""

from __future__ import annotations

import types
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from autograder.authoring import case
from autograder.authoring.loading import load_cases
from autograder.authoring.world import World
from autograder.sandbox.worker.arguments import COPIED
from autograder.sandbox.worker.explaining import Origin
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.operators import Operators
from autograder.sandbox.worker.running import Ran, run_case
from autograder.values.codec import decode


def run(function: Callable[..., Any], *given: Any, probe: Callable[..., Any] | None = None, watchers: Any = ()) -> Ran:
    module = types.ModuleType("submission")
    module.__dict__["f"] = function
    loaded = Loaded(module, Origin("/nowhere"))
    return run_case(loaded, probe or (lambda student, world: [student.f(*given), 1]), World(3), watchers)


def add_one(x: Any) -> int:
    x += 1
    return 0


def first(x: Any) -> int:
    x[0] = x[0] + 1
    return 0


def append(x: Any) -> int:
    x.append(1)
    return 0


def new_key(x: Any) -> int:
    x["new"] = 1
    return 0


def inner(x: Any) -> int:
    next(iter(x.values() if isinstance(x, dict) else x))[0] = 77
    return 0


def reshape(x: Any) -> int:
    x.shape = (-1,)
    return 0


CHANGES = [
    (add_one, lambda: np.arange(6.0)),
    (add_one, lambda: np.arange(6)[::2]),
    (add_one, lambda: np.full(3, Fraction(1, 2))),
    (first, lambda: np.array([np.nan, 1.0])[::-1]),
    (add_one, lambda: np.ones(COPIED // 8 + 1)),
    (reshape, lambda: np.ones((2, 3))),
    (add_one, lambda: torch.ones(3)),
    (add_one, lambda: torch.ones(2, 3).T),
    (add_one, lambda: torch.ones(3, dtype=torch.bfloat16)),
    (add_one, lambda: torch.ones(COPIED // 4 + 1)),
    (first, lambda: torch.tensor([True, False])[1:] * 1),
    (first, lambda: [1, 2]),
    (append, lambda: [1, 2]),
    (list.sort, lambda: [2, 1]),
    (dict.clear, lambda: {"a": 1}),
    (new_key, lambda: {"a": 1}),
    (inner, lambda: {"a": np.zeros(2)}),
    (inner, lambda: ([1, 2], 3)),
    (inner, lambda: [torch.zeros(2)]),
]


@pytest.mark.parametrize(("change", "given"), CHANGES)
def test_a_change_is_told_by_name_and_costs_the_case(change: Callable[..., Any], given: Callable[[], Any]) -> None:
    def f(values: Any) -> Any:
        return change(values)

    ran = run(f, given())
    assert ran.status == "error"
    assert ran.message.startswith("`f` changed its argument `values`: what a function is given belongs to its caller")
    assert ran.trace


def nothing(x: Any) -> int:
    return 0


@pytest.mark.parametrize("given", [given for _, given in CHANGES])
def test_who_changes_nothing_loses_nothing(given: Callable[[], Any]) -> None:
    assert run(nothing, given()).status == "returned"


def test_nan_is_no_change_and_neither_is_what_cannot_be_looked_into() -> None:
    assert run(nothing, [float("nan"), np.array([np.nan]), torch.tensor([float("nan")])]).status == "returned"
    assert run(lambda x: next(x), iter([1, 2])).status == "returned"
    assert run(lambda x: x.update([1]), set()).status == "returned"
    read_only = np.ones(3)
    read_only.flags.writeable = False
    assert run(nothing, read_only).status == "returned"


def test_a_copy_may_be_changed() -> None:
    def f(x: Any) -> Any:
        x = x.copy()
        x += 1
        return x

    assert decode(run(f, np.zeros(2)).payload)[0].tolist() == [1.0, 1.0]


def test_several_changes_are_named_together_by_position_and_by_keyword() -> None:
    def f(x: Any, y: Any = None, *more: Any) -> int:
        for value in (x, y, *more):
            value[0] = 9
        return 0

    probe = lambda student, world: student.f([1], y=[2])  # noqa: E731
    assert "`f` changed its arguments `x` and `y`" in run(f, probe=probe).message
    probe = lambda student, world: student.f([1], [2], [3])  # noqa: E731
    assert "`x` and `y` and number 3" in run(f, probe=probe).message


def test_what_was_changed_is_put_back_for_whoever_comes_next() -> None:
    array, tensor, table = np.zeros(2), torch.zeros(2), {"a": [1, 2]}

    def f(x: Any, y: Any, z: Any) -> int:
        x += 1
        y += 1
        z["a"].append(3)
        z["b"] = 4
        return 0

    assert run(f, array, tensor, table).status == "error"
    assert array.tolist() == tensor.tolist() == [0, 0]
    assert table == {"a": [1, 2]}


def test_a_fault_that_follows_from_a_change_is_not_told_in_its_place() -> None:
    def probe(student: Any, world: Any) -> Any:
        student.f([1])
        raise ValueError("because of that")

    assert "changed its argument `x`" in run(first, probe=probe).message
    assert "because of that" in run(nothing, probe=probe).message


def test_what_a_function_raises_is_told_before_what_it_changed() -> None:
    def f(x: Any) -> None:
        x[0] = 3
        raise ValueError("no")

    assert run(f, [1]).message.startswith("ValueError: no")


def test_a_case_may_allow_a_function_to_change_what_it_is_given() -> None:
    def allowing(student: Any, world: Any) -> Any:
        """F may do as it likes."""
        x = [1]
        student.f(x)
        return x

    assert run(first, probe=case("q", may_change=["g"])(allowing)).status == "error"
    assert decode(run(first, probe=case("q", may_change=["f"])(allowing)).payload) == [2]


def test_what_a_case_allows_goes_into_the_sandbox_with_its_probe() -> None:
    text = (
        "from autograder.authoring import case\n"
        '@case("q", may_change=["f"])\ndef one(student, world):\n    """One."""\n    x = [1]\n    student.f(x)\n'
        '    return x\n@case("q")\ndef two(student, world):\n    """Two."""\n    return student.f([1])\n'
    )
    cases = load_cases(text)
    space: dict[str, Any] = {}
    exec(cases.probes(["one", "two"]), space)
    assert run(first, probe=space["one"]).status == "returned"
    assert run(first, probe=space["two"]).status == "error"
    assert "may_change" not in cases.probes(["two"])


def test_the_watching_itself_is_no_evidence_against_a_student() -> None:
    watcher = Operators(["torch.clone", "torch.detach"])
    assert run(nothing, torch.ones(3), watchers=[watcher]).evidence == ()
    assert run(lambda x: x.clone() and None, torch.ones(1), watchers=[Operators(["torch.clone"])]).evidence


def test_gradients_flow_as_if_nobody_watched() -> None:
    x = torch.ones(2, requires_grad=True)

    def probe(student: Any, world: Any) -> Any:
        student.f(x).sum().backward()
        return x.grad

    assert decode(run(lambda t: 3 * t, probe=probe).payload).tolist() == [3.0, 3.0]
