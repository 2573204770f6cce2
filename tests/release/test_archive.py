"""Archives: the same contents give the same bytes, and no path leaves the archive."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.release.archive import write_zip, zip_bytes


def test_the_order_of_the_files_does_not_show() -> None:
    assert zip_bytes({"b.py": b"2", "a/c.py": b"1"}) == zip_bytes({"a/c.py": b"1", "b.py": b"2"})


def test_time_and_mode_are_fixed_and_scripts_are_executable() -> None:
    archive = zipfile.ZipFile(io.BytesIO(zip_bytes({"run": b"#!", "a.py": b""}, executable={"run"})))
    assert [(i.filename, i.date_time, oct(i.external_attr >> 16)) for i in archive.infolist()] == [
        ("a.py", (1980, 1, 1, 0, 0, 0), "0o100644"),
        ("run", (1980, 1, 1, 0, 0, 0), "0o100755"),
    ]


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.py", "a/../b.py", "a//b.py"])
def test_a_path_that_leaves_the_archive_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no path inside an archive"):
        zip_bytes({path: b""})


def test_a_folder_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UsageError, match="choose another folder"):
        write_zip(tmp_path / "file" / "x.zip", {"a": b""})


def test_writing_leaves_nothing_but_the_archive(tmp_path: Path) -> None:
    write_zip(tmp_path / "new" / "x.zip", {"a": b"1"})
    assert os.listdir(tmp_path / "new") == ["x.zip"]
    assert zipfile.ZipFile(tmp_path / "new" / "x.zip").read("a") == b"1"
