"""Opening: one digest for what was handed in, however it was packed; bytes stand for what cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.intake import opening
from autograder.intake.hand_in import HandIn, printable
from autograder.intake.opening import digest_of_bytes, identity, open_hand_in
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="small.py")


def hand_in(folder: Path, name: str, data: bytes) -> HandIn:
    path = folder / name
    path.write_bytes(data)
    return HandIn("ada", path)


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_py", ".py"), text)
    return buffer.getvalue()


def test_the_same_work_has_the_same_digest_in_a_file_a_zip_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "small.py").write_text("x = 1")
    found = [
        open_hand_in(hand_in(tmp_path, "ada (1).py", b"x = 1"), FORM),
        open_hand_in(hand_in(tmp_path, "ada.zip", zipped(small_py="x = 1")), FORM),
        open_hand_in(HandIn("ada", tmp_path / "folder", files=("small.py",)), FORM),
    ]
    assert {o.digest for o in found} == {Submission.of_text("ada", "small", "x = 1").digest}
    assert {o.files[0][0] for o in found} == {"small.py"}


def test_what_is_packed_anew_with_other_litter_is_the_same(tmp_path: Path) -> None:
    one = hand_in(tmp_path, "a.zip", zipped(small_py="x = 1"))
    two = hand_in(tmp_path, "b.zip", zipped(**{"__MACOSX/._small_py": "litter", "small_py": "x = 1"}))
    assert identity(one, FORM) == identity(two, FORM)
    other = hand_in(tmp_path, "c.zip", zipped(small_py="x = 2"))
    assert identity(one, FORM) != identity(other, FORM)


def test_what_cannot_be_read_is_known_by_its_bytes(tmp_path: Path) -> None:
    broken, other = hand_in(tmp_path, "a.ipynb", b"{"), hand_in(tmp_path, "b.ipynb", b"[")
    opened = open_hand_in(broken, FORM)
    assert opened.submission is None
    assert opened.files == ()
    assert "damaged" in str(opened.problem)
    missing, folder = HandIn("ada", tmp_path / "none.py"), HandIn("ada", tmp_path)
    ending = hand_in(tmp_path, "a.txt", b"{")
    assert len({identity(h, FORM) for h in (broken, other, missing, folder, ending)}) == 5


def test_a_fault_of_our_own_reading_is_not_the_heads_to_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RecursionError("our own fault")

    broken = hand_in(tmp_path, "a.ipynb", json.dumps({"cells": []}).encode())
    monkeypatch.setattr(opening, "read_hand_in", fails)
    assert identity(broken, FORM) == digest_of_bytes(broken)
    with pytest.raises(RecursionError):
        open_hand_in(broken, FORM)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("x = 1")
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "small.py").write_text("x = 1")
    (folder / "helper.py").symlink_to(tmp_path / "secret.py")
    opened = open_hand_in(HandIn("ada", folder, files=("helper.py", "small.py")), FORM)
    assert "helper.py" in str(opened.problem)
    assert open_hand_in(HandIn("ada", folder, files=("small.py",)), FORM).submission is not None


def test_names_become_printable_and_others_stay() -> None:
    assert printable("bad\udcff") == r"bad\xff"
    assert printable("a\ud800") == r"a\ud800"
    assert printable("Jürgen 中") == "Jürgen 中"
    assert printable("ada\nbob   10 10") == r"ada\nbob   10 10", "no row of a table can be forged by a name"
    assert printable("\x1b[2J\x85\u2028") == r"\x1b[2J\x85\u2028"
