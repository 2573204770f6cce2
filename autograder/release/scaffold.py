"""The scaffold of a new assignment: small, whole, and passing `verify` from the start."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

from autograder.errors import AuthorError, MachineError, UsageError
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

MILESTONE = {
    "milestone/assignments/assignment.toml.txt": "assignments/{name}/assignment.toml",
    "milestone/assignments/handout.md.txt": "assignments/{name}/handout.md",
    "milestone/assignments/pack.py.txt": "assignments/{name}/pack.py",
    "milestone/solutions/reference.py.txt": "solutions/{name}/{name}.py",
    "milestone/solutions/cases.py.txt": "solutions/{name}/cases/predict.py",
    "milestone/solutions/deck.py.txt": "solutions/{name}/deck.py",
    "milestone/solutions/decks.py.txt": "solutions/{name}/decks.py",
    "milestone/solutions/misconceptions.toml.txt": "solutions/{name}/misconceptions/predict.toml",
    "milestone/solutions/equivalent.toml.txt": "solutions/{name}/equivalent.toml",
    "milestone/solutions/alternates/sgd.py.txt": "solutions/{name}/alternates/sgd.py",
    "milestone/solutions/alternates/factored.py.txt": "solutions/{name}/alternates/factored.py",
    "solutions/rubric.md.txt": "solutions/{name}/rubric.md",
}

WRITTEN = {
    "written/assignment.toml.txt": "assignments/{name}/assignment.toml",
    "written/handout.md.txt": "assignments/{name}/handout.md",
    "written/reference.py.txt": "solutions/{name}/{name}.py",
    "written/rubric.md.txt": "solutions/{name}/rubric.md",
    "written/rubric.toml.txt": "solutions/{name}/rubric.toml",
}
"""What a written question adds: its text stands below what is there, but for the rubric, which is another one."""
POINTS, WRITTEN_POINTS = 10, 3


def scaffold(root: Path, name: str, milestone: bool = False, written: bool = False) -> tuple[Path, ...]:
    """Write the files of a new assignment under the course folder; their paths.

    Args:
        milestone: one with trained work; its weights are made by `autograder train`.
        written: with a second question that a person grades.

    Raises:
        UsageError: the name is no identifier or cannot be a module's beside others, or the assignment exists.
        MachineError: the files cannot be written; nothing is left of them.
    """
    refuse_name(name)
    parts = MILESTONE if milestone else PARTS
    template = files("autograder.release") / "template"
    words = {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "points": POINTS + (WRITTEN_POINTS if written else 0),
    }
    texts: dict[str, str] = {}
    for part, target in (*parts.items(), *(WRITTEN.items() if written else ())):
        path, text = target.format(name=name), (template / part).read_text(encoding="utf-8").format(**words)
        texts[path] = text if path.endswith("rubric.md") else texts.get(path, "") + text
    return write_assignment(root, name, texts)


def write_assignment(root: Path, name: str, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write a new assignment, with its stub and its salt; the paths of all files.

    Args:
        texts: path below the course folder → text; the reference is among them.

    Raises:
        UsageError: the assignment exists.
        MachineError: the files cannot be written; nothing is left of them.
        AuthorError: the reference makes no stub; nothing is left.
    """
    folders = (root / "assignments" / name, root / "solutions" / name)
    existing = [folder for folder in folders if folder.exists()]
    if existing:
        raise UsageError(f"there is an assignment `{name}` already", where=str(existing[0]), fix="choose another name")
    try:
        return _write(root, name, texts)
    except (OSError, MachineError, AuthorError) as error:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise MachineError(
            f"the assignment cannot be written: {error.strerror}", where=str(error.filename or root),
            expected="a course folder that you may write, on a disk with room",
            fix="give yourself the right to write there, or name another course with --root",
        ) from None  # fmt: skip


def refuse_name(name: str) -> None:
    """Refuse what cannot be an assignment's name.

    Raises:
        UsageError: it is no identifier, or cannot be a module's beside others.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(
            "an assignment's name", found=name, expected="lower-case letters, digits and _, a letter first"
        )
    if reason := _taken(name):
        raise UsageError(f"`{name}` cannot be an assignment's name: {reason}", fix="choose another name")


def _write(root: Path, name: str, texts: Mapping[str, str]) -> tuple[Path, ...]:
    written = []
    for part, text in texts.items():
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    reference = root / "solutions" / name / f"{name}.py"
    stub = root / "assignments" / name / f"{name}.py"
    stub.write_text(make_stub(reference.read_text(encoding="utf-8"), str(reference)), encoding="utf-8")
    return (*written, stub, make_salt(root / "solutions" / name))


_OURS = {
    "check": "handouts hold a check.py of their own",
    "selfcheck": "handouts hold a folder selfcheck/ of their own",
    "tests": "handouts and Otter have a folder tests/ of their own",
    "cases": "solutions/NAME/cases.py are an assignment's cases",
    "autograder": "that is this package",
}
_LIBRARIES = frozenset({
    "numpy", "torch", "torchvision", "torchaudio", "scipy", "pandas", "matplotlib", "sklearn", "sympy", "jax", "flax",
    "tensorflow", "keras", "einops", "transformers", "datasets", "seaborn", "tqdm", "lightning", "otter",
})  # fmt: skip


def _taken(name: str) -> str:
    """Why a student's file of this name would break a handout; "" where it would not."""
    if name in _OURS:
        return _OURS[name]
    if keyword.iskeyword(name):
        return "it is a word of Python's and no file of that name can be imported"
    if name in sys.stdlib_module_names:
        return f"`import {name}` means a module of Python's own library"
    if name in _LIBRARIES or name in packages_distributions():
        return f"`import {name}` means a library"
    return ""
