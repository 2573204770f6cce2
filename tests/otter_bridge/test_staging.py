"""What a student handed in, found among Otter's own files."""

import os
from pathlib import Path

import pytest

from autograder.intake.hand_in import HandIn
from autograder.intake.opening import open_hand_in
from autograder.otter_bridge.staging import of_its_day, students_hand_in
from autograder.spec.loading import parse_model
from autograder.spec.models import Assignment, SubmissionForm

FORM = SubmissionForm(file="tiny.py", max_mb=1)


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_otter_s_own_files_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, tiny_py="x = 1", tests__neuron_py="", _autograder__bundle__cases_py="secret", lib__a_py="y = 2")
    (tmp_path / "__init__.py").touch()
    (tmp_path / ".OTTER_LOG").write_text("log")
    assert students_hand_in(tmp_path, ours=["_autograder"]).files == ("lib/a.py", "tiny.py")


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "s", tiny_py="x = 1")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "s" / "link.py").symlink_to(tmp_path / "secret")
    (tmp_path / "s" / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "s" / "pipe.py")
    hand_in = students_hand_in(tmp_path / "s")
    assert hand_in.files == ("tiny.py",)
    assert [s.path for s in hand_in.skipped] == ["folder", "link.py", "pipe.py"]


def test_a_student_s_own_init_counts_when_it_has_text(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("x = 1")
    assert students_hand_in(tmp_path).files == ("__init__.py",)


def test_one_file_is_read_as_it_is_and_several_as_one_submission(tmp_path: Path) -> None:
    one = open_hand_in(students_hand_in(put(tmp_path / "one", alice_py="x = 1")), FORM)
    assert one.hand_in.who == "alice"
    assert one.submission is not None
    assert (one.submission.name, one.submission.main) == ("alice.py", "tiny.py")
    two = open_hand_in(students_hand_in(put(tmp_path / "two", tiny_py="x = 1", lib__a_py="y = 2")), FORM)
    assert two.submission is not None
    assert [path for path, _ in two.submission.files] == ["lib/a.py", "tiny.py"]
    assert two.submission.main == "tiny.py"


def test_nothing_is_said_to_be_nothing_and_too_much_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert "nothing was handed in" in str(open_hand_in(students_hand_in(tmp_path / "none"), FORM).problem)
    big = put(tmp_path / "s", tiny_py="x" * 2**19, b_py="x" * 2**20)
    assert "too large" in str(open_hand_in(students_hand_in(big), FORM).problem)


SPEC = """
id = "tiny"
title = "Tiny"
points = 1
[submission]
file = "tiny.py"
weights = "weights.safetensors"
[[questions]]
id = "q"
title = "Q"
kind = "code"
points = 1
[questions.milestone]
parameters = 9
attempts_per_day = 2
"""
TODAY = [{"submission_time": f"2026-11-03T0{h}:00:00.0-04:00", "score": "1"} for h in (7, 8)]
NOW = "2026-11-03T09:00:00.0-04:00"


@pytest.mark.parametrize(
    ("metadata", "judged"),
    [
        ({"created_at": NOW, "previous_submissions": TODAY}, False),
        ({"created_at": NOW, "previous_submissions": TODAY[:1]}, True),
        ({"created_at": "2026-11-04T09:00:00.0-04:00", "previous_submissions": TODAY}, True),
        ({"created_at": NOW}, True),
        ({}, True),
        ({"created_at": 3, "previous_submissions": TODAY}, True),
        ({"created_at": NOW, "previous_submissions": [{"time": 1}]}, True),
    ],
)
def test_gradescope_s_times_say_whether_a_day_s_attempts_are_used_up(metadata: dict[str, object], judged: bool) -> None:
    spec = parse_model(SPEC, "assignment.toml", Assignment)
    found = of_its_day(HandIn("ada", Path("x")), spec, metadata)
    assert bool(found.unjudged) is not judged
    plain = parse_model(SPEC.split("[questions.milestone]")[0], "assignment.toml", Assignment)
    assert of_its_day(HandIn("ada", Path("x")), plain, metadata) == HandIn("ada", Path("x"))
