"""Gradescope's export of submissions: `submission_metadata.yml` beside a folder for each submission.

    assignment_12345_export/
        submission_metadata.yml      submission_678: {:submitters: [{:name, :sid, :email}], :created_at, ...}
        submission_678/              the files

Several submissions of the same people are versions, in the order of their times. Keys are Ruby's symbols.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from autograder.errors import SubmissionError, UsageError
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.layouts.plain_yaml import plain_yaml
from autograder.intake.layouts.tree import Collected, Tree
from autograder.spec.models import SubmissionForm

METADATA = "submission_metadata.yml"
LONGEST_NAME = 200
"""Of all submitters of one submission together."""


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether the metadata file is there, and not in what may be the folder of a course's only student."""
    inner = tree.unwrapped()
    own = tree.zipped or inner.base == tree.base or re.search(r"_export/$", inner.base)
    return bool(own) and any(e.path == METADATA for e in inner.files)


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each submission.

    Raises:
        UsageError: the metadata cannot be read.
    """
    tree = tree.unwrapped()
    table = _metadata(tree)
    hand_ins: list[HandIn] = []
    skipped = [Skipped(tree.place(e.path), "it lies beside the submissions and belongs to none")
               for e in tree.loose() if e.path != METADATA]  # fmt: skip
    people: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for folder in tree.tops():
        entry = table.pop(folder, None)
        if not tree.under(folder).files:
            skipped.append(Skipped(tree.place(folder), "there is no file in it that counts"))
            continue
        people[_who(entry) or folder].append((_time(entry), folder))
    for who, several in people.items():
        for number, (at, folder) in enumerate(sorted(several), 1):
            hand_ins.append(tree.whole(who, folder, at, str(number) if len(several) > 1 else ""))
    skipped += [Skipped(tree.place(str(name)), f"{METADATA} names it, but there is no such folder") for name in table]
    return Collected(tuple(hand_ins), tuple(skipped))


def _metadata(tree: Tree) -> dict[str, Any]:
    try:
        table = plain_yaml(tree.read(METADATA))
    except (SubmissionError, ValueError) as error:
        raise UsageError(
            "cannot be read", where=tree.place(METADATA), found=" ".join(str(error).split())[:200],
            expected="Gradescope's export of submissions", fix="export it again, or say --layout plain",
        ) from None  # fmt: skip
    if not isinstance(table, dict):
        raise UsageError("is not Gradescope's metadata", where=tree.place(METADATA), fix="say --layout plain")
    return dict(table)


def _of(entry: Any, key: str) -> Any:
    """A value under a key that may be written as a symbol."""
    return entry.get(f":{key}", entry.get(key)) if isinstance(entry, dict) else None


def _who(entry: Any) -> str:
    """`Ada Lovelace (123)`; several people are joined by ` + `."""
    people = _of(entry, "submitters")
    names = []
    for one in people if isinstance(people, list) else ():
        name, number, mail = (" ".join(str(_of(one, key) or "").split()) for key in ("name", "sid", "email"))
        known = number or mail
        names.append(f"{name} ({known})" if name and known else name or known)
    who = " + ".join(sorted(filter(None, names)))
    if len(who) <= LONGEST_NAME:
        return who
    end = hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()[:16]  # two that begin alike stay two
    return f"{who[: LONGEST_NAME - 20]}... {end}"


def _time(entry: Any) -> str:
    """When it was handed in, as ISO 8601; Gradescope writes UTC where it writes no zone."""
    value = _of(entry, "created_at")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00").replace(" Z", "+00:00"))
        except ValueError:
            return ""
    if not isinstance(value, datetime):
        return ""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
