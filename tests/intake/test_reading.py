"""Submissions on disk: what is accepted, what is refused and with which words."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.intake.reading import read_submission
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

FORM = SubmissionForm(file="hw.py", max_mb=1)


def notebook(*cells: str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": c} for c in cells], "nbformat": 4}).encode()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_py", ".py").replace("_ipynb", ".ipynb"), data)
    return buffer.getvalue()


def refusal(path: Path, form: SubmissionForm = FORM) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, form)
    return str(caught.value)


def test_a_python_file_of_any_name_stands_for_the_main_file(tmp_path: Path) -> None:
    submission = read_submission(put(tmp_path, "alice (1).py", b"x = 1"), FORM)
    assert (submission.name, submission.main, submission.files) == ("alice (1).py", "hw.py", (("hw.py", b"x = 1"),))


def test_the_digest_depends_on_the_content_alone(tmp_path: Path) -> None:
    first = read_submission(put(tmp_path, "a.py", b"x = 1"), FORM)
    assert first.digest == Submission.of_text("b", "hw", "x = 1").digest
    assert first.digest != Submission.of_text("b", "hw", "x = 2").digest


def test_a_zip_may_hold_a_folder_with_helpers(tmp_path: Path) -> None:
    submission = read_submission(put(tmp_path, "hw.zip", zipped(mine__hw_py=b"", mine__helpers_py=b"")), FORM)
    assert submission.main == "mine/hw.py"
    assert [path for path, _ in submission.files] == ["mine/helpers.py", "mine/hw.py"]


def test_a_zip_may_hold_a_notebook_or_one_file_of_another_name(tmp_path: Path) -> None:
    assert read_submission(put(tmp_path, "a.zip", zipped(hw_ipynb=notebook("x = 1"))), FORM).main == "hw.ipynb"
    assert read_submission(put(tmp_path, "b.zip", zipped(solution_py=b"")), FORM).main == "solution.py"


def test_a_zip_without_the_main_file_says_what_it_has(tmp_path: Path) -> None:
    message = refusal(put(tmp_path, "hw.zip", zipped(a_py=b"", b_py=b"")))
    assert "no hw.py" in message
    assert "a.py, b.py" in message


def test_a_zip_with_the_main_file_twice_is_refused(tmp_path: Path) -> None:
    assert "more than one hw.py" in refusal(put(tmp_path, "hw.zip", zipped(a__hw_py=b"", b__hw_py=b"")))


def test_a_zip_that_hides_a_library_is_refused(tmp_path: Path) -> None:
    assert "name of a library" in refusal(put(tmp_path, "hw.zip", zipped(hw_py=b"", torch__functional_py=b"")))


def test_what_is_not_there_or_a_folder_or_too_large_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "hw.py")
    assert "folder" in refusal(tmp_path)
    assert "too large" in refusal(put(tmp_path, "hw.py", b"#" * (2**20 + 1)))


def test_a_form_that_is_not_accepted_is_refused(tmp_path: Path) -> None:
    assert "not accepted" in refusal(put(tmp_path, "hw.docx", b""))
    only_python = SubmissionForm(file="hw.py", forms=("py",))
    assert "not accepted" in refusal(put(tmp_path, "hw.ipynb", notebook()), only_python)


@pytest.mark.parametrize("data", [b"x = '\xff\xfe'", "x = 'é'".encode("utf-16"), b"# coding: nonsense\n", b"x = 1\x00"])
def test_a_file_that_is_not_text_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "text" in refusal(put(tmp_path, "hw.py", data))


def test_a_declared_encoding_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    assert read_submission(put(tmp_path, "a.py", "# coding: latin-1\nx = 'é'".encode("latin-1")), FORM)
    assert read_submission(put(tmp_path, "b.py", b"\xef\xbb\xbfx = 1"), FORM)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[" * 100_000, b"[]", b"{}", b'{"cells": 3}', b'{"cells": [1]}',
             b'{"cells": [{"cell_type": "code", "source": 5}]}',
             b'\xff\xfe{"cells": []}']
)  # fmt: skip
def test_a_corrupt_notebook_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "notebook" in refusal(put(tmp_path, "hw.ipynb", data))
