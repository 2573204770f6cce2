"""What a student handed in, found among Otter's own files."""

import os
import zipfile
from pathlib import Path

from autograder.otter_bridge.staging import gathered, students_files


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
    assert list(students_files(tmp_path, ["_autograder"])) == ["lib/a.py", "tiny.py"]


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "s", tiny_py="x = 1")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "s" / "link.py").symlink_to(tmp_path / "secret")
    (tmp_path / "s" / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "s" / "pipe.py")
    assert list(students_files(tmp_path / "s")) == ["tiny.py"]


def test_a_student_s_own_init_counts_when_it_has_text(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("x = 1")
    assert list(students_files(tmp_path)) == ["__init__.py"]


def test_one_file_is_read_as_it_is_and_several_as_their_zip(tmp_path: Path) -> None:
    one = put(tmp_path / "one", tiny_py="x = 1")
    assert gathered(students_files(one), tmp_path, 10**6) == one / "tiny.py"
    two = put(tmp_path / "two", tiny_py="x = 1", lib__a_py="y = 2")
    path = gathered(students_files(two), tmp_path, 10**6)
    assert zipfile.ZipFile(path).namelist() == ["lib/a.py", "tiny.py"]


def test_nothing_is_an_empty_zip_and_too_much_is_not_read(tmp_path: Path) -> None:
    assert zipfile.ZipFile(gathered({}, tmp_path, 10)).namelist() == []
    big = put(tmp_path / "s", a_py="x" * 50, b_py="x" * 50)
    path = gathered(students_files(big), tmp_path, 60)
    assert path.stat().st_size == 100
    assert not zipfile.is_zipfile(path)
