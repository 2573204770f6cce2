"""Tasks: the submissions of a cohort by name, and the key under which each one's result is kept.

key = sha256(name, file, bundle, settings, sandbox mode, device): whatever could change the grade. The same key is never
graded twice unless somebody asks for it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.grade import Settings
from autograder.spec.models import SubmissionForm


@dataclass(frozen=True)
class Found:
    """A submission on disk: its name in every report, and its path."""

    name: str
    path: Path


@dataclass(frozen=True)
class Task:
    """One submission to grade. `content` is the sha256 of the file, which the worker checks before it grades."""

    key: str
    name: str
    path: str
    content: str


def collect(paths: Iterable[Path], form: SubmissionForm) -> tuple[Found, ...]:
    """The submissions at `paths`, sorted by name.

    A file is a submission, of whatever form. A folder stands for the files in it that have an accepted form, and for
    its subfolders, each of which holds one submission (as exports of course systems do) and gives it its name.
    A name is the file's without its ending; where two would be the same, they keep the ending, and then the folder.

    Raises:
        UsageError: a path that does not exist, or nothing to grade.
    """
    paths = list(paths)
    files: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            files += _in_folder(path, form)
        elif path.exists():
            files.append((path.stem, path))
        else:
            raise UsageError("there is no such file or folder", where=str(path), fix="check the path")
    unique = {path.resolve(): (name, path) for name, path in files}
    if not unique:
        raise UsageError(
            "there is nothing to grade",
            where=", ".join(map(str, paths)) or "PATH",
            expected=" or ".join(f"*.{f}" for f in form.forms),
        )
    return tuple(Found(n, p) for n, p in sorted(_unique_names(list(unique.values()))))


def _in_folder(folder: Path, form: SubmissionForm) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir():
            own = _one_of(path, form)
            if own:
                found.append((path.name, own))
        elif _accepted(path, form):
            found.append((path.stem, path))
    return found


def _accepted(path: Path, form: SubmissionForm) -> bool:
    return path.is_file() and path.suffix.lower().removeprefix(".") in form.forms


def _one_of(folder: Path, form: SubmissionForm) -> Path | None:
    """The submission in a student's folder; the folder itself (which is unreadable) when several files could be it."""
    files = [p for p in sorted(folder.iterdir()) if _accepted(p, form)]
    named = [p for p in files if p.stem == form.module]
    if len(files) == 1:
        return files[0]
    if len(named) == 1:
        return named[0]
    return folder if files else None


def _unique_names(files: Sequence[tuple[str, Path]]) -> list[tuple[str, Path]]:
    for longer in (lambda p: p.name, lambda p: f"{p.parent.name}/{p.name}", lambda p: str(p.resolve())):
        counts = Counter(name for name, _ in files)
        if max(counts.values()) == 1:
            break
        files = [(name if counts[name] == 1 else longer(path), path) for name, path in files]
    return list(files)


def content_of(path: Path) -> str:
    """sha256 of a file's name and bytes; of the name alone where it cannot be read as a file."""
    digest = hashlib.sha256(path.suffix.lower().encode() + b"\0")
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError:
        digest.update(b"unreadable\0" + path.name.encode(errors="surrogateescape"))
    return digest.hexdigest()


def settings_table(settings: Settings) -> dict[str, object]:
    """Settings as JSON, with a digest in place of the secret."""
    table = asdict(settings)
    table["secret"] = hashlib.sha256(settings.secret.encode()).hexdigest()[:16] if settings.secret else ""
    return table


def task_of(found: Found, bundle: str, settings: Settings, mode: str, device: str = "cpu") -> Task:
    """The task of a submission: its content read, its key computed.

    Args:
        bundle: digest of the bundle.
        mode: of the sandbox.
        device: hardware class.
    """
    content = content_of(found.path)
    return Task(task_key(found.name, content, bundle, settings, mode, device), found.name, str(found.path), content)


def task_key(name: str, content: str, bundle: str, settings: Settings, mode: str, device: str = "cpu") -> str:
    """See the module."""
    parts = [name, content, bundle, settings_table(settings), mode, device]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
