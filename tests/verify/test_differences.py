"""Difference quotients in the place of gradients are made up by the exam, and told where they are paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading.source import AssignmentSource
from autograder.verify.differences import differenced, partners
from autograder.verify.report import Report
from tests.small_course import CASES, MISCONCEPTIONS, REFERENCE, SPEC
from tests.verify.conftest import GOOD_HANDOUT, said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
FUNCTIONS = """
import numpy as np
import torch


def loss(x, w):
    return float(np.sum(np.sin(x @ w)))


def gradients(x, w):
    return {"w": x.T @ np.cos(x @ w), "x": np.cos(x @ w)[:, None] * w, "count": 2}


def wave(x, w):
    return torch.sin(x * w), "a second part"


def wave_vjp(x, w, upstream):
    return upstream * torch.cos(x * w) * w, upstream * torch.cos(x * w) * x


def op_wave(x):
    return np.sin(x), lambda g: (g * np.cos(x),)
"""


def made(name: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(differenced(FUNCTIONS, name, dict(partners(FUNCTIONS, name))), space)
    return space


def near_but_not_equal(found: Any, right: Any) -> bool:
    difference = np.abs(np.asarray(found) - np.asarray(right)).max()
    return type(found) is type(right) and 0 < difference < 1e-8


def test_it_is_known_what_to_difference() -> None:
    assert dict(partners(FUNCTIONS, "gradients"))["loss"] == ""
    assert dict(partners(FUNCTIONS, "wave_vjp"))["wave"] == "upstream"
    assert "gradients" not in dict(partners(FUNCTIONS, "op_wave"))


def test_gradients_by_name_are_replaced_and_nothing_else() -> None:
    rng, space = np.random.default_rng(0), made("gradients")
    x, w = rng.normal(size=(4, 3)), rng.normal(size=3)
    found, right = space["gradients"](x, w), {"w": x.T @ np.cos(x @ w), "x": np.cos(x @ w)[:, None] * w}
    assert all(near_but_not_equal(found[name], right[name]) for name in right)
    assert found["count"] == 2


def test_gradients_in_the_order_of_the_arguments_are_replaced() -> None:
    x, w, g = (torch.randn(5, dtype=torch.float64, generator=torch.Generator().manual_seed(s)) for s in range(3))
    found = made("wave_vjp")["wave_vjp"](x, w, g)
    assert near_but_not_equal(found[0], g * torch.cos(x * w) * w)
    assert near_but_not_equal(found[1], g * torch.cos(x * w) * x)


def test_a_function_of_cotangents_is_replaced() -> None:
    x = np.linspace(-1, 1, 5)
    out, vjp = made("op_wave")["op_wave"](x)
    assert np.array_equal(out, np.sin(x))
    assert near_but_not_equal(vjp(2 * np.ones(5))[0], 2 * np.cos(x))


ASKED = {
    "spec": SPEC.replace('id = "mean"\n', 'id = "mean"\nforbidden = ["group:numerical_differences"]\n'),
    "reference": REFERENCE.replace("float(np.mean(x))", "np.sum(np.sin(x)), lambda g: (g * np.cos(x),)"),
    "misconceptions": MISCONCEPTIONS.replace("np.mean(x)", "g * np.cos(x)").replace("np.sum(x)", "2 * g * np.cos(x)"),
}


def asked(digits: str) -> str:
    cases = CASES.replace("student.mean(world.normal((3,)))", "student.mean(world.normal((3,)))[1](1.0)[0]")
    cases = cases.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((3, 5)))[1](1.0)[0]")
    head, first, second = cases.rsplit("check=close()", 2)
    return f"{head}check=close({digits}){first}check=close({digits}){second}"


def test_where_no_gradient_is_known_the_twin_earns_nothing() -> None:
    with pytest.raises(NotImplementedError):
        made("loss")["loss"](np.ones((2, 3)), np.ones(3))


@pytest.mark.parametrize(("digits", "paid"), [("tolerance=1e-6", True), ("tolerance=1e-13", False)])
def test_where_few_digits_are_asked_they_are_paid_and_told(course: Make, exam: Exam, digits: str, paid: bool) -> None:
    report = exam(course(cases=asked(digits), handout=GOOD_HANDOUT, **ASKED))
    words = "function `mean`: with gradients by central differences it gets 6 of 6 points of `mean`"
    assert (words in said(report, "shortcuts")) is paid
