"""Which of several files is graded: stubs beside solved files, two forms of one work, helpers, folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.intake.hand_in import HandIn
from autograder.intake.reading import read_hand_in, read_submission
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="hw.py", max_mb=1)
SOLVED = "def f(x):\n    return x\n\n\ndef g(x):\n    return 2 * x\n"
OTHER = "def f(x):\n    return +x\n\n\ndef g(x):\n    return x + x\n"
STUB = "def f(x):\n    raise NotImplementedError\n\n\ndef g(x):\n    raise NotImplementedError('g')\n"
HALF = "def f(x):\n    return x\n\n\ndef g(x):\n    raise NotImplementedError('g')\n"


def nb(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text}], "nbformat": 4})


def folder(base: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return base


def read(base: Path, files: dict[str, str], form: SubmissionForm = FORM) -> Submission:
    return read_submission(folder(base / "ada", files), form)


def refused(base: Path, files: dict[str, str]) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(base, files)
    return str(caught.value)


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"hw.py": STUB, "hw.ipynb": nb(SOLVED)}, "hw.ipynb"),
        ({"hw.py": SOLVED, "hw.ipynb": nb(STUB)}, "hw.py"),
        ({"hw.py": STUB, "hw (1).py": SOLVED}, "hw (1).py"),
        ({"hw.py": STUB, "ada/hw.py": SOLVED}, "ada/hw.py"),
        ({"hw.py": STUB, "mine.ipynb": nb(SOLVED)}, "mine.ipynb"),
        ({"hw.py": HALF, "hw.ipynb": nb(STUB)}, "hw.py"),
    ],
)
def test_a_stub_beside_a_solved_file_is_not_graded(tmp_path: Path, files: dict[str, str], main: str) -> None:
    found = read(tmp_path, files)
    assert found.main == main
    assert any("still to be written" in note for note in found.notes)


def test_of_two_solved_ones_the_preferred_form_counts_and_it_is_said(tmp_path: Path) -> None:
    files = {"hw.py": SOLVED, "hw.ipynb": nb(OTHER)}
    found = read(tmp_path, files)
    assert found.main == "hw.ipynb"
    assert "`hw.ipynb` was graded and `hw.py` was not" in found.notes[0]
    assert read(tmp_path, files, SubmissionForm(file="hw.py", prefer="py")).main == "hw.py"


def test_the_clock_never_decides(tmp_path: Path) -> None:
    files = {"hw.py": SOLVED, "hw.ipynb": nb(OTHER)}
    for newer in files:
        base = folder(tmp_path / newer / "ada", files)
        os.utime(base / newer, (2e9, 2e9))
        assert read_submission(base, FORM).main == "hw.ipynb"


def test_two_forms_of_one_work_are_no_matter(tmp_path: Path) -> None:
    found = read(tmp_path, {"hw.py": f"# %%\n{SOLVED}", "hw.ipynb": nb(f"%matplotlib inline\n{SOLVED}")})
    assert (found.main, found.notes) == ("hw.ipynb", ())


def test_the_exact_name_counts_before_a_copy(tmp_path: Path) -> None:
    found = read(tmp_path, {"hw.py": SOLVED, "hw (1).py": OTHER})
    assert found.main == "hw.py"
    assert "`hw (1).py` was not" in found.notes[0]


def test_a_main_file_of_another_name_is_found_by_what_it_imports(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.py": f"from utils import h\n{SOLVED}", "utils.py": "def h(): pass"})
    assert found.main == "main.py"
    assert "`main.py` was taken as hw.py" in found.notes
    assert "no hw.py" in refused(tmp_path / "b", {"a.py": "x = 1", "b.py": "y = 2"})


def test_a_folder_is_one_submission_with_all_its_files(tmp_path: Path) -> None:
    files = {"hw.py": SOLVED, "helper.py": "h = 1", "lib/__init__.py": "", "data/x.csv": "1,2"}
    found = read(tmp_path, files)
    assert [path for path, _ in found.files] == sorted(files)


def test_the_whole_handout_around_the_work_is_as_good_as_the_work(tmp_path: Path) -> None:
    extra = {"selfcheck/at_home.py": "x", "tests/f.py": "x", "check.py": "from selfcheck.at_home import main",
             "requirements.txt": "numpy", "venv/pyvenv.cfg": "", "env/pyvenv.cfg": "", "env/lib/hw.py": OTHER,
             ".git/HEAD": "", "handout.md": "# HW"}  # fmt: skip
    whole, bare = read(tmp_path / "a", {"hw.py": SOLVED} | extra), read(tmp_path / "b", {"hw.py": SOLVED})
    assert (whole.digest, whole.notes) == (bare.digest, ())


def test_links_in_ignored_folders_are_ignored_and_others_refuse_the_hand_in(tmp_path: Path) -> None:
    base = folder(tmp_path / "ada", {"hw.py": SOLVED, "venv/pyvenv.cfg": ""})
    (base / "venv" / "python.py").symlink_to("/usr/bin/python3")
    (base / "data.csv").symlink_to("/etc/passwd")
    found = read_submission(base, FORM)
    assert [path for path, _ in found.files] == ["hw.py"]
    assert "`data.csv` was left out: it is a link" in found.notes[0]
    (base / "helper.py").symlink_to("/etc/passwd")
    with pytest.raises(SubmissionError, match=r"helper\.py is no plain file: it is a link"):
        read_submission(base, FORM)


def test_a_damaged_file_does_no_harm_to_a_sound_one(tmp_path: Path) -> None:
    found = read(tmp_path, {"hw.py": SOLVED, "hw.ipynb": "{"})
    assert found.main == "hw.py"
    assert "hw.ipynb: the notebook is damaged" in found.notes[0]
    assert "damaged" in refused(tmp_path / "b", {"hw.ipynb": "{", "hw (1).ipynb": "["})


def test_named_files_of_a_folder_are_read_and_no_others(tmp_path: Path) -> None:
    base = folder(tmp_path / "export", {"ada_hw.py": SOLVED, "ada_helper.py": "", "bela_hw.py": OTHER})
    found = read_hand_in(HandIn("ada", base, files=("ada_hw.py", "ada_helper.py")), FORM)
    assert [path for path, _ in found.files] == ["ada_helper.py", "ada_hw.py"]
    assert "`ada_hw.py` was taken as hw.py" in found.notes
    (base / "link.py").symlink_to(base / "bela_hw.py")
    with pytest.raises(SubmissionError, match="link"):
        read_hand_in(HandIn("ada", base, files=("ada_hw.py", "link.py")), FORM)


def test_a_folder_around_one_file_or_one_zip_is_that_file(tmp_path: Path) -> None:
    assert read(tmp_path, {"homework one.py": SOLVED}).main == "hw.py"
    base = tmp_path / "bela"
    base.mkdir()
    import zipfile

    with zipfile.ZipFile(base / "all.zip", "w") as archive:
        archive.writestr("hw.py", SOLVED)
    (base / "report.pdf").write_bytes(b"%PDF")
    assert read_submission(base, FORM).main == "hw.py"


def test_a_pdf_alone_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "hw.pdf").write_bytes(b"%PDF")
    (tmp_path / "ada" / "notes.txt").write_bytes(b"hello")
    assert "this is a PDF" in refused(tmp_path, {})


def test_a_main_file_with_an_odd_name_gets_a_plain_one(tmp_path: Path) -> None:
    found = read(tmp_path, {"my:hw\r.py": SOLVED, "x.csv": "1"})
    assert found.main == "hw.py"
    assert "was taken as hw.py" in found.notes[0]


def test_bytes_that_are_no_text_in_a_name_harm_nobody(tmp_path: Path) -> None:
    base = folder(tmp_path / "ada", {"hw.py": SOLVED})
    (base / os.fsdecode(b"bad\xff.csv")).touch()
    found = read_submission(base, FORM)
    assert [path for path, _ in found.files] == ["hw.py"]
    assert r"`bad\xff.csv` was left out" in found.notes[0]
    (tmp_path / os.fsdecode(b"b\xff.py")).write_text(SOLVED)
    assert read_submission(tmp_path / os.fsdecode(b"b\xff.py"), FORM).name == r"b\xff.py"
