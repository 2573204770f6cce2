"""Canvas' "Download Submissions": one folder or zip, each file named after its student.

    lovelaceada_12345_67890_hw.py            student, user's number, file's number, file
    lovelaceada_LATE_12345_67891_hw-1.py     late; `-1` is Canvas' own, where a file of this name was handed in before

Only the newest attempt is exported. A later export has greater numbers of files, so they serve as the version.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath

from autograder.intake.folder import Entry
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.layouts.tree import Collected, Tree
from autograder.spec.models import SubmissionForm

_NAME = re.compile(
    r"^(?P<who>[^_/]+)(?P<late>_LATE)?_(?P<user>\d+|[0-9a-z]{5,})_(?P<file>\d{1,20})_(?P<name>.+)$", re.S
)
_TEXT = re.compile(r"^(?P<who>[^_/]+)(?:_LATE)?_(?P<user>\d+)_text\.html$")
_AGAIN = re.compile(r"-\d+$")


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether every file at the top has such a name, or all but a few."""
    files = tree.unwrapped().loose()
    named = [e for e in files if _NAME.match(e.path) or _TEXT.match(e.path)]
    return bool(named) and not tree.unwrapped().tops() and 10 * len(named) >= 9 * len(files)


def alike(tree: Tree) -> tuple[int, int]:
    """How many of the names at the top are such, and how many names there are."""
    tree = tree.unwrapped()
    named = [e for e in tree.loose() if _NAME.match(e.path) or _TEXT.match(e.path)]
    return len(named), len(tree.loose()) + len(tree.tops())


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each student, of all files."""
    tree = tree.unwrapped()
    students: dict[tuple[str, str], list[tuple[int, str, Entry]]] = defaultdict(list)
    skipped: list[Skipped] = []
    for entry in tree.files:
        match = _NAME.match(entry.path)
        if match:
            students[match["who"], match["user"]].append((int(match["file"]), match["name"], entry))
        elif _TEXT.match(entry.path):
            skipped.append(Skipped(tree.place(entry.path), "it was typed into Canvas and is no file"))
        else:
            skipped.append(Skipped(tree.place(entry.path), "its name is none that Canvas gives"))
    hand_ins = [_hand_in(tree, f"{who} ({user})", rows) for (who, user), rows in students.items()]
    return Collected(tuple(hand_ins), tuple(skipped))


def _hand_in(tree: Tree, who: str, rows: list[tuple[int, str, Entry]]) -> HandIn:
    names = _own_names([name for _, name, _ in rows])
    return tree.hand_in(who, [e.path for _, _, e in rows], names, version=str(max(number for number, _, _ in rows)))


def _own_names(names: list[str]) -> list[str]:
    """Names without the `-1` that Canvas adds, where no two become the same."""
    bare = [str(PurePosixPath(n).with_stem(_AGAIN.sub("", PurePosixPath(n).stem) or PurePosixPath(n).stem))
            for n in names]  # fmt: skip
    return bare if len(set(bare)) == len(bare) else names
