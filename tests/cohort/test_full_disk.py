"""A full disk, for real (a small tmpfs): a clear message, a database that is whole, and with more room all goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cohort.outputs import write_report
from autograder.cohort.store import STORE, Store
from autograder.errors import MachineError
from tests.cohort.support import run, write_submissions
from tests.small_course import write_course

SIZES = (48, 120, 260, *(pytest.param(n, marks=pytest.mark.slow) for n in (16, 80, 160, 200, 340, 500, 800)))
"""Kilobytes: the folder of twelve hand-ins with its report needs more than any of them, or about the last."""


@pytest.fixture
def disk(tmp_path):
    """A function that gives the disk a size in kB, and is the disk's folder."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no tmpfs may be mounted here")

    class Disk:
        folder = place

        def size(self, kilobytes):
            subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(place)], check=True)

    yield Disk()
    subprocess.run(["umount", "-l", str(place)], check=True)


def whole(path):
    """Whether the database has no fault, where there is one."""
    if not path.exists() or not path.stat().st_size:
        return True
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return found == "ok"


@pytest.mark.parametrize("kilobytes", SIZES)
def test_wherever_the_disk_is_full_nothing_is_lost(disk, bundle, folder, kilobytes):
    disk.size(kilobytes)
    out, told = disk.folder / "out", None
    try:
        with Store(out) as store:
            run(store, bundle, folder)
            write_report(store, bundle.spec)
    except MachineError as error:
        told = error
    assert told is None or "--resume" in told.text()
    assert kilobytes > 500 or told is not None, "the disk was large enough: nothing was tried"
    assert list(disk.folder.rglob("*.tmp")) == []
    disk.size(65_536)
    assert whole(out / STORE)
    with Store(out) as store:
        before = len(store.history())
        outcome = run(store, bundle, folder)
        assert (outcome.exit_status, outcome.totals.total, outcome.notes) == (0, 12, ())
        assert outcome.totals.known >= before
        assert {e.who for e in store.current() if e.graded} == {f"s{i:03d}" for i in range(12)}
        assert len(store.history()) == 12
        assert write_report(store, bundle.spec).damaged == {}


@pytest.mark.parametrize("kilobytes", [200, 800])
def test_the_command_says_so_and_resumes(disk, tmp_path, kilobytes):
    course, folder = write_course(tmp_path / "course"), write_submissions(tmp_path / "in", 24)
    out = disk.folder / "out"
    disk.size(kilobytes)

    def grade(*more):
        words = ["grade", "small", str(folder), "-o", str(out), "--root", str(course), "-j", "2", *more]
        return subprocess.run([sys.executable, "-m", "autograder", *words], capture_output=True, text=True, timeout=300)

    full = grade()
    assert full.returncode == 2, full.stderr
    assert "Traceback" not in full.stderr
    assert "autograder: " in full.stderr
    assert "No space left" in full.stderr or "full" in full.stderr
    assert whole(out / STORE)
    disk.size(65_536)
    resumed = grade("--resume")
    assert resumed.returncode == 0, resumed.stderr
    rows = (out / "final_grades.csv").read_text().splitlines()[2:]
    assert [row.split(",")[3] for row in rows] == ["10.0", "6.0", "4.0", "6.0", "6.0", "0.0"] * 4
    assert len(list((out / "report" / "students").iterdir())) == 24


def test_the_disk_of_these_tests_can_be_full(disk):
    disk.size(16)
    with pytest.raises(OSError, match="No space left"):
        (Path(disk.folder) / "large").write_bytes(b"x" * 100_000)
