"""A student's package cannot be imported in place of a file of the course; Python would do so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.grader.course_code import without_stand_ins

COURSE = {"graph.py": b"whose = 'the course'", "data.csv": b""}
THEIRS = {"a/hw.py": b"import graph\nprint(graph.whose)", "a/graph/__init__.py": b"whose = 'the student'"}


def ran(folder: Path, files: dict[str, bytes]) -> str:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = subprocess.run([sys.executable, "hw.py"], cwd=folder / "a", capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_package_beats_a_module_in_python_and_not_here(tmp_path: Path) -> None:
    course = {f"a/{name}": data for name, data in COURSE.items()}
    assert ran(tmp_path / "python", THEIRS | course) == "the student"
    assert ran(tmp_path / "here", without_stand_ins(THEIRS, COURSE, "a") | course) == "the course"


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ("a/hw.py", True), ("a/graph.py", True), ("a/graph/x.py", False), ("a/graph.so", False),
        ("a/graph.cpython-311-x86_64-linux-gnu.so", False), ("graph/x.py", True), ("a/lib/graph/x.py", True),
        ("a/data/x.csv", True), ("a/graphs/x.py", True),
    ],
)  # fmt: skip
def test_what_stands_in_and_what_does_not(path: str, stays: bool) -> None:
    assert (path in without_stand_ins({path: b""}, COURSE, "a")) is stays
