"""The scaffold of a new assignment: small, whole, and passing `verify` from the start."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.keys import make_salt
from autograder.release.stub import make_stub

PARTS = {
    "assignments/assignment.toml.txt": "assignments/{name}/assignment.toml",
    "assignments/handout.md.txt": "assignments/{name}/handout.md",
    "solutions/reference.py.txt": "solutions/{name}/{name}.py",
    "solutions/cases.py.txt": "solutions/{name}/cases/squared_error.py",
    "solutions/misconceptions.toml.txt": "solutions/{name}/misconceptions/squared_error.toml",
    "solutions/alternates/loop.py.txt": "solutions/{name}/alternates/loop.py",
    "solutions/rubric.md.txt": "solutions/{name}/rubric.md",
}


def scaffold(root: Path, name: str) -> tuple[Path, ...]:
    """Write the files of a new assignment under the course folder; their paths.

    Raises:
        UsageError: the name is no identifier, or the assignment exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(
            "an assignment's name", found=name, expected="lower-case letters, digits and _, a letter first"
        )
    targets = {part: root / target.format(name=name) for part, target in PARTS.items()}
    existing = [folder for folder in (root / "assignments" / name, root / "solutions" / name) if folder.exists()]
    if existing:
        raise UsageError(f"there is an assignment `{name}` already", where=str(existing[0]), fix="choose another name")
    template = files("autograder.release") / "template"
    written = []
    for part, target in targets.items():
        text = (template / part).read_text(encoding="utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.format(name=name, title=name.replace("_", " ").capitalize()), encoding="utf-8")
        written.append(target)
    reference = targets["solutions/reference.py.txt"]
    stub = root / "assignments" / name / f"{name}.py"
    stub.write_text(make_stub(reference.read_text(encoding="utf-8"), str(reference)), encoding="utf-8")
    return (*written, stub, make_salt(root / "solutions" / name))
