"""A new course in an empty folder: its rules, a first assignment, secret and salt, and what a repository needs."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from autograder import __version__
from autograder.errors import MachineError, UsageError
from autograder.grading.keys import make_secret
from autograder.release.scaffold import refuse_name, scaffold
from autograder.spec.course import Course
from autograder.spec.loading import parse_model

PARTS = {
    "course.toml.txt": "course.toml",
    "README.md.txt": "README.md",
    "gitignore.txt": ".gitignore",
    "verify.yml.txt": ".github/workflows/verify.yml",
}
_WEEKS = {"first": 3, "midway": 9, "final": 13}
_ALLOWED = {".git", ".venv", ".DS_Store"}


def new_course(root: Path, name: str, title: str, zone: str, today: date) -> tuple[Path, ...]:
    """Write a course into an empty folder, made if need be; the paths of what was written.

    Args:
        name: of the first assignment.
        today: the due times of the example are weeks after it.

    Raises:
        UsageError: the folder holds something, or the name is none for an assignment.
        SpecError: the zone is none.
        MachineError: the folder cannot be written; nothing is left of what was.
    """
    refuse_name(name)
    there = sorted(p.name for p in root.iterdir() if p.name not in _ALLOWED) if root.is_dir() else []
    if root.exists() and (there or not root.is_dir()):
        found = ", ".join(there[:5]) or "a file"
        fix = "choose a new or an empty folder; another assignment of a course: autograder new NAME"
        raise UsageError("there is something in this folder already", where=str(root), found=found, fix=fix)
    values = {"title": title.replace('"', "'"), "zone": zone, "name": name, "version": __version__}
    values |= {part: (today + timedelta(weeks=weeks)).isoformat() for part, weeks in _WEEKS.items()}
    template = files("autograder.release") / "template" / "course"
    texts = {t: (template / part).read_text(encoding="utf-8").format(**values) for part, t in PARTS.items()}
    parse_model(texts["course.toml"], str(root / "course.toml"), Course)  # the zone, before anything is written
    made = not root.exists()
    try:
        written = _write(root, texts, name)
    except (OSError, MachineError, UsageError) as error:
        _take_back(root, made, texts)
        if isinstance(error, OSError):
            raise MachineError(f"the course cannot be written: {error.strerror}", where=str(error.filename or root),
                               fix="choose a folder that you may write, on a disk with room") from None  # fmt: skip
        raise
    return written


def _write(root: Path, texts: dict[str, str], name: str) -> tuple[Path, ...]:
    written = []
    for folder in ("assignments", "solutions"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for target, text in texts.items():
        path = root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return (*written, *scaffold(root, name), make_secret(root))


def _take_back(root: Path, made: bool, texts: dict[str, str]) -> None:
    """Leave nothing half-written."""
    if made:
        shutil.rmtree(root, ignore_errors=True)
        return
    for folder in ("assignments", "solutions", ".github"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for target in [*texts, "course.secret"]:
        (root / target).unlink(missing_ok=True)
