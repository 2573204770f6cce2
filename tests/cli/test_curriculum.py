"""docs/curriculum.md is what the curriculum files say, and every assignment of the course stands in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.cli.curriculum import main, page
from autograder.grading.source import assignment_names
from autograder.spec.curriculum import load_curriculum

ROOT = Path(__file__).parents[2]
NOT_YET = {"Sequences", "Generative models"}
"""Lectures of which some topics have no question yet."""


def test_the_page_is_what_the_files_say() -> None:
    assert (ROOT / "docs/curriculum.md").read_text() == page(load_curriculum(ROOT))


def test_every_assignment_and_every_question_stands_in_it() -> None:
    made = load_curriculum(ROOT)
    text = page(made)
    assert sorted(a.id for a in made.assignments) == sorted(assignment_names(ROOT))
    for assignment in made.assignments:
        for question in assignment.questions:
            assert f"{question.title} (`{question.id}`)" in text


def test_every_topic_has_a_question() -> None:
    made = load_curriculum(ROOT)
    missing = {lecture.title for lecture in made.lectures.lectures for t in lecture.topics if not any(made.teaching(t))}
    assert missing <= NOT_YET


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for path in (ROOT / "assignments").rglob("*.toml"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_check_tells_a_page_that_is_old(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = course / "docs/curriculum.md"
    assert main([str(path), "--check"]) == 1
    assert main([str(path)]) == 0
    assert main([str(path), "--check"]) == 0
    path.write_text(path.read_text().replace("60 min", "6 min", 1))
    assert main([str(path), "--check"]) == 1
    assert "is not what the files say" in capsys.readouterr().err


def test_a_fault_is_told_without_a_traceback(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = course / "assignments/backprop/curriculum.toml"
    file.write_text(file.read_text().replace('"perceptron", "decision line"', '"perceptrons"', 1))
    assert main([str(course / "docs/curriculum.md")]) == 2
    assert "perceptrons" in capsys.readouterr().err
    assert main([]) == 2
