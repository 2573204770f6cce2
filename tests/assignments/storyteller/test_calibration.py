"""What the thresholds stand on: calibration.json is made of the runs that are kept, and the gate accepts it."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from autograder.grading.source import AssignmentSource, load_source
from autograder.verify.gates.thresholds import thresholds_gate
from tests.assignments.story_modules import PRIVATE, ROOT

TOOLS = PRIVATE / "tools"


@pytest.fixture(scope="module")
def summary() -> ModuleType:
    spec = importlib.util.spec_from_file_location("summary_of_runs", TOOLS / "summary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source() -> AssignmentSource:
    return load_source(ROOT, "storyteller")


def test_the_calibration_is_what_the_runs_say(summary: ModuleType) -> None:
    made = summary.table_of(summary.runs_in([TOOLS / "runs.jsonl"]))
    assert json.loads((PRIVATE / "calibration.json").read_text()) == json.loads(json.dumps(made))


def test_every_threshold_holds(source: AssignmentSource) -> None:
    exam: Any = SimpleNamespace(source=source)
    row = thresholds_gate(exam)
    assert row is not None
    assert (row.status, [p.text() for p in row.problems]) == ("pass", [])


def test_the_reference_ran_in_ten_worlds_with_three_seeds(summary: ModuleType) -> None:
    runs = summary.runs_in([TOOLS / "runs.jsonl"])
    for _, steps, data in summary.STANDS_ON.values():
        own = [r for r in runs if (r["program"], r.get("steps"), r.get("data")) == (summary.REFERENCE, steps, data)]
        assert len({(r["world"], r["seed"]) for r in own}) == 30
        assert len({r["world"] for r in own}) == 10


def test_a_case_answers_to_mistakes_of_its_question_and_of_earlier_ones(summary: ModuleType) -> None:
    where = {"world": "w", "seed": 0, "steps": 1500, "data": "corpus"}
    beside = {"short_memory": 0.9, "softmax_twice": 3.0}
    runs = [{"program": summary.REFERENCE, "excess": 0.001, "mistakes": beside, **where},
            {"program": "too_narrow", "excess": 0.5, **where},
            {"program": "too_narrow", "excess": 0.6, **where, "steps": 600}]  # fmt: skip
    found = summary.cases(runs)
    assert found["has_learned"] == {"right": [0.001], "mistakes": {"softmax_twice": [3.0]}}
    assert found["is_near"]["mistakes"] == {"short_memory": [0.9], "softmax_twice": [3.0], "too_narrow": [0.5]}
    assert found["trains_to_there"] == {"right": [], "mistakes": {}}
