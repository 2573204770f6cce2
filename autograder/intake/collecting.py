"""Collecting: the hand-ins that lie at the paths somebody gives, and what lies there and is none.

What course system a folder or zip comes from is told by its shape, or said with a layout's name. Whatever reader found
them, every hand-in gets a name of its own here, as text that can be printed: files have names of bytes, and one that is
not UTF-8 is a row like others. Links are told and never followed, except a folder that is given and is one. An output
folder of ours, wherever it lies, is nobody's work.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from autograder.errors import SubmissionError, UsageError
from autograder.intake.folder import kind_of_path, shown
from autograder.intake.hand_in import HandIn, Skipped, printable
from autograder.intake.ignoring import STORE_MARK, missed
from autograder.intake.kinds import ending
from autograder.intake.layouts import canvas, clones, gradescope, moodle, nbgrader, otter, plain
from autograder.intake.layouts.tree import Collected, Tree, tree_of
from autograder.intake.layouts.versions import split
from autograder.spec.models import SubmissionForm

LAYOUTS: dict[str, ModuleType] = {
    "gradescope": gradescope,
    "otter": otter,
    "canvas": canvas,
    "moodle": moodle,
    "nbgrader": nbgrader,
    "clones": clones,
    "plain": plain,
}
"""Readers by name, in the order in which they are asked whether a shape is theirs."""
AUTO = "auto"
__all__ = ["AUTO", "LAYOUTS", "Collected", "collect"]


def collect(paths: Iterable[Path], form: SubmissionForm, layout: str = AUTO) -> Collected:
    """The hand-ins at `paths`, sorted by who and version, and what was left out.

    A file is a hand-in, of whatever form. A folder, or the zip of a whole class, is read by the layout, which is told
    by its shape only where it is the only path. A name that two would have is made longer: with the file's ending, then
    with its folder.

    Args:
        layout: a name of LAYOUTS; by its shape where it is AUTO and there is one path; else each zip is one hand-in.

    Raises:
        UsageError: a path that does not exist, nothing to grade, or a layout that cannot be read.
    """
    paths = list(paths)
    found: list[HandIn] = []
    skipped: list[Skipped] = []
    notes: list[str] = []
    for path in paths:
        part = _at(path, form, layout, alone=len(paths) == 1)
        found += part.hand_ins
        skipped += part.skipped
        notes += part.notes
    unique = {(_own_path(h.path), h.files, h.version): h for h in found}
    if not unique:
        raise UsageError(
            "there is nothing to grade",
            where=", ".join(printable(str(p)) for p in paths) or "PATH",
            found="; ".join([*(f"{s.path}: {s.why}" for s in skipped[:3]), *notes]),
            expected=" or ".join(f"*.{f}" for f in form.forms),
        )
    hand_ins = sorted(_named(list(unique.values())), key=lambda h: (h.who, h.version))
    return Collected(tuple(hand_ins), tuple(sorted(set(skipped), key=lambda s: s.path)), tuple(notes))


def _at(path: Path, form: SubmissionForm, layout: str, alone: bool) -> Collected:
    """What one path holds."""
    kind = kind_of_path(path)
    if not kind:
        raise UsageError("there is no such file or folder", where=printable(str(path)), fix="check the path")
    if kind == "link" and path.is_dir() and alone:  # several come from a shell's `*`: one of them may be a student's
        path, kind = Path(os.path.realpath(path)), "folder"
    if kind == "folder" and kind_of_path(path / STORE_MARK) == "file":
        if alone:
            raise UsageError(
                "this is an output folder of autograder grade, no folder of submissions", where=printable(str(path)),
                found=STORE_MARK, fix="give the folder in which the submissions lie",
            )  # fmt: skip
        return Collected((), notes=(_passed_over(path.name),))
    if kind == "folder":
        return _read(path, form, layout, alone)
    if kind == "file" and ending(path.name) == "zip" and (alone or layout != AUTO):  # else it may be a student's
        return _read(path, form, layout, alone)
    return Collected((_single(path),))


def _single(path: Path) -> HandIn:
    who, version = split(path.stem if ending(path.name) != "tar" else path.name.partition(".")[0])
    return HandIn(who, path, version=version)


def _read(path: Path, form: SubmissionForm, layout: str, alone: bool) -> Collected:
    try:
        tree = tree_of(path)
    except SubmissionError as error:
        if path.is_dir():
            raise UsageError(error.what, where=printable(str(path)), found=error.found, fix=error.fix) from None
        return Collected((_single(path),))  # a damaged zip is a hand-in that cannot be read
    reader = LAYOUTS[layout] if layout != AUTO else _reader_of(tree, form, alone)
    if reader is None:
        return Collected((_single(path),))
    if reader is plain and not alone and _lone(tree):
        return Collected((HandIn(path.name, path),))
    try:
        found: Collected = reader.read(tree, form)
    except UsageError as error:
        if alone:
            raise
        why = f"{error.where or 'it'} {error.what}{f': {error.found}' if error.found else ''}"
        return Collected((), (Skipped(shown(path.name), why),))
    notes = [_passed_over(store) for store in tree.stores]
    if reader is plain and layout == AUTO:
        notes += _systems(tree)
    return replace(found, skipped=(*found.skipped, *_missed(tree, found)), notes=tuple(notes))


def _missed(tree: Tree, found: Collected) -> list[Skipped]:
    """What lies beside the hand-ins and is taken for litter by its name; a hand-in of the whole tells its own."""
    if any(h.path == tree.path and not h.files for h in found.hand_ins):
        return []
    return [Skipped(tree.place(p), missed(p, ())) for p in tree.missed if "/" not in p]


def _passed_over(store: str) -> str:
    return f"passed over: {shown(store)}: it holds grades ({STORE_MARK}) and is no hand-in"


def _systems(tree: Tree) -> list[str]:
    """What to say where a folder is read as plain though names in it look like a course system's."""
    count, of = canvas.alike(tree)
    return [f"{count} of {of} names look like Canvas's: --layout canvas reads them so"] if count > 1 else []


def _reader_of(tree: Tree, form: SubmissionForm, alone: bool) -> ModuleType | None:
    """The reader whose shape it is. Of several folders each may be a student's, who has no say in how it is read."""
    return next((r for r in LAYOUTS.values() if r.fits(tree, form)), None) if alone else plain


def _lone(tree: Tree) -> bool:
    """Whether a folder, given beside others, holds one file: it is then its student's, and has their name."""
    return not tree.zipped and len([e for e in tree.files if ending(e.path) in ("py", "ipynb", "zip", "tar")]) == 1


def _own_path(path: Path) -> str:
    """A path by which the same file is known again; the last part is not followed."""
    return os.path.join(os.path.realpath(path.parent), path.name)


_LONGER: tuple[Callable[[HandIn], str], ...] = (
    lambda h: h.path.name if not h.files else h.who,
    lambda h: f"{h.path.parent.name}/{h.path.name}",
    lambda h: _own_path(h.path),
)


def _named(hand_ins: Sequence[HandIn]) -> list[HandIn]:
    """The same hand-ins; no two share who and version, and every name can be printed."""
    named = [replace(h, who=printable(h.who), version=printable(h.version)) for h in hand_ins]
    named = _numbered(named, lambda h: (printable(_own_path(h.path)) + "\0".join(h.files), h.version))
    for longer in _LONGER:
        counts = Counter((h.who, h.version) for h in named)
        if max(counts.values()) == 1:
            return named
        named = [h if counts[h.who, h.version] == 1 else replace(h, who=printable(longer(h))) for h in named]
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
