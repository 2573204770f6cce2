"""Tasks: keys, and how they travel."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from autograder.cohort.tasks import Task, hand_in_of, task_key, task_of
from autograder.grading.grade import Settings
from autograder.intake.hand_in import HandIn, Skipped
from autograder.spec.models import SubmissionForm


def test_the_key_hangs_on_everything_that_could_change_the_grade():
    base = ("ada", "content", "bundle", Settings(), "standard", "cpu")
    others = [
        ("bela", *base[1:]),
        (*base[:1], "other", *base[2:]),
        (*base[:2], "other", *base[3:]),
        (*base[:3], Settings(student="s"), *base[4:]),
        (*base[:4], "strict", "cpu"),
        (*base[:5], "cuda"),
    ]
    keys = {task_key(*base), *(task_key(*other) for other in others)}
    assert len(keys) == 7
    assert task_key(*base) == task_key(*base)


def test_a_task_travels_as_a_line_of_plain_ascii():
    path = Path(os.fsdecode(b"in/bad\xff.py"))
    hand_in = HandIn("bad", path, "2026-10-01T12:00:00+02:00", "v2", ("a.py", "b.py"), (Skipped("x", "a link"),))
    task = Task("k", hand_in, "d")
    line = task.to_line()
    assert line.isascii()
    assert line.endswith("\n")
    assert Task.from_line(line) == task


def test_a_hand_in_can_be_found_again_from_what_the_store_keeps(tmp_path):
    hand_in = HandIn("ada", tmp_path, "2026-10-01T12:00:00+02:00", "v2", (os.fsdecode(b"a\xff.py"), "b.py"))
    skipped = replace(hand_in, skipped=(Skipped("x", "a link"),))
    assert hand_in_of(Task("k", skipped, "d").handed()) == hand_in
    alone = HandIn("ada", tmp_path / "a.py")
    assert Task("k", alone, "d").handed().inside == "{}"
    assert hand_in_of(Task("k", alone, "d").handed()) == alone


def test_team_and_attempts_are_kept_and_make_another_task_only_where_they_are_known(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    plain = HandIn("ada", tmp_path / "a.py")
    teamed = replace(plain, team="t1", unjudged="5 before")
    form = SubmissionForm(file="a.py")
    tasks = [task_of(h, form, "bundle", Settings(), "off") for h in (plain, teamed)]
    assert tasks[0].key == task_key("ada", tasks[0].digest, "bundle", Settings(), "off")
    assert tasks[0].key != tasks[1].key
    assert Task.from_line(tasks[1].to_line()) == tasks[1]
    again = hand_in_of(tasks[1].handed())
    assert (again.team, again.unjudged) == ("t1", "5 before")


def test_whether_replays_are_run_makes_no_other_task(tmp_path):
    assert task_key("ada", "d", "b", Settings(replay=True), "off") == task_key("ada", "d", "b", Settings(), "off")
    assert task_key("ada", "d", "b", Settings(final=True), "off") != task_key("ada", "d", "b", Settings(), "off")
