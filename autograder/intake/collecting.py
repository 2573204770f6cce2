"""Collecting: the hand-ins that lie at the paths somebody gives, and what lies there and is none.

Whatever reader found them, every hand-in gets a name of its own here, as text that can be printed: files have names of
bytes, and one that is not UTF-8 is a row like others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.hand_in import HandIn, Skipped, printable
from autograder.spec.models import SubmissionForm


@dataclass(frozen=True)
class Collected:
    """What was found: hand-ins sorted by who and version, and what was left out."""

    hand_ins: tuple[HandIn, ...]
    skipped: tuple[Skipped, ...] = ()


def collect(paths: Iterable[Path], form: SubmissionForm) -> Collected:
    """The hand-ins at `paths`.

    A file is a hand-in, of whatever form. A folder stands for the files in it that have an accepted form, and for
    its subfolders, each of which holds one hand-in (as exports of course systems do) and gives it its name.
    A name is the file's without its ending; where two would be the same, they keep the ending, and then the folder.

    Raises:
        UsageError: a path that does not exist, or nothing to grade.
    """
    paths = list(paths)
    found: list[HandIn] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path, form)
        elif path.exists():
            found.append(HandIn(path.stem, path))
        else:
            raise UsageError("there is no such file or folder", where=printable(str(path)), fix="check the path")
    unique = {(hand_in.path.resolve(), hand_in.version): hand_in for hand_in in found}
    if not unique:
        raise UsageError(
            "there is nothing to grade",
            where=", ".join(printable(str(p)) for p in paths) or "PATH",
            expected=" or ".join(f"*.{f}" for f in form.forms),
        )
    return Collected(tuple(sorted(_named(list(unique.values())), key=lambda h: (h.who, h.version))))


def _in_folder(folder: Path, form: SubmissionForm) -> list[HandIn]:
    found: list[HandIn] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir():
            own = _one_of(path, form)
            if own:
                found.append(HandIn(path.name, own))
        elif _accepted(path, form):
            found.append(HandIn(path.stem, path))
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


_LONGER: tuple[Callable[[Path], str], ...] = (
    lambda path: path.name,
    lambda path: f"{path.parent.name}/{path.name}",
    lambda path: str(path.resolve()),
)


def _named(hand_ins: Sequence[HandIn]) -> list[HandIn]:
    """The same hand-ins; no two share who and version, and every name can be printed."""
    named = [replace(h, who=printable(h.who), version=printable(h.version)) for h in hand_ins]
    named = _numbered(named, lambda h: (printable(str(h.path.resolve())), h.version))  # paths that print alike
    for longer in _LONGER:
        counts = Counter((h.who, h.version) for h in named)
        if max(counts.values()) == 1:
            return named
        named = [h if counts[h.who, h.version] == 1 else replace(h, who=printable(longer(h.path))) for h in named]
    return _numbered(named, lambda h: (h.who, h.version))


def _numbered(hand_ins: Sequence[HandIn], alike: Callable[[HandIn], tuple[str, str]]) -> list[HandIn]:
    """`(2)` and so on after the names of those that are alike, in the order of the bytes of their paths."""
    seen: Counter[tuple[str, str]] = Counter()
    numbered = []
    for hand_in in sorted(hand_ins, key=lambda h: str(h.path)):
        seen[alike(hand_in)] += 1
        count = seen[alike(hand_in)]
        numbered.append(hand_in if count == 1 else replace(hand_in, who=f"{hand_in.who} ({count})"))
    return numbered
