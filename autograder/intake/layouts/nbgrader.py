"""nbgrader's folder of submissions: `submitted/STUDENT/ASSIGNMENT/`, with the time in `timestamp.txt`.

The folder of the course, `submitted` itself, or the folder of one student may be given. Of several assignments the one
is taken whose folder has the file that is asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from autograder.errors import SubmissionError
from autograder.intake.choosing import OTHER, rank_of
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.layouts.tree import Collected, Tree
from autograder.spec.models import SubmissionForm

STAMP = "timestamp.txt"
SUBMITTED = "submitted"


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether there is a `submitted` folder, or a time beside work two folders down."""
    if SUBMITTED in tree.tops() or tree.path.name == SUBMITTED:
        return True
    return any(PurePosixPath(e.path).name == STAMP and e.path.count("/") == 2 for e in tree.files)


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each student."""
    if SUBMITTED in tree.tops():
        tree = tree.under(SUBMITTED)
    hand_ins: list[HandIn] = []
    skipped = [Skipped(tree.place(e.path), "it belongs to no student") for e in tree.loose()]
    for student in tree.tops():
        own = tree.under(student)
        skipped += [Skipped(own.place(e.path), "it belongs to no assignment") for e in own.loose()]
        folders = [f for f in own.tops() if own.under(f).files]
        right = [f for f in folders if _has_work(own.under(f), form)] or (folders if len(folders) == 1 else [])
        for folder in folders:
            if folder in right:
                inner = own.under(folder)
                files = [e.path for e in inner.files if e.path != STAMP]
                hand_ins.append(inner.hand_in(student, files, files, at=_time(inner)))
            else:
                skipped.append(Skipped(own.place(folder), f"it is work for another assignment: no {form.file} in it"))
        if not folders:
            skipped.append(Skipped(tree.place(student), "there is no file in it that counts"))
    return Collected(tuple(hand_ins), tuple(skipped))


def _has_work(tree: Tree, form: SubmissionForm) -> bool:
    return any(rank_of(PurePosixPath(e.path).name, form) < OTHER for e in tree.files)


def _time(tree: Tree) -> str:
    """`2026-02-02 15:58:23.948203 America/Los_Angeles` as ISO 8601; "" where it says nothing."""
    try:
        text = tree.read(STAMP).decode("utf-8", "replace").strip()
        day, _, zone = text.partition(" ")
        clock, _, zone = zone.partition(" ")
        moment = datetime.fromisoformat(f"{day} {clock}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone) if zone and zone != "UTC" else UTC)
        return moment.isoformat()
    except (SubmissionError, ValueError, OSError):  # no file, no time, no such zone
        return ""
