"""Terminals that cannot print, streams that are closed or full, names of any bytes: a plain message, nothing lost."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli.streams import plain
from autograder.cohort.upgrade import upgrade
from tests.small_course import REFERENCE, write_course

FIXTURE = Path(__file__).parents[1] / "fixtures_0_1_0"
COMMAND = [sys.executable, "-m", "autograder"]


def start(
    *arguments: object, env: dict[str, str] | None = None, **options: object
) -> subprocess.CompletedProcess[bytes]:
    words = [str(a) for a in arguments]
    return subprocess.run([*COMMAND, *words], env=os.environ | (env or {}), timeout=300, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    shutil.copytree(FIXTURE / "out", tmp_path / "out")
    upgrade(tmp_path / "out", "instructor", "0.2.0")
    return tmp_path / "out"


def test_letters_that_a_terminal_has_not_are_written_in_another_way() -> None:
    def printed(text: str, encoding: str) -> bytes:
        import codecs

        codecs.register_error("plain-for-test", plain)
        return text.encode(encoding, "plain-for-test")

    assert printed("✓ 3 × ½ – Zoë …", "ascii") == b"+ 3 x 12 - Zoe ..."
    assert printed("Zoë ✗", "latin-1") == b"Zo\xeb x"
    assert printed("bad\udcff 中", "ascii") == rb"bad\xff \u4e2d"
    assert printed("bad\udcff ✓", "utf-8") == b"bad\\xff \xe2\x9c\x93"
    with pytest.raises(UnicodeError):
        b"\xff".decode("ascii", "plain-for-test")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_of_few_letters_gets_them_all(out: Path, tmp_path: Path, encoding: str) -> None:
    course = write_course(tmp_path / "course")
    done = start("rejudge", out, "--root", course, "--dry-run", env={"PYTHONIOENCODING": encoding}, capture_output=True)
    assert done.returncode == 1, done.stderr  # one was never graded
    assert b"Traceback" not in done.stderr
    assert b"double" in done.stdout
    done.stdout.decode(encoding)


def test_a_closed_stdout_is_no_fault_and_no_file_is_printed_into(out: Path) -> None:
    command = " ".join([*COMMAND, "report", str(out), ">&-", "2>&-", "<&-"])
    shutil.rmtree(out / "report")
    assert subprocess.run(["sh", "-c", command], timeout=300, check=False).returncode == 0
    assert (out / "report" / "index.html").is_file()
    assert (out / "grades.sqlite").read_bytes().startswith(b"SQLite format 3")
    assert (out / "lock").read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_is_full_is_said_once_and_the_work_is_done(out: Path) -> None:
    shutil.rmtree(out / "report")
    with open("/dev/full", "wb") as full:
        done = start("report", out, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.decode().strip() == "autograder: the output cannot be written: No space left on device"
    assert (out / "report" / "index.html").is_file()


def test_a_name_of_any_bytes_is_a_row_like_others(tmp_path: Path) -> None:
    course, folder, out = write_course(tmp_path / "course"), tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in (b"bad\xff.py", "Zoë 中.py".encode(), b"esc\x1b[2J.py", b"=1+1.py"):
        (folder / os.fsdecode(name)).write_text(REFERENCE)
    done = start("grade", "small", folder, "-o", out, "--root", course, "-j", "1", capture_output=True)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()  # valid UTF-8
    assert r"bad\xff" in text
    assert "\x1b[2J" not in text
    rows = list(csv.reader((out / "final_grades.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 6
    assert {"10.0"} == {row[-3] for row in rows[1:]}
    assert r"bad\xff.py" in {row[0] for row in rows}
    assert r"bad\xff" in (out / "report" / "index.html").read_text("utf-8")
    grades = [json.loads(path.read_text("utf-8")) for path in (out / "grades").iterdir()]
    assert r"bad\xff" in {g["submission"] for g in grades}
    assert {g["points"] for g in grades} == {"10"}
    assert [path for path in [out, *out.rglob("*")] if path.stat().st_mode & 0o077] == [], "others may read"
    again = start("grade", "small", folder, "-o", out, "--root", course, "--resume", "--json", capture_output=True)
    assert again.returncode == 0, again.stderr
    assert len(json.loads(again.stdout)["grades"]) == 4
    forgotten = start("forget", r"bad\xff", out, capture_output=True)
    assert forgotten.returncode == 0, forgotten.stderr
    assert r"bad\xff" not in (out / "final_grades.csv").read_text("utf-8")
