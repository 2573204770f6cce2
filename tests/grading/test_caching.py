"""The judge of a cohort says what judging each submission by itself says, and judges like answers once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import satisfies
from autograder.checks.judgement import Measured
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.caching import Caching
from autograder.grading.judging import InProcess
from autograder.grading.record import world_seeds
from autograder.grading.source import load_source
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import encode
from tests.small_course import write_course

SHAPES = {"three_numbers": (3,), "a_matrix": (3, 5), "mean_of_three": (3,), "mean_of_a_matrix": (3, 5)}


class Counting:
    """A check's predicate that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, outputs: object, world: World) -> Measured:
        self.calls += 1
        return Measured(0.0 if isinstance(outputs, (float, np.ndarray)) else np.inf, "not a number")


@pytest.fixture
def predicate() -> Counting:
    return Counting()


@pytest.fixture
def bundle(tmp_path: Path, predicate: Counting) -> Bundle:
    source = load_source(write_course(tmp_path), "small")
    expected = {
        case: tuple(Expectation(s, encode(World(s).normal(SHAPES[case]))) for s in seeds)
        for case, seeds in world_seeds(source).items()
    }
    cases = replace(source.cases, cases=tuple(replace(c, check=satisfies(predicate)) for c in source.cases.cases))
    return Bundle(source.spec, source.spec_text, cases, {}, expected)


def answers(seconds: float, **values: object) -> dict[str, Answer]:
    rows = dict.fromkeys(SHAPES, 1.5) | values
    return {
        case: Answer(case, "returned", payload=encode(value), seconds=seconds, stdout=f"printed after {seconds}")
        for case, value in rows.items()
    }


def test_the_same_answers_are_judged_once_and_keep_what_is_their_own(bundle: Bundle, predicate: Counting) -> None:
    judge, worlds = Caching(), dict.fromkeys(SHAPES, Recorded(0))
    for seconds in (1.0, 2.0, 3.0):
        given = answers(seconds, a_matrix="wrong")
        assert judge.verdicts(bundle, given, worlds) == InProcess().verdicts(bundle, given, worlds)
    assert predicate.calls == 4 + 3 * 4  # four by this judge, the others by the one that remembers nothing
    assert [v.seconds for v in judge.verdicts(bundle, answers(9.0), worlds)] == [9.0] * 4


@pytest.mark.parametrize("change", ["payload", "status", "message", "told", "world", "bundle"])
def test_nothing_that_a_verdict_hangs_on_is_overlooked(bundle: Bundle, predicate: Counting, change: str) -> None:
    judge, worlds, given = Caching(), dict.fromkeys(SHAPES, Recorded(0)), answers(1.0)
    judge.verdicts(bundle, given, worlds)
    if change == "world":
        worlds["a_matrix"] = Recorded(1)
    elif change == "bundle":
        bundle = replace(bundle, tolerances={"a_matrix": 0.5})
    else:
        new = {"payload": encode("x"), "status": "error", "message": "else", "told": "less"}[change]
        given["a_matrix"] = replace(given["a_matrix"], **{change: new})  # type: ignore[arg-type]
    before = predicate.calls
    assert judge.verdicts(bundle, given, worlds) == InProcess().verdicts(bundle, given, worlds)
    anew = {"payload": 1, "status": 0, "message": 1, "told": 1, "world": 1, "bundle": 4}[change]
    assert predicate.calls - before == anew + (4 if change != "status" else 3)


def test_only_so_much_is_kept(bundle: Bundle, predicate: Counting) -> None:
    judge, worlds = Caching(most=4), dict.fromkeys(SHAPES, Recorded(0))
    for value in (1.0, 2.0, 1.0):
        judge.verdicts(bundle, answers(1.0, **dict.fromkeys(SHAPES, value)), worlds)
    assert predicate.calls == 8  # the explanation of the first four is still known
    judge = Caching(most=1)
    for value in (1.0, 2.0, 1.0):
        judge.verdicts(bundle, answers(1.0, **dict.fromkeys(SHAPES, value)), worlds)
    assert predicate.calls == 8 + 12


def test_cases_that_were_not_run_get_no_verdict(bundle: Bundle) -> None:
    given = answers(1.0)
    assert [v.case for v in Caching().verdicts(bundle, given, {"a_matrix": 0})] == ["a_matrix"]
