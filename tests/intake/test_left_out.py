"""What a hand-in leaves out by its name, and may be work, is told by that name; what programs have made is not."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.intake.collecting import collect
from autograder.intake.reading import read_hand_in, read_submission
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="hw.py")
File = tuple[str, bytes]


def zip_of(*entries: File) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_of(*entries: File) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def laid(folder: Path, *entries: File) -> Path:
    for name, data in entries:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def read(data: bytes, folder: Path, name: str = "x.zip") -> Submission:
    return read_submission(laid(folder, (name, data)) / name, FORM)


def refused(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, FORM)
    return str(caught.value)


LEFT_OUT = {
    "tests/small.py": "it lies in `tests`, the name of a folder of the handout",
    "a/tests/b/small.ipynb": "it lies in `tests`, the name of a folder of the handout",
    ".small.py": "its name begins with a dot",
    ".mine/small.py": "it lies in the hidden folder `.mine`",
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_by_its_name_and_may_be_work_is_told(name: str, tmp_path: Path) -> None:
    """As a zip, a tar and a folder, beside the work and alone."""
    said = f"`{name}` was left out: {LEFT_OUT[name]}"
    both, lone = (("hw.py", b"x"), (name, b"?")), ((name, b"?"),)
    assert read(zip_of(*both), tmp_path).notes == (said,)
    assert read(tar_of(*both), tmp_path, "x.tar.gz").notes == (said,)
    whole = read_submission(laid(tmp_path / "both", *both), FORM)
    assert (whole.notes, whole.digest) == ((said,), Submission.of_text("ada", "hw", "x").digest)
    (tmp_path / "lone.zip").write_bytes(zip_of(*lone))
    for path in (tmp_path / "lone.zip", laid(tmp_path / "lone", *lone)):
        assert "there is no hw.py" in refused(path)
        assert f"{name} ({LEFT_OUT[name]})" in refused(path)


def test_it_is_told_of_a_students_folder_in_the_zip_of_a_class(tmp_path: Path) -> None:
    three = [(f"{who}/hw.py", b"x") for who in ("ada", "bela", "chen")]
    path = laid(tmp_path, ("class.zip", zip_of(*three, ("ada/tests/help.py", b"?")))) / "class.zip"
    said = {h.who: read_hand_in(h, FORM).notes for h in collect([path], FORM).hand_ins}
    assert said["bela"] == said["chen"] == ()
    assert said["ada"][-1].endswith("was left out: it lies in `tests`, the name of a folder of the handout")


def test_nobody_is_dropped_whose_file_is_hidden_among_those_of_a_class(tmp_path: Path) -> None:
    folder = laid(
        tmp_path / "in", ("bela.py", b"x"), (".chen.py", b"x"), (".venv/x.py", b"?"), ("ada/tests/hw.py", b"x")
    )
    found = collect([folder], FORM)
    assert [h.who for h in found.hand_ins] == ["bela"]
    assert [(one.path, one.why) for one in found.skipped] == [
        (".chen.py", "its name begins with a dot"), ("ada", "there is no file in it that counts"),
    ]  # fmt: skip
    own = collect([laid(tmp_path / "own", ("hw.py", b"x"), (".hw.py", b"x"))], FORM)
    assert len(own.hand_ins) == 1


def test_many_that_are_left_out_are_counted(tmp_path: Path) -> None:
    notes = read(zip_of(("hw.py", b"x"), *((f"tests/t{i}.py", b"?") for i in range(9))), tmp_path).notes
    assert len(notes) == 6
    assert notes[-1] == "4 more files were left out"


def test_work_beside_what_an_environment_consists_of_is_work(tmp_path: Path) -> None:
    """`python -m venv .` makes the folder of the work the environment's."""
    files = [(f"ada/{path}", b"?") for path in ("pyvenv.cfg", "lib/python3.11/os.py", "bin/activate_this.py")]
    files.append(("ada/hw.py", b"x"))
    assert [data for _, data in read(zip_of(*files), tmp_path).files] == [b"x"]
    (one,) = collect([laid(tmp_path / "in", *files)], FORM).hand_ins
    assert [data for _, data in read_hand_in(one, FORM).files] == [b"x"]
