"""Readings: a machine-made mistake is recognised by its fingerprints, told by words alone, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from autograder.authoring.world import World
from autograder.checks import close, equivalent, real
from autograder.checks.fingerprints import Fingerprint, ending, fingerprint
from autograder.grading.bundle import Bundle, from_files, to_files
from autograder.grading.judging import InProcess
from autograder.grading.mutants_file import FILE, fresh, kept
from autograder.grading.readings import MachineMade, Reading, Shown
from autograder.grading.record import build_bundle, world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.worlds import Recorded
from autograder.release.handout import public_bundle
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import decode, encode
from tests.fakes import FakeSandbox
from tests.small_course import write_course

RNG = np.random.default_rng(1)
A = RNG.normal(size=(3, 4))


def of(value: Any, expected: Any = A, check: Any = None) -> Fingerprint:
    return fingerprint(decode(encode(value)), decode(encode(expected)), check or close(), World(1), 1e-9)


def alike(a: Fingerprint, b: Fingerprint) -> bool:
    return a.form == b.form and abs(a.mark - b.mark) <= max(a.reach, b.reach)


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (A * 2, A * 2 * (1 + 1e-13), True),
        (A * 2, A * 2.0001, False),
        (A * 2, A.T * 2, False),
        (A, A[::-1], False),
        ((A * 2).astype(np.float32), (A * 2 * (1 + 1e-6)).astype(np.float32), True),
        (np.where(A > 1, np.nan, A), np.where(A > 1, np.nan, A * (1 + 1e-13)), True),
        (np.where(A > 1, np.nan, A), np.where(A < -1, np.nan, A), False),
        ({"a": 1, "b": [A, "x"]}, {"b": [A, "x"], "a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ([Fraction(1, 3)], [Fraction(2, 6)], True),
        (np.array([1, 2]), np.array([1, 3]), False),
        (True, 1, False),
    ],
)
def test_two_answers_are_the_same_up_to_rounding(mine: Any, theirs: Any, same: bool) -> None:
    assert alike(of(mine), of(theirs)) == same


def test_formulas_are_compared_by_their_values() -> None:
    x = sympy.Symbol("x")
    check = equivalent({"x": real(0.5, 2)})
    assert alike(of((x + 1) ** 2, x, check), of(x**2 + 2 * x + 1, x, check))
    assert not alike(of((x + 1) ** 2, x, check), of(x**2 + 2 * x, x, check))


def test_an_answer_without_a_value_tells_little() -> None:
    assert not of(np.full(3, np.nan)).telling
    assert not of(None).telling
    assert of(0.5).telling
    assert not ending("timeout", "after 2 s").telling
    assert (
        ending("error", "IndexError: no (x.py, line 3)").form == ending("error", "IndexError: no (y.py, line 9)").form
    )


def test_a_fingerprint_does_not_tell_the_values() -> None:
    """One number for twelve: many arrays have it."""
    mark = of(A).mark
    assert isinstance(mark, float)
    moved = A.copy()
    weights = np.array([of(np.eye(12)[i].reshape(3, 4), np.ones((3, 4))).mark for i in range(12)]).reshape(3, 4)
    moved[0, 0] += weights[0, 1]
    moved[0, 1] -= weights[0, 0]
    scaled = fingerprint(moved, np.ones((3, 4)) * np.abs(A).max(), close(), World(1), 1e-9)
    again = fingerprint(A, np.ones((3, 4)) * np.abs(A).max(), close(), World(1), 1e-9)
    assert alike(scaled, again)


SQUARE, TWICE = Reading("double", "a factor is there twice"), Reading("double", "it has the wrong factor")
MEAN = Reading("mean", "a sum is taken in place of a mean")


@pytest.fixture
def source(tmp_path: Path) -> AssignmentSource:
    return load_source(write_course(tmp_path, misconceptions=""), "small")


@pytest.fixture
def bundle(source: AssignmentSource) -> Bundle:
    return build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]


def inputs(bundle: Bundle, case: str, world: int) -> Any:
    shape = (3, 5) if "matrix" in case else (3,)
    return bundle.world(case, Recorded(world)).normal(shape)


FOUR = (SQUARE, "double", lambda x: 4 * x * x)
ODD = (MEAN, "mean", lambda x: float(x.sum() - 1))


def made(bundle: Bundle, *mutants: tuple[Reading, str, Callable[[Any], Any]]) -> MachineMade:
    """Fingerprints of mutants, each a reading, the word that its cases' names have, and a function of the input."""
    shown: dict[str, list[Shown]] = {}
    for case, several in bundle.expected.items():
        for world in range(len(several)):
            rows = []
            for number, (_, name, function) in enumerate(mutants):
                if name in case or (name == "double" and "mean" not in case):
                    value = decode(encode(function(inputs(bundle, case, world))))
                    right = bundle.expected_value(case, Recorded(world))
                    rows.append((number, fingerprint(value, right, close(), World(1), 1e-9)))
            shown.setdefault(case, []).append(Shown.of(rows, []))
    readings = tuple(dict.fromkeys(m[0] for m in mutants))
    return MachineMade(readings, tuple(readings.index(m[0]) for m in mutants), {c: tuple(s) for c, s in shown.items()})


def told(bundle: Bundle, **functions: Callable[[Any], Any]) -> dict[str, str]:
    values = {c: functions["mean" if "mean" in c else "double"](inputs(bundle, c, 1)) for c in bundle.expected}
    answers = {c: Answer(c, "returned", payload=encode(v)) for c, v in values.items()}
    return {v.case: v.diagnosis for v in InProcess().verdicts(bundle, answers, dict.fromkeys(values, Recorded(1)))}


def mean(x: Any) -> float:
    return float(np.mean(x))


def test_one_reading_that_fits_all_cases_of_the_question_is_told(bundle: Bundle) -> None:
    with_mutants = replace(
        bundle,
        mutants=made(bundle, (SQUARE, "double", lambda x: 4 * x * x), (MEAN, "mean", lambda x: float(x.sum() - 1))),
    )
    said = told(with_mutants, double=lambda x: 4 * x * x, mean=mean)
    assert (
        said["three_numbers"]
        == said["a_matrix"]
        == ("these are the values that come back when a factor is there twice in `double`")
    )
    assert said["mean_of_three"] == ""


def test_no_reading_where_one_case_of_the_question_is_another(bundle: Bundle) -> None:
    with_mutants = replace(bundle, mutants=made(bundle, (SQUARE, "double", lambda x: 4 * x * x)))
    said = told(with_mutants, double=lambda x: 4 * x * x if x.ndim == 1 else 5 * x**3, mean=mean)
    assert "these are" in said["three_numbers"]  # all that is public fits
    assert "these are" not in said["a_matrix"]
    right = told(with_mutants, double=lambda x: 4 * x * x if x.ndim > 1 else 2 * x, mean=mean)
    assert "these are" not in right["a_matrix"]  # a case that the mutant fails passes


def test_of_two_readings_in_one_function_the_function_is_told(bundle: Bundle) -> None:
    twins = made(bundle, FOUR, (replace(SQUARE, words="a term is left out"), "double", FOUR[2]))
    said = told(replace(bundle, mutants=twins), double=lambda x: 4 * x * x, mean=mean)
    assert said["a_matrix"].endswith("small mistakes in `double` come to the same: look there")
    assert said["a_matrix"].startswith("the square of the right value; ")  # what the inputs say comes first
    apart = made(bundle, FOUR, (replace(SQUARE, functions="other"), "double", FOUR[2]))
    assert "`double`" not in told(replace(bundle, mutants=apart), double=lambda x: 4 * x * x, mean=mean)["a_matrix"]


def test_where_nothing_came_back_the_words_say_how_it_ends(bundle: Bundle) -> None:
    mutants = made(bundle, FOUR)
    assert mutants.sentence({0}).startswith("these are the values that come back when a factor")
    assert mutants.sentence({0}, valued=False) == "it ends like this when a factor is there twice in `double`"


def test_a_helper_is_told_by_the_functions_that_students_have(bundle: Bundle) -> None:
    helper = made(bundle, (replace(SQUARE, functions="_twice"), "double", FOUR[2]))
    told = "these are the values that come back when a factor is there twice in "
    assert helper.named({"_twice": ("double",)}).sentence({0}) == f"{told}`double`"
    assert helper.named({"_twice": ("double", "mean")}).sentence({0}) == f"{told}`double` and `mean`"
    assert helper.named({"double": ("double",)}).sentence({0}) == f"{told}`_twice`"  # nothing is known of it
    method = made(bundle, (replace(SQUARE, functions="Model.forward"), "double", FOUR[2]))
    assert method.named({"Model": ("Model",)}).sentence({0}) == f"{told}`Model.forward`"


def test_by_exceptions_alone_no_reading_is_told_but_the_function(bundle: Bundle) -> None:
    with_mutants = replace(bundle, mutants=ends(bundle))
    answers = {c: Answer(c, "error", message="ValueError: no") for c in bundle.expected if "mean" not in c}
    verdicts = InProcess().verdicts(with_mutants, answers, dict.fromkeys(answers, Recorded(1)))
    assert {v.diagnosis for v in verdicts} == {"small mistakes in `double` come to the same: look there"}


def ends(bundle: Bundle) -> MachineMade:
    """One mutant of `double` that raises."""
    mark = ending("error", "ValueError: no")
    shown = {
        c: tuple(Shown.of([(0, mark)] if "mean" not in c else [], []) for _ in several)
        for c, several in bundle.expected.items()
    }
    return MachineMade((SQUARE,), (0,), shown)


def test_what_people_write_is_told_before_what_a_machine_makes_up(bundle: Bundle) -> None:
    both = made(bundle, (SQUARE, "double", lambda x: 4 * x * x), (TWICE, "double", lambda x: 4 * x * x))
    said = told(replace(bundle, mutants=both), double=lambda x: 4 * x * x, mean=mean)
    assert said["a_matrix"].endswith("when it has the wrong factor in `double`")


def test_a_bundle_keeps_them_and_a_handout_has_only_those_whose_values_it_ships(bundle: Bundle) -> None:
    whole = replace(
        bundle,
        mutants=made(bundle, (SQUARE, "double", lambda x: 4 * x * x), (MEAN, "mean", lambda x: float(x.sum() - 1))),
    )
    back = from_files(to_files(whole), "here")
    assert back.mutants is not None
    assert back.mutants.to_bytes() == whole.mutants.to_bytes()  # type: ignore[union-attr]
    assert (back.reach, back.signatures) == (whole.reach, whole.signatures)
    assert back.digest == whole.digest
    public = public_bundle(whole)
    assert public.mutants is not None
    assert {c: len(s) for c, s in public.mutants.shown.items()} == {"three_numbers": 1, "mean_of_three": 1}
    assert set(public.reach) == {"three_numbers", "mean_of_three"}


def test_hidden_values_cannot_be_rebuilt_from_a_handout(bundle: Bundle) -> None:
    """Whatever hidden cases and other worlds hold, the handout is the same, byte for byte: nothing is there to use."""
    whole = replace(bundle, mutants=made(bundle, FOUR, ODD))
    assert whole.mutants is not None
    other = {
        c: tuple(s if "matrix" not in c and w == 0 else replace(s, marks=s.marks + 1.5) for w, s in enumerate(several))
        for c, several in whole.mutants.shown.items()
    }
    changed = replace(whole, mutants=replace(whole.mutants, shown=other))
    assert to_files(changed) != to_files(whole)
    assert to_files(public_bundle(changed)) == to_files(public_bundle(whole))


def test_the_file_speaks_of_what_it_was_made_from(source: AssignmentSource, bundle: Bundle) -> None:
    seeds = world_seeds(source)
    content = made(bundle, (SQUARE, "double", lambda x: 4 * x * x))
    path = source.private_folder / FILE
    assert fresh(source, seeds) is None
    path.write_bytes(kept(source, seeds, content))
    found = fresh(source, seeds)
    assert found is not None
    assert found.to_bytes() == content.to_bytes()
    assert build_bundle(FakeSandbox(), source).mutants is not None  # type: ignore[arg-type]
    assert fresh(replace(source, reference=source.reference + "\nx = 1\n"), seeds) is None
    other = fresh(source, {**seeds, "a_matrix": (1, 2, 3)})
    assert other is not None
    assert "a_matrix" not in other.shown
    path.write_bytes(b"no file of ours")
    assert fresh(source, seeds) is None
