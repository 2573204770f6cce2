"""A folder of the zips that Otter's `export` makes: `NAME_2026_02_01T10_00_00_123456.zip`.

The name in front is the notebook's. Where it is the one that is asked for, it tells no student from another, and every
zip is somebody's own; otherwise those of one name are versions.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.layouts.tree import Collected, Tree
from autograder.intake.layouts.versions import split
from autograder.spec.models import SubmissionForm

_EXPORT = re.compile(r"_\d{4}_\d\d_\d\dT\d\d_\d\d_\d\d_\d+\.zip$")


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether all files at the top are such zips."""
    tree = tree.unwrapped()
    return bool(tree.loose()) and not tree.tops() and all(_EXPORT.search(e.path) for e in tree.loose())


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each zip."""
    tree = tree.unwrapped()
    hand_ins: list[HandIn] = []
    skipped: list[Skipped] = []
    for entry in tree.files:
        stem = PurePosixPath(entry.path).stem
        who, version = split(stem)
        if not _EXPORT.search(entry.path):
            skipped.append(Skipped(tree.place(entry.path), "it is no zip that Otter's export makes"))
        elif who.casefold() == form.module.casefold():
            hand_ins.append(tree.hand_in(stem, [entry.path]))
        else:
            hand_ins.append(tree.hand_in(who, [entry.path], version=version))
    return Collected(tuple(hand_ins), tuple(skipped))
