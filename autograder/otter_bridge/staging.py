"""What a student handed in, found in Otter's or Gradescope's submission folder and read without running any of it.

Otter copies our own files and its tests into that folder, and adds an empty `__init__.py`; those are left out. One
file is read as it is; several are one submission. Links are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.grading.grade import Settings, grade_opened
from autograder.grading.streams import refuse_other_streams
from autograder.grading.totals import Grade
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.opening import open_hand_in
from autograder.intake.teams import within_a_day
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Mode
from autograder.spec.models import Assignment

_OTTERS = {"tests", ".OTTER_LOG", "__zip_filename__"}


def students_hand_in(folder: Path, name: str = "", ours: Collection[str] = ()) -> HandIn:
    """The hand-in that lies in `folder`.

    Args:
        name: who; by default the name of the first file.
        ours: top-level names that are not the student's.
    """
    found: list[str] = []
    skipped: list[Skipped] = []
    for place, folders, names in os.walk(folder):
        base = Path(place)
        if base == folder:
            folders[:] = [f for f in folders if f not in {*ours, *_OTTERS}]
            names = [n for n in names if n not in {*ours, *_OTTERS}]
        for path in (base / n for n in [*names, *(f for f in folders if (base / f).is_symlink())]):
            short = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                skipped.append(Skipped(short, "it is a link or no plain file, which is never followed"))
            elif short != "__init__.py" or path.stat().st_size:
                found.append(short)
    files = tuple(sorted(found))
    who = name or next((Path(f).stem for f in files if "/" not in f), "submission")
    return HandIn(who, folder, files=files, skipped=tuple(sorted(skipped, key=lambda s: s.path)))


def load_bundle(folder: Path) -> Bundle:
    """The bundle below a folder that the zip was unpacked to.

    Raises:
        BundleError: it is not there, or damaged.
    """
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / FOLDER).rglob("*") if p.is_file()}
    return from_files(files, str(folder))


def of_its_day(hand_in: HandIn, spec: Assignment, metadata: Mapping[str, Any]) -> HandIn:
    """The hand-in with what is said of it where a day's attempts are used up, by the times of Gradescope's metadata."""
    limits = [q.milestone.attempts_per_day for q in spec.questions if q.milestone is not None]
    earlier = metadata.get("previous_submissions")
    try:
        before = [str(one["submission_time"]) for one in earlier] if isinstance(earlier, list) else []
        several = [replace(hand_in, at=at) for at in [*before, str(metadata["created_at"])]]
        return within_a_day(several, min(limits))[-1] if limits else hand_in
    except (KeyError, TypeError, ValueError):  # damaged metadata are no reason not to judge
        return hand_in


def grade_hand_in(bundle: Bundle, hand_in: HandIn, mode: Mode) -> Grade:
    """The grade of what a student handed in, by one sandbox made for it.

    Raises:
        MachineError: this machine has not the layers that `mode` asks for, or a NumPy that draws other inputs.
    """
    refuse_other_streams(bundle)
    opened = open_hand_in(hand_in, bundle.spec.submission)
    with Sandbox.start(mode) as sandbox:
        grade, _ = grade_opened(sandbox, bundle, opened, Settings(unnamed=True))
    return grade
