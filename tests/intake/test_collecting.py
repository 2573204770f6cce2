"""Collecting: names of hand-ins, and where they lie."""

from __future__ import annotations

import os

import pytest

from autograder.errors import UsageError
from autograder.intake.collecting import collect
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="small.py")


def names(*paths):
    return [h.who for h in collect(paths, FORM).hand_ins]


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
    found = collect([tmp_path], FORM).hand_ins
    assert [(h.who, h.path.name) for h in found] == [
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


def test_names_that_are_not_utf_8_can_be_printed_and_stay_apart(tmp_path):
    for name in (b"bad\xff.py", b"bad\xfe.py", b"bad\\xff.py", b"good.py"):
        (tmp_path / os.fsdecode(name)).touch()
    found = collect([tmp_path], FORM).hand_ins
    assert [h.who for h in found] == [r"bad\xfe", r"bad\xff", r"bad\xff (2)", "good"]
    assert {os.fsencode(h.path.name) for h in found} >= {b"bad\xff.py", b"bad\\xff.py"}
    for hand_in in found:
        hand_in.who.encode("utf-8")
