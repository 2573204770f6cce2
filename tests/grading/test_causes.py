"""Plain causes: the exceptions that beginners meet, raised by the libraries themselves, and what is said of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from autograder.grading.causes import parts_of, plain_cause

X = sympy.Symbol("x")
A = np.ones(3)


def no_return(x: Any) -> None:
    x + 1


def late() -> Any:
    if len(A) > 5:
        value = 1
    return value


def pair(value: Any) -> Any:
    first, second = value
    return first, second


def only(value: Any) -> Any:
    (first,) = value
    return first


def told(error: Exception, place: str = "hw.py, line 4, in `f`: `return g(z)`") -> str:
    return plain_cause(f"{type(error).__name__}: {error} ({place})")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: bool(A > 0), "an array has many truth values"),
        (lambda: bool(torch.ones(3) > 0), "an array has many truth values"),
        (lambda: A ^ 2, "a power is written `**`"),
        (lambda: X ^ 2, "a power is written `**`"),
        (lambda: bool(X > 0), "neither true nor false yet"),
        (lambda: np.exp(X), "in formulas it is sympy.exp"),
        (lambda: np.exp(np.array([Fraction(1, 2)])), "takes floats"),
        (lambda: math.exp(X), "no number yet"),
        (lambda: np.ones((3, 4)) @ np.ones((5, 2)), "here they are 4 and 5"),
        (lambda: np.dot(np.ones((3, 4)), np.ones((5, 2))), "here they are 4 and 5"),
        (lambda: torch.ones(3, 4) @ torch.ones(5, 2), "here they are 4 and 5"),
        (lambda: torch.ones(3, 4) @ torch.ones(4, 2, dtype=torch.float64), "different dtypes"),
        (lambda: torch.ones(3) + torch.ones(3, device="meta"), "different devices"),
        (lambda: torch.ones(1, requires_grad=True).numpy(), "x.detach().numpy()"),
        (lambda: torch.ones(3, requires_grad=True).add_(1), "changed in place"),
        (lambda: torch.ones(3, requires_grad=True).mul(2).backward(), "gradients are those of one number"),
        (lambda: torch.ones(3).sum().backward(), "nothing leads back"),
        (lambda: A + np.ones(4), "cannot be paired"),
        (lambda: torch.ones(3) + torch.ones(4), "cannot be paired"),
        (lambda: A[3], "of 3 entries the last has the index 2"),
        (lambda: torch.ones(3)[3], "of 3 entries the last has the index 2"),
        (lambda: np.ones((2, 1))[:, 1], "an axis of length 1 has the index 0 alone"),
        (lambda: torch.ones(1, 3)[1], "an axis of length 1 has the index 0 alone"),
        (lambda: [1][1], "of n entries"),
        (lambda: no_return(1) + 1, "print is not return"),
        (lambda: no_return(1)[0], "print is not return"),
        (lambda: pair(None), "print is not return"),
        (lambda: pair([1]), "the left side has 2 names, and the right side 1 value"),
        (lambda: pair([1, 2, 3]), "the left side has 2 names, and the right side more values"),
        (lambda: list(range(2.5)), "`//` whole numbers"),
        (lambda: math.exp(A), "an array stands where one number is asked for"),
        (lambda: [1] - [2], "np.asarray(x) first"),
        (lambda: [1] * 2.5, "np.asarray(x) first"),
        (lambda: A(3), "a value is called like a function"),
        (late, "`value` gets a value in this function"),
        (lambda: math.sqrt(-1), "for which it is not defined"),
        (lambda: no_return(), "`no_return` is called with other arguments"),
        (lambda: no_return(1, 2), "`no_return` is called with other arguments"),
        (lambda: no_return(y=2), "`no_return` is called with other arguments"),
    ],
)
def test_the_cause_of_a_librarys_exception(act: Callable[[], Any], words: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # whatever the library raises
        act()
    assert words in told(caught.value)


def test_parameters_are_to_stay_only_where_the_case_makes_the_call() -> None:
    with pytest.raises(TypeError) as caught:
        no_return()  # type: ignore[call-arg]
    here = "in the test case, at `student.no_return()`"
    assert told(caught.value, here).endswith("its parameters are to stay as they were handed out")
    own = told(caught.value, "hw.py, line 4, in `loss`: `return no_return()`")
    assert own == "`no_return` is called with other arguments than its definition takes"


def test_the_line_decides_between_max_and_if() -> None:
    with pytest.raises(ValueError, match="ambiguous") as caught:
        max(0, A)  # type: ignore[call-overload]
    assert "np.maximum(0, z)" in told(caught.value, "hw.py, line 4, in `relu`: `return max(0, z)`")
    assert "np.where" in told(caught.value, "hw.py, line 4, in `relu`: `if z > 0:`")
    assert "np.where" in told(caught.value, "hw.py, line 4, in `relu`: `if z.max(0):`")


def test_in_the_cases_own_line_the_function_is_to_return_a_tuple() -> None:
    place = "in the test case, at `out, vjp = student.op(z)`"
    with pytest.raises(ValueError, match="unpack") as caught:
        pair([1])
    assert told(caught.value, place) == (
        "the case takes 2 values from what came back, and found 1: return a tuple of 2"
    )
    with pytest.raises(ValueError, match="unpack") as caught:
        only([1, 2])
    assert "a tuple of one is written `(x,)`" in told(caught.value, place)


def test_of_other_exceptions_nothing_is_said() -> None:
    for text in ("ValueError: no (hw.py, line 3, in `f`)", "KeyError: 'W1'", "", "after 2 s (hw.py, line 3)"):
        assert plain_cause(text) == ""


def test_the_text_of_an_exception_and_the_line_are_told_apart() -> None:
    message = "TypeError: f(x) (a (b) c) (hw.py, line 4, in `f`: `return g(1) (2)`)"
    assert parts_of(message) == ("TypeError: f(x) (a (b) c)", "return g(1) (2)")
    assert parts_of("ValueError: x") == ("ValueError: x", "")
