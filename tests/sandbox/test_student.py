"""The student that a probe is given."""

from __future__ import annotations

import types
from fractions import Fraction

import numpy as np
import pytest
import sympy
import torch

from autograder.sandbox.worker.arguments import Arguments
from autograder.sandbox.worker.explaining import MissingName, Origin
from autograder.sandbox.worker.loading import Loaded
from autograder.sandbox.worker.student import MOST_CALLS, Student, call_text, short


def student_of(**names: object) -> tuple[Student, list[str], Loaded]:
    module = types.ModuleType("hw")
    module.__dict__.update(names)
    trace: list[str] = []
    loaded = Loaded(module, Origin("/scratch"))
    return Student(loaded, trace, Arguments()), trace, loaded


def test_calls_are_written_down_with_names_and_shapes() -> None:
    def softmax(x: object, axis: int = 0) -> object:
        return x

    student, trace, _ = student_of(softmax=softmax, rate=0.5)
    student.softmax(np.zeros((5, 7)), axis=1)
    assert trace == ["softmax(x=array of shape (5, 7), axis=1)"]
    assert student.rate == 0.5


def test_a_missing_name_points_to_what_went_wrong_at_loading() -> None:
    student, _, loaded = student_of()
    loaded.problems.append("hw.py stopped at `x = 1 / 0`: ZeroDivisionError: division by zero (line 14)")
    loaded.origin.missing["x"] = "hw.py stopped at `x = 1 / 0`"
    with pytest.raises(MissingName, match=r"does not define `f`; see what went wrong while it was loaded"):
        student.f  # noqa: B018
    with pytest.raises(MissingName, match=r"does not define `x`: hw.py stopped at `x = 1 / 0`"):
        student.x  # noqa: B018
    assert not hasattr(student, "f")


def test_what_a_module_has_by_itself_is_not_the_students() -> None:
    student, _, _ = student_of()
    with pytest.raises(AttributeError):
        student.__file__  # noqa: B018


def test_a_loop_of_calls_does_not_fill_the_trace() -> None:
    student, trace, _ = student_of(f=lambda: None)
    for _ in range(1000):
        student.f()
    assert len(trace) == MOST_CALLS


def test_values_are_described_shortly() -> None:
    values = (
        torch.zeros(2, 3),
        np.float64(1.5),
        [1, 2, 3, 4, 5],
        (Fraction(1, 3), None),
        {"a": "b"},
        sympy.Symbol("x"),
        object(),
    )
    assert [short(v) for v in values] == [
        "tensor of shape (2, 3)", "1.5", "[1, 2, 3, 4, …]", "(1/3, None)", "{'a': 'b'}", "x", "a object",
    ]  # fmt: skip


def test_an_argument_that_cannot_be_described_does_no_harm() -> None:
    class Evil(int):
        def __repr__(self) -> str:
            raise SystemExit

    assert call_text("f", lambda x: x, (Evil(3),), {}) == "f(…)"
