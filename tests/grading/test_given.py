"""What a case gives to the student's functions, and what that tells of a wrong answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.case import Case
from autograder.authoring.world import World
from autograder.checks import close, exact
from autograder.checks.judgement import Check
from autograder.grading.bundle import Bundle
from autograder.grading.from_inputs import told_by_inputs
from autograder.grading.given import given_in
from autograder.grading.judging import InProcess
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode, encode
from tests.fakes import FakeSandbox
from tests.small_course import write_course

PARAMETERS = {"f": ("x", "axis"), "theorems": ("d_in", "d_out", "width", "norm")}


def case_of(probe: Callable[[Any, Any], Any]) -> Case:
    return Case("c", "q", True, "", probe, None, 3)


def one(student: Any, world: Any) -> Any:
    return student.f(world.normal((3, 4)), axis=1)


def several(student: Any, world: Any) -> Any:
    return {"of": [student.theorems(d, 1, d + 2, norm) for d in (1, 2, 3) for norm in ("sup", "L1")], "k": student.f(7)}


def computed(student: Any, world: Any) -> Any:
    return student.f(world.normal((2,))) + 1


def closure(student: Any, world: Any) -> Any:
    out, vjp = student.f(world.normal((2,)))
    return vjp(out)


def test_the_arguments_of_a_call_are_known_by_the_names_of_its_parameters() -> None:
    given = given_in(case_of(one), World(5), PARAMETERS)
    (call,) = given.calls
    assert (call.function, list(call.given), given.places[()]) == ("f", ["x", "axis"], call)
    assert np.array_equal(call.given["x"], World(5).normal((3, 4)))
    assert call.text == "f(array of shape (3, 4), 1)"


def test_parts_of_the_outputs_are_known_by_their_call() -> None:
    given = given_in(case_of(several), World(5), PARAMETERS)
    assert len(given.calls) == 7
    assert given.places["of", 3].text == "theorems(2, 1, 4, 'L1')"
    assert given.places["k",].text == "f(7)"


@pytest.mark.parametrize("probe", [computed, closure])
def test_where_a_probe_computes_with_what_comes_back_its_calls_until_then_are_known(probe: Any) -> None:
    given = given_in(case_of(probe), World(5), PARAMETERS)
    assert [c.function for c in given.calls] == ["f"]
    assert given.places == {}


def test_a_probe_that_raises_and_one_that_never_ends_do_no_harm() -> None:
    def raises(student: Any, world: Any) -> Any:
        raise ValueError("no")

    def endless(student: Any, world: Any) -> Any:
        while True:
            student.f(1)

    assert given_in(case_of(raises), World(5), {}).calls == ()
    assert len(given_in(case_of(endless), World(5), {}).calls) == 400


def told(probe: Any, wrong: Callable[[Any], Any], right: Callable[[Any], Any], check: Check) -> dict[str, str]:
    def outputs(function: Callable[..., Any]) -> Any:
        class Student:
            theorems = staticmethod(function)
            f = staticmethod(function)

        return decode(encode(probe(Student, World(5))))

    return told_by_inputs(
        check, outputs(wrong), outputs(right), given_in(case_of(probe), World(5), PARAMETERS), World(5)
    )


def test_what_is_missing_is_found_among_the_inputs() -> None:
    right = lambda x, axis: np.log(np.exp(x).sum(axis))  # noqa: E731
    wrong = lambda x, axis: right(x, axis) - x.max(axis)  # noqa: E731
    assert told(one, wrong, right, close()) == {
        "diagnosis": "yours is the right value minus max(x) of its row, in every entry"
    }


def test_where_it_is_wrong_is_found_among_the_inputs() -> None:
    right = lambda x, axis: np.maximum(x, 0)  # noqa: E731
    wrong = lambda x, axis: np.where(x < 0, x / 10, x)  # noqa: E731
    assert told(one, wrong, right, close()) == {"diagnosis": "wrong exactly where `x` < 0"}


def test_of_several_calls_those_that_are_wrong_are_described_and_the_first_is_named() -> None:
    right = lambda *a: ["lecture"] if a[-1] == "sup" else []  # noqa: E731
    wrong = lambda *a: []  # noqa: E731
    found = told(several, wrong, right, exact())
    assert found["call"] == "theorems(1, 1, 3, 'sup')"
    assert found["diagnosis"] == "wrong exactly where `norm` is 'sup'"


def mixed(student: Any, world: Any) -> Any:
    return {"area": [student.f(n) for n in (2, 3, 5)], "names": [student.theorems(1, d, 2, "sup") for d in (1, 2)]}


def test_of_the_function_that_is_wrong_first_it_is_said_what_is_wrong_with_it() -> None:
    right = lambda *a: a[0] ** 2 if len(a) == 1 else [1, 4, 9][: a[1]]  # noqa: E731
    half = lambda *a: a[0] ** 2 * 3 if len(a) == 1 else right(*a)[::-1]  # noqa: E731
    found = told(mixed, half, right, exact())
    assert (found["call"], found["first"]) == ("f(2)", "in the calls of `f`: off by the factor 3")
    more = lambda *a: right(*a) if len(a) == 1 else [*right(*a), 7]  # noqa: E731
    assert (
        told(mixed, more, right, exact())["first"] == "in this call: the last entry is too many; the others are right"
    )


def test_a_right_call_is_told_beside_the_first_wrong_one() -> None:
    right = lambda *a: math.sin(a[0]) if len(a) == 1 else []  # noqa: E731
    wrong = lambda *a: right(*a) if a[0] != 3 else 0.7  # noqa: E731
    assert told(mixed, wrong, right, close())["first"] == "`f(2)` is right, `f(3)` is not"
    assert "first" not in told(mixed, lambda *a: a[0] ** 0.3 if len(a) == 1 else [], right, close())


def chained(student: Any, world: Any) -> Any:
    first = student.f(world.normal((2,)))
    return [student.f(first, axis=[first, 1]), student.f({"a": first})]


def test_what_one_call_returned_may_be_given_to_another() -> None:
    given = given_in(case_of(chained), World(5), PARAMETERS)
    assert [c.text for c in given.calls] == ["f(array of shape (2,))", "f(…, […, 1])", "f({…})"]


def test_where_nothing_is_true_of_all_wrong_parts_nothing_is_said() -> None:
    noise = lambda x, axis: x + np.sin(50 * x)  # noqa: E731
    assert told(one, noise, lambda x, axis: x, close()) == {}


CASES = '''"""Cases of the small assignment."""

from autograder.authoring import case
from autograder.checks import close, exact


@case("double", public=True, check=close())
def three_numbers(student, world):
    """Twice three numbers."""
    return student.double(world.away_from_zero((7,)))


@case("double", check=exact())
def whole_numbers(student, world):
    """Twice -3 to 4."""
    return [student.double(n) for n in range(-3, 5)]


@case("mean", public=True, check=close())
def mean_of_three(student, world):
    """The mean of three numbers."""
    return student.mean(world.normal((3,)))


@case("mean", check=close())
def mean_of_a_matrix(student, world):
    """The mean of a matrix."""
    return student.mean(world.normal((3, 5)))
'''


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    root = write_course(tmp_path, cases=CASES, misconceptions="")
    return build_bundle(FakeSandbox(), load_source(root, "small"))  # type: ignore[arg-type]


def test_a_judge_says_so(bundle: Bundle) -> None:
    x = bundle.world("three_numbers", Recorded(1)).away_from_zero((7,))
    values = {
        "three_numbers": np.where(x < 0, x, 2 * x),
        "whole_numbers": [2 * n if n > 0 else 0 for n in range(-3, 5)],
    }
    answers = {c: Answer(c, "returned", payload=encode(v)) for c, v in values.items()}
    verdicts = {v.case: v for v in InProcess().verdicts(bundle, answers, dict.fromkeys(values, Recorded(1)))}
    assert verdicts["three_numbers"].diagnosis == "wrong exactly where `x` < 0"
    assert verdicts["whole_numbers"].diagnosis == "wrong exactly where `x` < 0"
    assert verdicts["whole_numbers"].where == "double(-3)"
    assert "[0]" not in verdicts["whole_numbers"].message


def test_a_factor_is_named_by_what_it_is_the_size_of(bundle: Bundle) -> None:
    x = bundle.world("mean_of_a_matrix", Recorded(1)).normal((3, 5))
    answers = {"mean_of_a_matrix": Answer("mean_of_a_matrix", "returned", payload=encode(float(x.mean() / 15)))}
    (verdict,) = InProcess().verdicts(bundle, answers, {"mean_of_a_matrix": Recorded(1)})
    assert "1/15" in verdict.diagnosis or "15" in verdict.diagnosis
