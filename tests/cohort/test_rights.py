"""A folder of grades that this user may not read or write: said as that, and never as a full disk."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from autograder.cohort.database import translated
from autograder.cohort.store import STORE, Store
from autograder.errors import AutograderError, MachineError
from autograder.grading.private import not_written


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorcode = code
    return error


def said(code: int, path: Path) -> str:
    found: AutograderError = translated(sqlite_error(code), path, "is damaged")
    assert isinstance(found, MachineError)
    return found.text()


def test_a_missing_right_and_a_full_disk_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / STORE
    path.touch()
    assert "make room" in said(sqlite3.SQLITE_FULL, path)
    assert "make room" in said(sqlite3.SQLITE_CANTOPEN, path)
    assert "chmod u+rwX" in said(sqlite3.SQLITE_READONLY, path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    refused = said(sqlite3.SQLITE_CANTOPEN, path)
    assert "chmod u+rwX" in refused
    assert "make room" not in refused
    assert "make room" in said(sqlite3.SQLITE_FULL, path)


@pytest.mark.parametrize(("number", "fix"), [(errno.EACCES, "chmod"), (errno.EPERM, "chmod"), (errno.EROFS, "chmod"),
                                             (errno.ENOSPC, "make room"), (errno.EDQUOT, "make room")])  # fmt: skip
def test_files_say_which_of_both(tmp_path: Path, number: int, fix: str) -> None:
    assert fix in not_written(tmp_path, OSError(number, os.strerror(number))).fix


def test_a_store_whose_file_may_not_be_opened(tmp_path: Path) -> None:
    """For real where the tests run as root: a child without root's rights opens a file of mode 0."""
    with Store(tmp_path / "out"):
        pass
    path = tmp_path / "out" / STORE
    path.chmod(0)
    if os.getuid() == 0:
        for place in (tmp_path / "out", tmp_path / "out" / "lock", *(tmp_path / "out").iterdir()):
            os.chown(place, 65534, 65534)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.chdir(tmp_path / "out")  # the folders above are closed to others
            if os.getuid() == 0:
                os.setgroups([])
                os.setresuid(65534, 65534, 65534)
            with Store(Path()):
                os.write(writing, b"opened")
        except AutograderError as error:
            os.write(writing, error.text().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    assert "unable to open" in text
    assert "chmod u+rwX" in text
    assert "make room" not in text
    path.chmod(0o600)
    with Store(tmp_path / "out"):
        pass
