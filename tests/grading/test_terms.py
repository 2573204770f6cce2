"""What a case is worth: equal shares, and nothing for what the handout gives away."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import SpecError
from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.terms import case_points
from autograder.verify.agreement import points_problems
from tests.small_course import CASES, SPEC, write_course

PRACTICE = CASES.replace('@case("double", public=True, check=close())', '@case("double", public=True, worlds=1)')
NOTHING_ELSE = PRACTICE.replace('@case("double", check=close())', '@case("double", public=True, worlds=1)')


def load(root: Path, **texts: str) -> AssignmentSource:
    return load_source(write_course(root, **texts), "small")


def points(source: AssignmentSource) -> dict[str, Fraction]:
    bundle = Bundle(source.spec, source.spec_text, source.cases, {}, {})
    return {c.name: case_points(bundle, c) for c in source.cases.cases}


def test_points_are_shared_equally(tmp_path: Path) -> None:
    assert points(load(tmp_path)) == {"three_numbers": 2, "a_matrix": 2, "mean_of_three": 3, "mean_of_a_matrix": 3}


def test_a_case_for_practice_earns_nothing_and_its_share_goes_to_the_others(tmp_path: Path) -> None:
    source = load(tmp_path, cases=PRACTICE)
    assert points(source) == {"three_numbers": 0, "a_matrix": 4, "mean_of_three": 3, "mean_of_a_matrix": 3}
    assert points_problems(source) == []


def test_verify_refuses_a_question_whose_points_cannot_be_earned(tmp_path: Path) -> None:
    source = load(tmp_path, cases=NOTHING_ELSE)
    (problem,) = points_problems(source)
    assert "question `double`" in problem.text()
    assert "cannot be earned" in problem.text()
    assert sum(points(source).values()) == 10


def test_points_for_a_case_for_practice_are_refused(tmp_path: Path) -> None:
    own = "points = 4\ncase_points = { three_numbers = 1, a_matrix = 3 }"
    with pytest.raises(SpecError, match=r"ships the only world of `three_numbers`[\s\S]*cases\.py:7"):
        load(tmp_path / "a", cases=PRACTICE, spec=SPEC.replace("points = 4", own))
    fine = own.replace("three_numbers = 1, a_matrix = 3", "three_numbers = 0, a_matrix = 4")
    assert points(load(tmp_path / "b", cases=PRACTICE, spec=SPEC.replace("points = 4", fine)))["three_numbers"] == 0
