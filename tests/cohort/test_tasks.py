"""Tasks: names and keys."""

from __future__ import annotations

import pytest

from autograder.cohort.tasks import collect, content_of, task_key
from autograder.errors import UsageError
from autograder.grading.grade import Settings
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="small.py")


def names(*paths):
    return [f.name for f in collect(paths, FORM)]


def test_files_of_a_folder_are_named_without_their_ending(tmp_path):
    for name in ("ada.py", "bela.ipynb", "chen.zip", "notes.txt", ".hidden.py"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["ada", "bela", "chen"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path):
    (tmp_path / "ada.txt").touch()
    assert names(tmp_path / "ada.txt") == ["ada"]


def test_names_that_clash_keep_their_ending(tmp_path):
    for name in ("ada.py", "ada.ipynb", "bela.py"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["ada.ipynb", "ada.py", "bela"]


def test_names_that_still_clash_keep_their_folder(tmp_path):
    for part in ("monday", "friday"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "ada.py").touch()
    assert names(tmp_path / "monday", tmp_path / "friday") == ["friday/ada.py", "monday/ada.py"]


def test_a_folder_per_student_gives_the_name(tmp_path):
    for student in ("ada", "bela"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "small.py").touch()
        (tmp_path / student / "helper.py").touch()
    (tmp_path / "chen").mkdir()
    (tmp_path / "chen" / "homework.ipynb").touch()
    found = collect([tmp_path], FORM)
    assert [(f.name, f.path.name) for f in found] == [
        ("ada", "small.py"),
        ("bela", "small.py"),
        ("chen", "homework.ipynb"),
    ]


def test_a_file_that_is_given_twice_is_graded_once(tmp_path):
    (tmp_path / "ada.py").touch()
    assert names(tmp_path, tmp_path / "ada.py") == ["ada"]


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        names(tmp_path / "nobody.py")
    with pytest.raises(UsageError, match="nothing to grade"):
        names(tmp_path)


def test_the_key_hangs_on_everything_that_could_change_the_grade():
    base = ("ada", "content", "bundle", Settings(), "standard", "cpu")
    others = [
        ("bela", *base[1:]),
        (*base[:1], "other", *base[2:]),
        (*base[:2], "other", *base[3:]),
        (*base[:3], Settings(secret="s"), *base[4:]),
        (*base[:4], "strict", "cpu"),
        (*base[:5], "cuda"),
    ]
    keys = {task_key(*base), *(task_key(*other) for other in others)}
    assert len(keys) == 7
    assert task_key(*base) == task_key(*base)


def test_content_tells_endings_and_unreadable_files_apart(tmp_path):
    (tmp_path / "a.py").write_text("x")
    (tmp_path / "a.ipynb").write_text("x")
    found = {
        content_of(tmp_path / "a.py"),
        content_of(tmp_path / "a.ipynb"),
        content_of(tmp_path),
        content_of(tmp_path / "b"),
    }
    assert len(found) == 4
