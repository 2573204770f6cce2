"""A judge in a process of its own says what others say, and outlives whatever an answer does to it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import close, satisfies
from autograder.checks.judgement import Measured
from autograder.errors import MachineError
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.caching import Caching
from autograder.grading.judging import InProcess, Judge
from autograder.grading.record import world_seeds
from autograder.grading.separate import Limits, Separate
from autograder.grading.source import load_source
from autograder.grading.status import Status
from autograder.grading.worlds import Recorded
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import encode
from tests.small_course import write_course

SHAPES = {"three_numbers": (3,), "a_matrix": (3, 5), "mean_of_three": (3,), "mean_of_a_matrix": (3, 5)}
WORLDS = dict.fromkeys(SHAPES, Recorded(0))
QUICK = Limits(memory=300 * 2**20, seconds=0.3, brake=4.0)


def bundle_with(folder: Path, check: Callable[[Any, World], Measured] | None = None) -> Bundle:
    """The small course, whose case `a_matrix` is judged by `check`."""
    source = load_source(write_course(folder), "small")
    expected = {
        case: tuple(Expectation(s, encode(World(s).normal(SHAPES[case]))) for s in seeds)
        for case, seeds in world_seeds(source).items()
    }
    checks = {c.name: satisfies(check) if check and c.name == "a_matrix" else close() for c in source.cases.cases}
    cases = replace(source.cases, cases=tuple(replace(c, check=checks[c.name]) for c in source.cases.cases))
    return Bundle(source.spec, source.spec_text, cases, {}, expected)


def right(bundle: Bundle, **values: Any) -> dict[str, Answer]:
    given = {c: bundle.expected_value(c, Recorded(0)) for c in SHAPES} | values
    return {
        c: Answer(c, "returned", payload=encode(v), seconds=1.0, trace=("f()",), stdout="o") for c, v in given.items()
    }


@pytest.fixture
def separate() -> Iterator[Separate]:
    with Separate(QUICK) as judge:
        yield judge


MIXED = {
    "wrong": lambda b: right(b, a_matrix=2 * b.expected_value("a_matrix", Recorded(0))),
    "nothing": lambda b: right(b) | {"a_matrix": Answer("a_matrix", "timeout", message="too slow \ud800", seconds=9.0)},
    "told less": lambda b: (
        right(b)
        | {c: Answer(c, "crashed", message="in secret_case", told="it crashed") for c in ("three_numbers", "a_matrix")}
    ),
    "missing": lambda b: {c: a for c, a in right(b).items() if c != "a_matrix"},
    "not a value": lambda b: right(b) | {"a_matrix": Answer("a_matrix", "returned", payload=b"\xc1")},
    "infinite": lambda b: right(b, a_matrix=np.full((3, 5), np.inf)),
    "waiting": lambda b: right(b) | {"a_matrix": Answer("a_matrix", "waiting", message="a replay is to come")},
    "right": right,
}


@pytest.mark.parametrize("kind", MIXED)
def test_every_form_gives_the_same_verdicts(tmp_path: Path, separate: Separate, kind: str) -> None:
    bundle = bundle_with(tmp_path)
    given = MIXED[kind](bundle)
    judges: tuple[Judge, ...] = (InProcess(), Caching(), separate)
    found = [judge.verdicts(bundle, given, WORLDS) for judge in judges]
    assert found[0] == found[1] == found[2]
    assert found[0] == separate.verdicts(bundle, given, WORLDS)
    assert [v.status for v in found[0] if v.case.startswith("mean")] == ["passed"] * 2
    assert separate.starts == 1


def test_only_the_cases_asked_for_are_judged(tmp_path: Path, separate: Separate) -> None:
    bundle = bundle_with(tmp_path)
    assert [v.case for v in separate.verdicts(bundle, right(bundle), {"a_matrix": Recorded(0)})] == ["a_matrix"]


def eats_memory(outputs: Any, world: World) -> Measured:
    return Measured(float(np.ones(600 * 2**17).sum()) * 0)


def runs_for_ever(outputs: Any, world: World) -> Measured:
    while True:
        pass


def sleeps(outputs: Any, world: World) -> Measured:
    time.sleep(60)
    return Measured(0)


def dies(outputs: Any, world: World) -> Measured:
    os._exit(3)


def is_killed(outputs: Any, world: World) -> Measured:
    os.kill(os.getpid(), 9)
    return Measured(0)


@pytest.mark.parametrize(
    ("check", "why"),
    [
        (eats_memory, "it took too much memory"),
        (runs_for_ever, "it took more than 0.3 s of processor time"),
        (sleeps, "it took more than 4 s"),
        (dies, "its process ended (exit status 3)"),
        (is_killed, "its process ended (SIGKILL)"),
    ],
)
def test_what_ends_the_judge_costs_its_case_alone_and_is_the_graders_fault(
    tmp_path: Path, separate: Separate, check: Callable[[Any, World], Measured], why: str
) -> None:
    bundle = bundle_with(tmp_path, check)
    found = {v.case: v for v in separate.verdicts(bundle, right(bundle), WORLDS)}
    assert {c: v.status for c, v in found.items()} == dict.fromkeys(SHAPES, "passed") | {"a_matrix": Status.BROKEN}
    assert found["a_matrix"].message == f"the grader could not judge this answer, twice: {why}"
    assert separate.starts == 3  # the first, one for the case alone, one for the others
    good = separate.verdicts(bundle, right(bundle), {"three_numbers": Recorded(0)})
    assert (good[0].status, separate.starts) == ("passed", 3)


def once(folder: Path) -> Callable[[Any, World], Measured]:
    """A check that ends its process at its first call."""

    def check(outputs: Any, world: World) -> Measured:
        if not (folder / "seen").exists():
            (folder / "seen").touch()
            os._exit(1)
        return Measured(0.0)

    return check


def test_a_case_that_fails_once_is_judged_again_and_stands(tmp_path: Path, separate: Separate) -> None:
    bundle = bundle_with(tmp_path, once(tmp_path))
    assert [v.status for v in separate.verdicts(bundle, right(bundle), WORLDS)] == ["passed"] * 4
    assert separate.starts == 2


def test_too_many_of_them_end_the_judging_of_that_submission(tmp_path: Path) -> None:
    bundle = bundle_with(tmp_path)
    cases = replace(bundle.cases, cases=tuple(replace(c, check=satisfies(dies)) for c in bundle.cases.cases))
    with Separate(replace(QUICK, given_up=1)) as judge:
        found = judge.verdicts(replace(bundle, cases=cases), right(bundle), WORLDS)
    assert {v.status for v in found} == {Status.BROKEN}
    assert found[-1].message.endswith("2 other cases of this submission could not be judged")


def test_explanations_that_end_the_judge_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: Any) -> Any:
        os._exit(1)

    bundle = bundle_with(tmp_path)
    wrong = right(bundle, a_matrix=2 * bundle.expected_value("a_matrix", Recorded(0)))
    monkeypatch.setattr("autograder.grading.explainers.diagnose", end)
    with Separate(QUICK) as judge:
        found = {v.case: v for v in judge.verdicts(bundle, wrong, WORLDS)}
    assert (found["a_matrix"].status, found["a_matrix"].diagnosis) == ("failed", "")
    monkeypatch.undo()
    with Separate(QUICK) as judge:
        found = {v.case: v for v in judge.verdicts(bundle, wrong, WORLDS)}
    assert found["a_matrix"].diagnosis == "off by the factor 2"


def test_a_judge_that_never_works_is_said_to_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = bundle_with(tmp_path)
    monkeypatch.setattr("autograder.grading.judge_process._settle", lambda *_: os._exit(5))
    with Separate(QUICK) as judge, pytest.raises(MachineError, match="the judge's process does not work"):
        judge.verdicts(bundle, right(bundle), WORLDS)


def test_nothing_is_left_when_it_is_closed(tmp_path: Path) -> None:
    bundle = bundle_with(tmp_path)
    with Separate(QUICK) as judge:
        judge.verdicts(bundle, right(bundle), WORLDS)
        pid = judge._pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_holds_none_of_its_parents_descriptors(tmp_path: Path) -> None:
    bundle = bundle_with(tmp_path)
    reading, writing = os.pipe()
    with Separate(QUICK) as judge:
        judge.verdicts(bundle, right(bundle), WORLDS)
        os.close(writing)
        assert os.read(reading, 1) == b""  # the end of the pipe: nobody else has the other side
    os.close(reading)


def test_another_bundle_is_another_question(tmp_path: Path, separate: Separate) -> None:
    one = bundle_with(tmp_path)
    wide = replace(one, tolerances={"a_matrix": 10.0})
    wrong = right(one, a_matrix=2 * one.expected_value("a_matrix", Recorded(0)))
    assert [b.verdicts(x, wrong, WORLDS)[1].status for b in [separate] for x in (one, wide, one)] == [
        "failed", "passed", "failed",
    ]  # fmt: skip
