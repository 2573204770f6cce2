"""Named feedback: who makes a known mistake is told that one; who makes another is told none, or what kind it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sympy

from autograder.checks import close, derivation, real, satisfies
from autograder.checks.judgement import Measured
from autograder.grading.bundle import Bundle, MisconceptionRecord
from autograder.grading.feedback import choose, matches
from autograder.grading.judging import InProcess
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.grading.verdict import Verdict
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import encode
from tests.fakes import FakeSandbox
from tests.small_course import MISCONCEPTIONS, write_course

X = {"three_numbers": (3,), "a_matrix": (3, 5), "mean_of_three": (3,), "mean_of_a_matrix": (3, 5)}
Submit = Callable[..., Mapping[str, Verdict]]


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    text = MISCONCEPTIONS.replace('x is x + x."', 'x is x + x."\nhint = "Try x = 3."', 1)
    return build_bundle(FakeSandbox(), load_source(write_course(tmp_path, misconceptions=text), "small"))  # type: ignore[arg-type]


@pytest.fixture
def submit(bundle: Bundle) -> Submit:
    def judged(double: Callable[[np.ndarray], object], mean: Callable[[np.ndarray], object]) -> Mapping[str, Verdict]:
        values = {c: (mean if "mean" in c else double)(bundle.world(c, Recorded(1)).normal(s)) for c, s in X.items()}
        answers = {c: Answer(c, "returned", payload=encode(v)) for c, v in values.items()}
        return {v.case: v for v in InProcess().verdicts(bundle, answers, dict.fromkeys(X, Recorded(1)))}

    return judged


def twice(x: np.ndarray) -> object:
    return 2 * x


def test_a_known_mistake_is_named_in_every_case_that_shows_it(submit: Submit) -> None:
    verdicts = submit(lambda x: x * x, lambda x: float(x.sum()))
    assert [verdicts[c].misconception for c in X] == ["square", "square", "sum_for_mean", "sum_for_mean"]
    assert verdicts["mean_of_three"].feedback.startswith("You return the sum")


def test_the_hint_is_for_public_cases_and_the_whole_feedback_for_hidden_ones(submit: Submit) -> None:
    verdicts = submit(lambda x: x * x, lambda x: float(x.mean()))
    assert verdicts["three_numbers"].public
    assert verdicts["three_numbers"].feedback == "Try x = 3."
    assert verdicts["a_matrix"].feedback.startswith("You square the number")


def test_another_mistake_gets_a_generic_diagnosis_and_no_name(submit: Submit) -> None:
    verdicts = submit(lambda x: -2 * x, lambda x: float(x.mean()))
    assert {verdicts[c].misconception for c in X} == {""}
    assert "the sign is wrong" in verdicts["a_matrix"].diagnosis


def test_right_work_is_told_nothing(submit: Submit) -> None:
    verdicts = submit(twice, lambda x: float(x.mean()))
    assert {(v.status, v.misconception, v.feedback, v.diagnosis) for v in verdicts.values()} == {("passed", "", "", "")}


def record(name: str, **outputs: object) -> MisconceptionRecord:
    recorded = {case: (("returned", encode(value)),) * 3 for case, value in outputs.items()}
    return MisconceptionRecord(name, "double", name, "", recorded)


def chosen(bundle: Bundle, records: list[MisconceptionRecord], values: dict[str, object]) -> dict[str, str]:
    other = replace(bundle, misconceptions=tuple(records))
    found = {
        c: matches(other, c, close(), Answer(c, "returned", payload=encode(v)), Recorded(1)) for c, v in values.items()
    }
    return {case: m.id for case, m in choose(other, found, list(values)).items()}


def test_a_mistake_is_named_only_where_all_that_is_recorded_of_it_is_matched(bundle: Bundle) -> None:
    both = [record("both", three_numbers=1.5, a_matrix=2.5)]
    assert chosen(bundle, both, {"three_numbers": 1.5, "a_matrix": 2.5}) == {
        "three_numbers": "both",
        "a_matrix": "both",
    }
    assert chosen(bundle, both, {"three_numbers": 1.5, "a_matrix": 9.0}) == {}
    assert chosen(bundle, both, {"three_numbers": 1.5}) == {"three_numbers": "both"}  # the other was not run


def test_in_another_question_the_mistakes_own_question_must_show_it_too(bundle: Bundle) -> None:
    known = [record("double_is_wrong", three_numbers=1.5, mean_of_three=0.5)]
    assert chosen(bundle, known, {"three_numbers": 1.5, "mean_of_three": 0.5}) == {
        "three_numbers": "double_is_wrong",
        "mean_of_three": "double_is_wrong",
    }
    assert chosen(bundle, known, {"three_numbers": 7.5, "mean_of_three": 0.5}) == {}


def test_nan_alone_names_a_mistake_only_where_nothing_else_of_the_question_is_wrong(bundle: Bundle) -> None:
    known = (record("overflow", three_numbers=np.full(3, np.nan)),)
    other = replace(bundle, misconceptions=known)

    def told(matrix: object) -> dict[str, str]:
        values = {"three_numbers": np.full(3, np.nan), "a_matrix": matrix}
        answers = {c: Answer(c, "returned", payload=encode(v)) for c, v in values.items()}
        worlds = dict.fromkeys(values, Recorded(1))
        return {v.case: v.misconception for v in InProcess().verdicts(other, answers, worlds)}

    right = bundle.expected_value("a_matrix", Recorded(1))
    assert told(right) == {"three_numbers": "overflow", "a_matrix": ""}
    assert told(np.zeros((3, 5)))["three_numbers"] == "overflow"  # in public nothing is known of the hidden one
    hidden = (record("overflow", a_matrix=np.full((3, 5), np.nan), three_numbers=np.full(3, np.nan)),)
    other = replace(bundle, misconceptions=hidden)
    assert told(np.full((3, 5), np.nan)) == {"three_numbers": "overflow", "a_matrix": "overflow"}
    assert told(np.zeros((3, 5)))["a_matrix"] == ""


def test_what_is_as_near_to_the_right_outputs_as_a_match_must_be_is_no_mistake_of_the_list(bundle: Bundle) -> None:
    right = bundle.expected_value("three_numbers", Recorded(1))
    strict = satisfies(lambda outputs, world: Measured(float(np.max(np.abs(outputs - right)))), 1e-12)
    other = replace(bundle, misconceptions=(record("m", three_numbers=right * (1 + 3e-7)),))

    def told(value: np.ndarray) -> tuple[str, ...]:
        answer = Answer("three_numbers", "returned", payload=encode(value))
        return matches(other, "three_numbers", strict, answer, Recorded(1))

    assert told(right * (1 + 1e-8)) == ()
    assert told(right * (1 + 3e-7)) == ("m",)  # the very same, bit for bit


def test_of_two_that_match_the_one_that_fits_the_other_cases_is_named(bundle: Bundle) -> None:
    narrow, wide = record("narrow", three_numbers=1.5), record("wide", three_numbers=1.5, a_matrix=2.5)
    assert chosen(bundle, [narrow, wide], {"three_numbers": 1.5, "a_matrix": 2.5}) == {
        "three_numbers": "wide",
        "a_matrix": "wide",
    }
    assert chosen(bundle, [narrow, wide], {"three_numbers": 1.5}) == {}


def test_where_the_same_function_is_wrong_in_another_way_too_nothing_is_named(bundle: Bundle) -> None:
    narrow = record("narrow", three_numbers=1.5)
    assert chosen(bundle, [narrow], {"three_numbers": 1.5}) == {"three_numbers": "narrow"}
    assert chosen(bundle, [narrow], {"three_numbers": 1.5, "a_matrix": 9.0}) == {}
    assert chosen(bundle, [narrow], {"three_numbers": 1.5, "mean_of_three": 9.0}) == {"three_numbers": "narrow"}


def test_two_that_cannot_be_told_apart_are_not_named(bundle: Bundle) -> None:
    twins = [record("one", three_numbers=1.5), record("two", three_numbers=1.5)]
    assert chosen(bundle, twins, {"three_numbers": 1.5}) == {}


def test_what_a_public_case_is_told_hangs_on_no_hidden_one(bundle: Bundle) -> None:
    """Three mistakes that look alike in public: which one it is must not show what the hidden input was."""
    records = tuple(record(n, three_numbers=1.5, a_matrix=v) for n, v in (("one", 2.5), ("two", 3.5), ("three", 4.5)))
    other = replace(bundle, misconceptions=records)
    worlds = {"three_numbers": Recorded(1), "a_matrix": Recorded(1)}
    for hidden, name in ((2.5, "one"), (3.5, "two")):
        values = {"three_numbers": 1.5, "a_matrix": hidden}
        answers = {c: Answer(c, "returned", payload=encode(v)) for c, v in values.items()}
        told = {v.case: v.misconception for v in InProcess().verdicts(other, answers, worlds)}
        assert told == {"three_numbers": "", "a_matrix": name}
    told_apart = replace(bundle, misconceptions=(records[0], record("other", three_numbers=9.5)))
    answers = {"three_numbers": Answer("three_numbers", "returned", payload=encode(1.5))}
    (verdict,) = InProcess().verdicts(told_apart, answers, {"three_numbers": Recorded(1)})
    assert verdict.misconception == "one"


def test_the_same_nan_is_the_same_mistake(bundle: Bundle) -> None:
    value = np.array([np.nan, 1.0, 2.0])
    records = [record("overflow", three_numbers=value)]
    assert chosen(bundle, records, {"three_numbers": value.copy() + 1e-12}) == {"three_numbers": "overflow"}
    assert chosen(bundle, records, {"three_numbers": np.array([1.0, np.nan, 2.0])}) == {}


@pytest.mark.parametrize(
    ("status", "mine", "recorded", "same"),
    [
        ("timeout", "after 2 s", "after 10 s", True),
        ("error", "IndexError: index 3 (line 4, in f)", "IndexError: index 3 (line 9, in g)", True),
        ("error", "IndexError: index 3 is out of bounds", "ValueError: shapes differ", False),
        ("error", "NameError: name 'x' is not defined", "NameError: name 'x' is not defined", False),
        ("crashed", "segmentation fault", "segmentation fault", False),
    ],
)
def test_runs_that_return_nothing_match_by_a_telling_end(
    bundle: Bundle, status: str, mine: str, recorded: str, same: bool
) -> None:
    known = MisconceptionRecord("m", "double", "f", "", {"a_matrix": ((status, recorded.encode()),) * 3})
    other = replace(bundle, misconceptions=(known,))
    found = matches(other, "a_matrix", close(), Answer("a_matrix", status, message=mine), Recorded(1))  # type: ignore[arg-type]
    assert found == (("m",) if same else ())


def test_a_derivation_matches_by_the_wrong_answer_at_its_end(bundle: Bundle) -> None:
    x = sympy.Symbol("x")
    right = [sympy.Derivative(x**3, x), 3 * x**2]
    wrong, mine, other = [right[0], 2 * x**2], [right[0], x * x, x**2 + x**2], [right[0], 5 * x**2]
    check = derivation(1, {"x": real(0.5, 2)})
    known = record("exponent", three_numbers=wrong)
    expected = {"three_numbers": tuple(replace(w, payload=encode(right)) for w in bundle.expected["three_numbers"])}
    changed = replace(bundle, misconceptions=(known,), expected={**bundle.expected, **expected})

    def told(lines: object) -> tuple[str, ...]:
        return matches(
            changed, "three_numbers", check, Answer("three_numbers", "returned", payload=encode(lines)), Recorded(1)
        )

    assert told(mine) == ("exponent",)
    assert told(other) == ()
