"""Thresholds of trained work: distances in deviations of the logarithm, and what the gate says where they are short."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.checks.excess import Excess
from autograder.errors import SpecError
from autograder.grading.certificate import CALIBRATION, inputs
from autograder.grading.source import AssignmentSource, load_source
from autograder.verify.gates.thresholds import distance, thresholds_gate, to_json
from tests.milestone_course import write_course

RUNS = [0.001 * 1.2**k for k in (-2, -1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5, 2)]
WRONG = {"sharpens": [2.9, 3.0, 3.1] * 4, "does_not_train": [4.0, 4.1]}


@pytest.fixture
def course(tmp_path: Path) -> AssignmentSource:
    return write_course(tmp_path)


def with_runs(source: AssignmentSource, table: Any) -> AssignmentSource:
    (source.private_folder / CALIBRATION).write_text(json.dumps(table))
    return load_source(source.root, source.spec.id)


def exam(source: AssignmentSource) -> Any:
    return SimpleNamespace(source=source)


def runs(right: list[float], **mistakes: list[float]) -> dict[str, Any]:
    return {"right": right, "mistakes": mistakes}


def test_distances_are_counted_in_deviations_of_the_logarithm() -> None:
    found = distance((0.001, 0.001 * math.e**2), 0.1)
    assert found.mean == pytest.approx(0.001 * math.e)
    assert found.deviation == pytest.approx(math.sqrt(2))
    assert found.away == pytest.approx((math.log(100) - 1) / math.sqrt(2))
    assert distance((0.2, 0.2), 0.1).away == -math.inf
    assert distance((0.2, 0.2), 0.3).away == math.inf


def test_an_assignment_without_runs_has_no_such_row(course: AssignmentSource) -> None:
    assert thresholds_gate(exam(course)) is None
    assert to_json(exam(course)) is None
    assert CALIBRATION not in inputs(course)


def test_enough_runs_well_inside_pass_and_go_into_the_certificate(course: AssignmentSource) -> None:
    table = {"next_symbols": runs(RUNS, **WRONG), "trains_anew": runs(RUNS, does_not_train=[4.0, 4.1] * 5)}
    source = with_runs(course, {"hardware": "a processor", "cases": table, "summary": "of the author's own"})
    row = thresholds_gate(exam(source))
    assert row is not None
    assert (row.status, row.problems) == ("pass", ())
    found = to_json(exam(source))
    assert found is not None
    assert found["hardware"] == "a processor"
    first, second = (found["cases"][name] for name in ("next_symbols", "trains_anew"))
    assert first["reference"]["runs"] == 10
    assert first["reference"]["geometric_mean"] == pytest.approx(0.001)
    assert first["nearest"] == "sharpens"
    assert first["mistake"]["deviations"] > 10
    assert (second["nearest"], second["mistake"]["runs"]) == ("does_not_train", 10)
    assert CALIBRATION in inputs(source)


def said(source: AssignmentSource) -> str:
    row = thresholds_gate(exam(source))
    assert row is not None
    assert row.status == "fail"
    return "\n".join(p.text() for p in row.problems)


def test_a_threshold_near_to_right_work_or_to_a_mistake_fails(course: AssignmentSource) -> None:
    check = course.cases.get("next_symbols").check
    assert isinstance(check, Excess)
    near = {"next_symbols": runs([check.full * 900 * r for r in RUNS]), "trains_anew": runs(RUNS)}
    assert "deviations from what the reference comes to" in said(with_runs(course, {"hardware": "", "cases": near}))
    mild = {"next_symbols": runs(RUNS, mild=[0.2, 0.4], **WRONG), "trains_anew": runs(RUNS)}
    text = said(with_runs(course, {"hardware": "", "cases": mild}))
    assert "full marks end at an excess of 0.1, 2.1 deviations from the mistake `mild` (0.28 in 2 runs)" in text
    inside = {"next_symbols": runs(RUNS, mild=[0.05, 0.06]), "trains_anew": runs(RUNS)}
    assert "-4.7 deviations from the mistake `mild`" in said(with_runs(course, {"hardware": "", "cases": inside}))


def test_few_runs_unknown_cases_and_damage_are_told(course: AssignmentSource) -> None:
    few = {"next_symbols": runs(RUNS[:2], sharpens=[3.0] * 9, does_not_train=[4.0]), "loss_of_five": runs(RUNS)}
    text = said(with_runs(course, {"hardware": "", "cases": few}))
    assert "the threshold of `next_symbols` stands on 9 runs of any known mistake; 10 are the least" in text
    assert "the threshold of `next_symbols` stands on 2 runs of the reference; 10 are the least" in text
    assert "the threshold of `trains_anew` stands on 0 runs of the reference" in text
    assert "the threshold of `trains_anew` stands on 0 runs of any known mistake" in text
    assert "`loss_of_five` is no case that is judged by its excess" in text
    for table in ({"cases": {}}, {"hardware": "", "cases": {"next_symbols": runs([0.0])}}, [1]):
        with pytest.raises(SpecError, match="is no table of runs"):
            thresholds_gate(exam(with_runs(course, table)))


def test_too_few_runs_may_be_allowed_with_a_reason_and_a_threshold_that_runs_speak_against_may_not(
    course: AssignmentSource,
) -> None:
    entry = '[[allowed]]\ngate = "thresholds"\ncase = "next_symbols"\nreason = "a training takes nine minutes"\n'
    (course.private_folder / "allowed.toml").write_text(entry)
    enough = runs(RUNS, does_not_train=[4.0, 4.1] * 5)
    source = with_runs(course, {"hardware": "", "cases": {"trains_anew": enough}})
    row = thresholds_gate(exam(source))
    assert row is not None
    assert (row.status, row.problems) == ("pass", ())
    assert "2 allowed" in row.figures
    near = {"next_symbols": runs([0.09, 0.1]), "trains_anew": enough}
    assert "deviations from what the reference comes to" in said(with_runs(course, {"hardware": "", "cases": near}))
    every = {"next_symbols": runs(RUNS, **WRONG), "trains_anew": enough}
    assert "excuses nothing" in said(with_runs(course, {"hardware": "", "cases": every}))
