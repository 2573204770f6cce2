"""Moodle's "Download all submissions": a folder for each student, or all files in one with the folder's name in front.

Ada Lovelace_12345_assignsubmission_file_/hw.py          (newer: Ada Lovelace_12345_assignsubmission_file/hw.py)
Ada Lovelace_12345_assignsubmission_file_hw.py
Ada Lovelace_12345_assignsubmission_onlinetext_/…        typed into Moodle: no file
"""

from __future__ import annotations

import re
from collections import defaultdict

from autograder.intake.hand_in import Skipped
from autograder.intake.layouts.tree import Collected, Tree
from autograder.spec.models import SubmissionForm

_NAME = re.compile(r"^(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_?/|_)(?P<rest>.*)$",
                   re.S)  # fmt: skip


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether there is a name of this kind at the top."""
    return any(_NAME.match(e.path) for e in tree.unwrapped().files) or any(
        _NAME.match(f"{f}/") for f in tree.unwrapped().tops()
    )


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each student."""
    tree = _top(tree)
    students: dict[str, list[tuple[str, str]]] = defaultdict(list)
    skipped: list[Skipped] = []
    for entry in tree.files:
        match = _NAME.match(entry.path)
        if match is None:
            skipped.append(Skipped(tree.place(entry.path), "its name is none that Moodle gives"))
        elif match["kind"] == "onlinetext":
            skipped.append(Skipped(tree.place(entry.path), "it was typed into Moodle and is no file"))
        else:
            students[f"{match['who']} ({match['number']})"].append((entry.path, match["rest"]))
    hand_ins = [tree.hand_in(who, [p for p, _ in rows], [n for _, n in rows]) for who, rows in students.items()]
    empty = [f for f in tree.tops() if _NAME.match(f"{f}/") and not tree.under(f).files]
    skipped += [Skipped(tree.place(folder), "there is no file in it that counts") for folder in empty]
    return Collected(tuple(hand_ins), tuple(skipped))


def _top(tree: Tree) -> Tree:
    """The folder of all students: one student's own folder is no wrapping."""
    while not tree.loose() and len(tree.tops()) == 1 and not _NAME.match(f"{tree.tops()[0]}/"):
        tree = tree.under(tree.tops()[0])
    return tree
