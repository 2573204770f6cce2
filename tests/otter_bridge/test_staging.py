"""What a student handed in, found among Otter's own files."""

import os
from pathlib import Path

from autograder.intake.opening import open_hand_in
from autograder.otter_bridge.staging import students_hand_in
from autograder.spec.models import SubmissionForm

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
