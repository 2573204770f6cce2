"""What `release` tells of points."""

from __future__ import annotations

from pathlib import Path

from autograder.cli.releasing import read_by_a_person
from autograder.spec.loading import load_assignment

ROOT = Path(__file__).parents[2] / "assignments/backprop/assignment.toml"


def test_points_of_a_person_are_told_beside_those_of_the_machine() -> None:
    spec = load_assignment(ROOT)
    rest = spec.points - spec.machine_points()
    assert rest
    assert read_by_a_person(spec) == f" there; {rest} more are a person's: autograder rubric"
    machine = spec.model_copy(
        update={"points": spec.machine_points(), "questions": tuple(q for q in spec.questions if q.kind != "written")}
    )
    assert read_by_a_person(machine) == ""
