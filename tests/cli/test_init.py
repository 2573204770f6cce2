"""init: a course in an empty folder, whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from autograder.gradebook.policy import load_policy
from autograder.grading.source import load_source
from tests.cli.running import run


def test_a_new_course_is_whole(tmp_path: Path) -> None:
    root = tmp_path / "deep_learning"
    said = run("init", root, "--zone", "America/New_York", "--assignment", "neurons").output
    policy = load_policy(root / "course.toml")
    assert policy.course.title == "Deep learning"
    assert policy.course.zone == "America/New_York"
    assert policy.possible("neurons") == 10
    source = load_source(root, "neurons")
    assert source.keys.secret is not None
    assert stat.S_IMODE((root / "course.secret").stat().st_mode) == 0o600
    ignored = (root / ".gitignore").read_text().splitlines()
    assert {"/course.secret", "/gradebook/"} <= set(ignored)
    workflow = (root / ".github/workflows/verify.yml").read_text()
    assert "autograder verify" in workflow
    assert "neurons" in (root / "README.md").read_text()
    assert "autograder verify neurons --write" in said
    assert "nobody is in the book yet" in run("gradebook", "--course", root).output


def test_a_new_assignment_of_a_course_says_which_part_it_needs(tmp_path: Path) -> None:
    root = tmp_path / "course"
    run("init", root)
    said = run("new", "more", "--root", root).output
    course = root / "course.toml"
    lines = said.partition("course.toml needs a part for it:\n\n")[2]
    assert lines.startswith('[[part]]\nid = "more"\ngroup = "assignments"\ndue = ')
    text = course.read_text()
    course.write_text(text.replace("[groups]", f"{lines}\n[groups]"))
    assert load_policy(course).possible("more") == 10
    course.write_text(text.replace('id = "midway"', 'id = "third"'))
    assert "needs a part" not in run("new", "third", "--root", root).output
    course.write_text("title = 1")
    assert "Next: edit" in run("new", "fourth", "--root", root).output
    course.unlink()
    assert "needs a part" not in run("new", "fifth", "--root", root).output


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    said = run("init", tmp_path, status=2).output
    assert "there is something in this folder already" in said
    assert "mine.txt" in said
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_repository_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    run("init", tmp_path)
    assert (tmp_path / "course.toml").exists()
    assert (tmp_path / ".git").exists()


@pytest.mark.parametrize(
    ("options", "part"),
    [(("--zone", "New York"), "zone of the tz database"), (("--assignment", "torch"), "means a library"),
     (("--assignment", "A b"), "lower-case letters")],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(tmp_path: Path, options: tuple[str, ...], part: str) -> None:
    assert part in run("init", tmp_path / "new", *options, status=2).output
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    run("init", tmp_path / "empty", *options, status=2)
    assert list((tmp_path / "empty").iterdir()) == []
