"""What a student handed in, found in Otter's or Gradescope's submission folder and read without running any of it.

Otter copies our own files and its tests into that folder, and adds an empty `__init__.py`; those are left out. One
file is read as it is; several are read as the zip that they came from. Links are not followed.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Collection
from pathlib import Path

from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.grading.grade import Settings, grade_path
from autograder.grading.judge import Grade
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Mode

_OTTERS = {"tests", ".OTTER_LOG", "__zip_filename__"}


def students_files(folder: Path, ours: Collection[str] = ()) -> dict[str, Path]:
    """Relative path -> file of all that the student put into `folder`; `ours` are top-level names to leave out."""
    found: dict[str, Path] = {}
    for place, folders, names in os.walk(folder):
        base = Path(place)
        if base == folder:
            folders[:] = [f for f in folders if f not in {*ours, *_OTTERS}]
            names = [n for n in names if n not in {*ours, *_OTTERS}]
        for name in names:
            path = base / name
            empty_init = name == "__init__.py" and base == folder and path.stat(follow_symlinks=False).st_size == 0
            if path.is_file() and not path.is_symlink() and not empty_init:
                found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))


def gathered(files: dict[str, Path], scratch: Path, max_bytes: int) -> Path:
    """One file to read as the submission: the only file itself, or a zip of all (of none, too), put into `scratch`."""
    if len(files) == 1 and "/" not in next(iter(files)):
        return next(iter(files.values()))
    path = scratch / "submission.zip"
    size = sum(file.stat().st_size for file in files.values())
    if size > max_bytes:  # never read; a file of that size, without content, gets the same message
        with path.open("wb") as large:
            large.truncate(size)
        return path
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(name), file.read_bytes())
    return path


def load_bundle(folder: Path) -> Bundle:
    """The bundle below a folder that the zip was unpacked to.

    Raises:
        BundleError: it is not there, or damaged.
    """
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / FOLDER).rglob("*") if p.is_file()}
    return from_files(files, str(folder))


def grade_files(bundle: Bundle, files: dict[str, Path], scratch: Path, name: str, mode: Mode) -> Grade:
    """The grade of what a student handed in, by one sandbox made for it.

    Raises:
        MachineError: this machine has not the layers that `mode` asks for.
    """
    path = gathered(files, scratch, bundle.spec.submission.max_mb * 2**20)
    with Sandbox.start(mode) as sandbox:
        grade, _ = grade_path(sandbox, bundle, path, name, Settings())
    return grade
