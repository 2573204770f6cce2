"""Unstable forms: the same function in exact arithmetic, other digits in floats; and the shapes they are known by."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading.source import AssignmentSource
from autograder.verify.operators import UNSTABLE, Mutant, mutants
from autograder.verify.report import Report
from autograder.verify.shapes import Shape
from autograder.verify.unstable import VARIANCE
from autograder.verify.words import reading_of
from tests.small_course import CASES, REFERENCE
from tests.verify.conftest import said

Make = Callable[..., AssignmentSource]
Exam = Callable[..., Report]
HEAD = """import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def log_sum_exp(z, axis=-1):
    return np.logaddexp.reduce(z, axis=axis)


def log_softmax(z):
    return z - log_sum_exp(z)[..., None]


def softmax(x, dim):
    return torch.softmax(x, dim)


"""
TEMPLATE = """def f({parameters}):
    # BEGIN SOLUTION
    {body}
    # END SOLUTION
"""
RNG = np.random.default_rng(0)
MATRIX, FAR = RNG.normal(size=(4, 5)), 1e7 + RNG.normal(size=(4, 5))
TENSOR, FAR_TENSOR = torch.from_numpy(MATRIX), torch.from_numpy(FAR)
HUGE, HUGE_TENSOR = 2000 * MATRIX, 2000 * TENSOR
LABELS = torch.tensor([0, 4, 2, 1])
SPD = MATRIX @ MATRIX.T
SMALL = np.array([1e-12, -1e-9, 1e-16])


def unstable(body: str, parameters: str = "x") -> list[Mutant]:
    """The mutants of this operator of a function that is one line."""
    text = HEAD + TEMPLATE.format(parameters=parameters, body=body)
    return [m for m in mutants(text, "f.py") if m.operator == UNSTABLE]


def value(text: str, *arguments: Any) -> np.ndarray[Any, Any]:
    """What `f` of a program returns."""
    names: dict[str, Any] = {}
    exec(compile(text, "f.py", "exec"), names)
    with np.errstate(all="ignore"):
        return np.asarray(names["f"](*arguments))


CENTRED = "centred = x - x.mean(-1, keepdim=True)\n    "
FORMS: list[tuple[str, Any, Any]] = [  # a line, arguments on which nothing is lost, and some on which all is
    ("return np.var(x, axis=0)", MATRIX, FAR),
    ("return np.var(x)", MATRIX, FAR),
    ("return x.var(-1, keepdims=True)", MATRIX, FAR),
    ("return np.var(x, axis=0, ddof=1)", MATRIX, FAR),
    ("return np.std(x, axis=1)", MATRIX, FAR),
    ("return x.std(axis=0)", MATRIX, FAR),
    ("return np.mean((x - np.mean(x, axis=-1, keepdims=True)) ** 2, axis=-1)", MATRIX, FAR),
    ("return np.mean((x - x.mean()) ** 2)", MATRIX, FAR),
    ("return ((x - x.mean(axis=0)) ** 2).mean(axis=0)", MATRIX, FAR),
    ("return torch.var(x, 0, correction=0)", TENSOR, FAR_TENSOR),
    ("return x.var(-1, keepdim=True, unbiased=False)", TENSOR, FAR_TENSOR),
    ("return x.std(dim=-1, correction=0) * torch.ones(4)", TENSOR, FAR_TENSOR),
    (CENTRED + "return (centred * centred).mean(-1, keepdim=True)", TENSOR, FAR_TENSOR),
    (CENTRED + "return centred.square().mean(-1)", TENSOR, FAR_TENSOR),
    ("return np.log1p(x)", np.abs(MATRIX), SMALL),
    ("return np.expm1(x)", MATRIX, SMALL),
    ("return math.log1p(x)", 0.5, 1e-16),
    ("return torch.expm1(x)", TENSOR, torch.from_numpy(SMALL)),
    ("return np.hypot(x, x)", MATRIX, np.array([1e200, 1e-200])),
    ("return np.logaddexp(0, x)", MATRIX, HUGE),
    ("return np.logaddexp(x, x - 1)", MATRIX, HUGE),
    ("return np.logaddexp.reduce(x, axis=-1)", MATRIX, HUGE),
    ("return log_sum_exp(x, axis=0)", MATRIX, HUGE),
    ("return torch.logsumexp(x, dim=1)", TENSOR, HUGE_TENSOR),
    ("return x.logsumexp(-1)", TENSOR, HUGE_TENSOR),
    ("return log_softmax(x)", MATRIX, HUGE),
    ("return np.exp(log_softmax(x))", MATRIX, HUGE),
    ("return F.log_softmax(x, dim=-1)", TENSOR, HUGE_TENSOR),
    ("return nn.functional.log_softmax(x, -1)", TENSOR, HUGE_TENSOR),
    ("return torch.log_softmax(x, 1)", TENSOR, HUGE_TENSOR),
    ("return softmax(x, -1)", TENSOR, HUGE_TENSOR),
    ("return F.logsigmoid(x)", TENSOR, HUGE_TENSOR),
    ("return F.softplus(x)", TENSOR, HUGE_TENSOR),
    ("return F.binary_cross_entropy_with_logits(x, (x > 0).double())", TENSOR, HUGE_TENSOR),
    ("return F.cross_entropy(x, torch.arange(4))", TENSOR, HUGE_TENSOR),
    ("return F.cross_entropy(x, torch.arange(4), ignore_index=0)", TENSOR, HUGE_TENSOR),
    ("return np.linalg.slogdet(x)[1]", SPD, 1e-100 * SPD),
    ("return torch.logdet(x)", torch.from_numpy(SPD), torch.from_numpy(1e-100 * SPD)),
    ("return torch.special.entr(x)", TENSOR.abs(), torch.zeros(3)),
]


@pytest.mark.parametrize(("body", "tame", "hard"), FORMS, ids=[body.split("\n")[-1].strip() for body, *_ in FORMS])
def test_an_unstable_form_is_the_same_function_and_loses_its_digits(body: str, tame: Any, hard: Any) -> None:
    (mutant,) = unstable(body)
    right = HEAD + TEMPLATE.format(parameters="x", body=body)
    np.testing.assert_allclose(value(mutant.text, tame), value(right, tame), rtol=1e-9)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(value(mutant.text, hard), value(right, hard), rtol=1e-6)


@pytest.mark.parametrize(
    "body",
    [
        "return np.var(x, axis=0, dtype=float)",
        "return np.mean((x - w) ** 2)",
        "return np.mean((x - np.mean(x, axis=0)) ** 2, axis=1)",
        "return x.var(-1) + torch.ones(1)",
        "return torch.var(x, -1)",
        "return np.var(x, *w)",
        "centred = x - x.mean()\n    centred = centred + 1\n    return (centred**2).mean()",
        "m = x.mean()\n    x = x + 1\n    return ((x - m) ** 2).mean()",
        "return np.log(1 + x)",
        "return log_det(x)[1]",
    ],
)
def test_what_is_another_function_in_exact_arithmetic_is_left_alone(body: str) -> None:
    assert unstable(body, "x, w") == []


def test_no_digits_are_lost_where_the_exponential_of_a_logarithm_is_taken() -> None:
    (mutant,) = unstable("return np.exp(log_softmax(x))")
    assert "np.log(" not in mutant.after


def test_the_words_say_the_form() -> None:
    (mutant,) = unstable("return np.var(x, axis=0)")
    assert mutant.after == "return (np.mean(x ** 2, axis=0) - np.mean(x, axis=0) ** 2)"
    reading = reading_of(mutant)
    assert (reading.functions, reading.words) == ("f", VARIANCE)
    assert VARIANCE == "the variance is the mean of squares minus the square of the mean"


def test_hidden_cases_must_kill_it(course: Make, exam: Exam) -> None:
    reference = REFERENCE.replace("return float(np.mean(x))", "return float(np.mean(x)) * float(np.var(x))")
    cases = CASES.replace("student.mean(world.normal((3, 5)))", "student.mean(world.normal((3, 5), mean=3.0))")
    blind = exam(course(reference=reference, cases=cases), mutate=True)
    assert f"{UNSTABLE} survives all hidden cases" in said(blind, "mutation")
    cases = cases.replace("mean=3.0", "mean=1e8")
    assert UNSTABLE not in said(exam(course(reference=reference, cases=cases), mutate=True), "mutation")


@pytest.mark.parametrize(
    ("shape", "fitting", "other"),
    [
        ("_x - _x", "a[0] - a[0]", "a[0] - a[1]"),
        ("f(_x, *_axes)", "f(a, 1, dim=2)", "f(a, 1, keepdims=True)"),
        ("f(_x, **_keep)", "f(a, keepdim=b)", "f(a, b)"),
        ("f(_x, k=1, **_keep)", "f(a, keepdim=b, k=1)", "f(a, keepdim=b, k=2)"),
        ("f(_x, k=1)", "f(a, k=1)", "f(a)"),
        ("f(*_axes) + g(*_axes)", "f(axis=1) + g(axis=1)", "f(axis=1) + g(axis=0)"),
    ],
)
def test_a_shape_has_open_places(shape: str, fitting: str, other: str) -> None:
    found = [Shape(shape).parts(ast.parse(text, mode="eval").body) is not None for text in (fitting, other)]
    assert found == [True, False]


def test_an_open_place_is_filled_with_what_it_took() -> None:
    node = ast.parse("f(a, 1, keepdim=b)", mode="eval").body
    parts = Shape("f(_x, *_axes, **_keep)").parts(node)
    assert parts is not None
    assert Shape("g(_x, *_axes, **_keep) - h(_x, k=_x)").filled(parts) == "(g(a, 1, keepdim=b) - h(a, k=a))"


def test_a_name_counts_as_what_it_is_bound_to() -> None:
    defined = {"c": ast.parse("a - b", mode="eval").body}
    node = ast.parse("c * c", mode="eval").body
    assert Shape("(_x - _y) * (_x - _y)").parts(node) is None
    assert Shape("(_x - _y) * (_x - _y)").parts(node, defined) is not None
