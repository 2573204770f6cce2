"""The files of a course's curriculum: what they may say, and what is told where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import SpecError
from autograder.spec.curriculum import load_curriculum

LECTURES = """
order = ["two", "one"]

[[lectures]]
title = "First"
topics = ["hills", "valleys"]
"""
ASSIGNMENT = """
id = "{name}"
title = "An assignment"
points = 2

[submission]
file = "{name}.py"

[[questions]]
id = "early"
title = "Early"
kind = "code"
points = 1

[[questions]]
id = "late"
title = "Late"
kind = "written"
points = 1
"""
ENTRY = '\n[{question}]\ntopics = ["{topic}"]\nneeds = [{needs}]\nminutes = 30\ndifficulty = 2\n'


def entries(early: str = "", late: str = '"early"', topic: str = "hills") -> str:
    return ENTRY.format(question="early", topic=topic, needs=early) + ENTRY.format(
        question="late", topic="hills", needs=late
    )


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "assignments"
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
        (folder / name / "assignment.toml").write_text(ASSIGNMENT.format(name=name))
        (folder / name / "curriculum.toml").write_text(entries())
    (folder / "curriculum.toml").write_text(LECTURES)
    return tmp_path


def refused(course: Path, text: str, name: str = "one") -> str:
    (course / "assignments" / name / "curriculum.toml").write_text(text)
    with pytest.raises(SpecError) as error:
        load_curriculum(course)
    return error.value.text()


def test_assignments_stand_in_the_order_of_the_course(course: Path) -> None:
    made = load_curriculum(course)
    assert [a.id for a in made.assignments] == ["two", "one"]
    assert [(a.id, q) for a, q in made.teaching("hills")] == [
        ("two", "early"), ("two", "late"), ("one", "early"), ("one", "late"),
    ]  # fmt: skip
    assert not list(made.teaching("valleys"))


def test_an_assignment_without_the_file_is_left_out(course: Path) -> None:
    (course / "assignments/two/curriculum.toml").unlink()
    assert [a.id for a in load_curriculum(course).assignments] == ["one"]


def test_a_need_of_an_earlier_assignment(course: Path) -> None:
    (course / "assignments/one/curriculum.toml").write_text(entries(early='"two.late"'))
    assert load_curriculum(course).entries["one"]["early"].needs == ("two.late",)


@pytest.mark.parametrize("need", ["late", "early", "one.late", "two.never", "never"])
def test_a_need_that_is_no_earlier_question(course: Path, need: str) -> None:
    message = refused(course, entries(early=f'"{need}"'))
    assert "early.needs: no earlier question" in message
    assert need in message


def test_a_need_of_a_later_assignment(course: Path) -> None:
    assert "two/curriculum.toml" in refused(course, entries(early='"one.early"'), "two")


def test_an_unknown_topic(course: Path) -> None:
    message = refused(course, entries(topic="rivers"))
    assert "early.topics: unknown topic" in message
    assert "rivers" in message


def test_questions_and_tables_are_the_same_in_the_same_order(course: Path) -> None:
    early, late = (ENTRY.format(question=q, topic="hills", needs="") for q in ("early", "late"))
    assert "`late` stands in one of the two only" in refused(course, early)
    more = ENTRY.format(question="more", topic="hills", needs="")
    assert "`more` stands in one of the two only" in refused(course, early + late + more)
    assert "the order is another" in refused(course, late + early)


@pytest.mark.parametrize(
    ("find", "replace", "told"),
    [("minutes = 30", "minutes = 0", "minutes"), ("difficulty = 2", "difficulty = 4", "difficulty"),
     ("minutes = 30", "minute = 30", "minute"), ('topics = ["hills"]', "topics = []", "topics")],
)  # fmt: skip
def test_wrong_values_are_told_by_their_key(course: Path, find: str, replace: str, told: str) -> None:
    message = refused(course, entries().replace(find, replace, 1))
    assert f"early.{told}" in message
    assert "one/curriculum.toml, line" in message
