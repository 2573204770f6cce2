"""Bundles, verdicts, grades and evidence, from recorded outputs: no sandbox is needed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.checks import satisfies
from autograder.checks.evaluation import OverBudget
from autograder.checks.judgement import Measured
from autograder.errors import MachineError, StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.evidence import Evidence
from autograder.grading.grade import Settings, worlds_for
from autograder.grading.judging import InProcess
from autograder.grading.record import world_seeds
from autograder.grading.source import load_source
from autograder.grading.totals import grade_of
from autograder.grading.worlds import HANDOUT, Recorded, Worlds
from autograder.sandbox.wire.messages import Answer
from autograder.values.codec import encode
from tests.small_course import write_course

SHAPES = {"three_numbers": (3,), "a_matrix": (3, 5), "mean_of_three": (3,), "mean_of_a_matrix": (3, 5)}


def right(case: str, seed: int) -> object:
    x = World(seed).normal(SHAPES[case])
    return 2 * x if "mean" not in case else float(np.mean(x))


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    source = load_source(write_course(tmp_path), "small")
    expected = {
        case: tuple(Expectation(s, encode(right(case, s))) for s in seeds)
        for case, seeds in world_seeds(source).items()
    }
    return Bundle(source.spec, source.spec_text, source.cases, {}, expected)


def answers(bundle: Bundle, worlds: Worlds, **changed: Answer) -> dict[str, Answer]:
    made = {
        c: Answer(c, "returned", payload=encode(right(c, bundle.expectation(c, w).seed))) for c, w in worlds.items()
    }
    return made | changed


def test_right_answers_earn_every_point(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    verdicts = InProcess().verdicts(bundle, answers(bundle, worlds), worlds)
    grade = grade_of(bundle, "ada", "d", verdicts, layers=(), mode="off", tool="t")
    assert [v.status for v in verdicts] == ["passed"] * 4
    assert (grade.points, grade.max_points, grade.graded) == (10, 10, True)
    assert [q.points for q in grade.questions] == [4, 6]


@pytest.mark.parametrize("status", ["error", "timeout", "crashed", "memory", "forbidden", "protocol", "skipped"])
def test_one_bad_case_costs_itself_alone(bundle: Bundle, status: str) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    bad = Answer("a_matrix", status, message="why")  # type: ignore[arg-type]
    verdicts = InProcess().verdicts(bundle, answers(bundle, worlds, a_matrix=bad), worlds)
    assert [v.status for v in verdicts] == ["passed", status, "passed", "passed"]
    assert sum(v.points for v in verdicts) == 8
    assert verdicts[1].message == "why"


def test_a_missing_answer_and_a_raising_check_are_the_graders_fault(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    given = answers(bundle, worlds)
    del given["a_matrix"]
    verdicts = InProcess().verdicts(bundle, given, worlds)
    assert verdicts[1].status == "broken"
    assert not grade_of(bundle, "a", "d", verdicts, layers=(), mode="off", tool="t").graded

    def raises(outputs: object, world: World) -> None:
        raise KeyError("author")

    broken = replace(bundle.cases.cases[0], check=satisfies(raises))  # type: ignore[arg-type]
    cases = replace(bundle.cases, cases=(broken, *bundle.cases.cases[1:]))
    verdicts = InProcess().verdicts(replace(bundle, cases=cases), answers(bundle, worlds), worlds)
    assert verdicts[0].status == "broken"
    assert "the check raised KeyError" in verdicts[0].message


def test_bytes_that_are_no_value_are_a_protocol_fault(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    bad = Answer("a_matrix", "returned", payload=b"\xc1")
    assert InProcess().verdicts(bundle, answers(bundle, worlds, a_matrix=bad), worlds)[1].status == "protocol"


def test_case_points_are_exact(bundle: Bundle) -> None:
    question = bundle.spec.question("double").model_copy(
        update={"case_points": {"three_numbers": Fraction(1, 3), "a_matrix": Fraction(11, 3)}}
    )
    spec = bundle.spec.model_copy(update={"questions": (question, bundle.spec.question("mean"))})
    worlds = worlds_for(bundle, "ada", Settings())
    verdicts = InProcess().verdicts(replace(bundle, spec=spec), answers(bundle, worlds), worlds)
    assert [v.points for v in verdicts] == [Fraction(1, 3), Fraction(11, 3), 3, 3]


def test_a_student_keeps_a_world_and_the_handouts_world_is_not_graded(bundle: Bundle) -> None:
    picks = {s: worlds_for(bundle, "", Settings(student=s)) for s in map(str, range(60))}
    assert picks["7"] == worlds_for(bundle, "", Settings(student="7"))
    assert {p["three_numbers"] for p in picks.values()} == {Recorded(1), Recorded(2)}
    assert {p["a_matrix"] for p in picks.values()} == {Recorded(0), Recorded(1), Recorded(2)}
    assert worlds_for(bundle, "", Settings(handout=True)) == {
        "three_numbers": HANDOUT,
        "mean_of_three": HANDOUT,
    }
    other = {s: worlds_for(replace(bundle, key=b"another"), "", Settings(student=s)) for s in picks}
    assert other != picks


def test_evidence_comes_back_as_it_was(bundle: Bundle, tmp_path: Path) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    given = answers(bundle, worlds, a_matrix=Answer("a_matrix", "error", message="m", trace=("double(x)",), stdout="o"))
    evidence = Evidence("ada", "digest", bundle.digest, given, worlds)
    store = BlobStore(tmp_path / "evidence")
    name = store.put(evidence.to_bytes())
    assert store.put(evidence.to_bytes()) == name
    assert Evidence.from_bytes(store.get(name)) == evidence
    with pytest.raises(StoredError):
        store.get("0" * 64)


def test_an_evidence_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("")
    with pytest.raises(MachineError, match="cannot be written"):
        BlobStore(tmp_path / "evidence").put(b"x")


def test_an_answer_above_a_budget_is_a_protocol_fault_of_its_own_case(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    bomb = Answer("a_matrix", "returned", payload=b"\xdd" + (10**6).to_bytes(4, "big") + b"\x90" * 10**6)
    verdicts = InProcess().verdicts(bundle, answers(bundle, worlds, a_matrix=bomb), worlds)
    assert [v.status for v in verdicts] == ["passed", "protocol", "passed", "passed"]
    assert verdicts[1].message == "the outputs have more than 100,000 items in lists and dicts, too many to judge"

    def dear(outputs: object, world: World) -> Measured:
        raise OverBudget("too many operations")

    costly = replace(bundle.cases.cases[0], check=satisfies(dear))
    cases = replace(bundle.cases, cases=(costly, *bundle.cases.cases[1:]))
    verdicts = InProcess().verdicts(replace(bundle, cases=cases), answers(bundle, worlds), worlds)
    assert [v.status for v in verdicts] == ["protocol", "passed", "passed", "passed"]


def test_memory_that_runs_out_while_judging_is_the_graders_fault_or_the_callers(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())

    def greedy(outputs: object, world: World) -> Measured:
        raise MemoryError

    costly = replace(bundle.cases.cases[0], check=satisfies(greedy))
    cases = replace(bundle.cases, cases=(costly, *bundle.cases.cases[1:]))
    greedy_bundle = replace(bundle, cases=cases)
    verdicts = InProcess().verdicts(greedy_bundle, answers(bundle, worlds), worlds)
    assert [v.status for v in verdicts] == ["broken", "passed", "passed", "passed"]
    with pytest.raises(MemoryError):
        InProcess(last=False).verdicts(greedy_bundle, answers(bundle, worlds), worlds)


def test_a_message_is_never_longer_than_a_person_reads(bundle: Bundle) -> None:
    worlds = worlds_for(bundle, "ada", Settings())
    wordy = Answer("a_matrix", "returned", payload=encode({"k" * 50_000: 1}))
    verdict = InProcess().verdicts(bundle, answers(bundle, worlds, a_matrix=wordy), worlds)[1]
    assert verdict.status == "failed"
    assert max(map(len, (verdict.message, verdict.got, verdict.expected))) <= 4000
