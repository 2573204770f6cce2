"""The source of a graded hand-in, for staff: read again from where it was handed in, if it is still the same."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.errors import SubmissionError
from autograder.intake.reading import read_hand_in
from autograder.sandbox.wire.messages import Submission
from autograder.sandbox.worker.magics import RUN_THE_BODY
from autograder.spec.models import SubmissionForm

LONGEST = 200_000
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_TEXTS = (".py", ".ipynb", ".md", ".txt", ".toml", ".json", ".csv", ".yaml", ".yml")
Source = tuple[tuple[str, str], ...]
"""Path and text of each file that counts; of a notebook its code, cell by cell."""


def source_of(event: Event, form: SubmissionForm) -> tuple[Source, str]:
    """The source of what was graded, and why there is none ("" where there is)."""
    submission, why = _graded(event, form)
    return _texts(submission) if submission is not None else (), why


def code_of(event: Event, form: SubmissionForm) -> tuple[Source, str]:
    """The code of what was graded: each script, and each code cell of a notebook, uncut; and why there is none."""
    submission, why = _graded(event, form)
    if submission is None:
        return (), why or "it could not be read when it was graded"
    found: list[tuple[str, str]] = []
    for path, data in _in_order(submission):
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        if path.lower().endswith(".py"):
            found.append((path, text))
        elif path.lower().endswith(".ipynb"):
            cells = [(number, cell) for number, cell in cells_of(text) if not _in_another_language(cell)]
            found += [(f"{path}, cell {number}", cell) for number, cell in cells]
    return tuple(found), ""


def _in_another_language(cell: str) -> bool:
    """`%%bash` and its like: no Python, and nothing that was run."""
    magic = _CELL_MAGIC.match(cell)
    return magic is not None and magic[1] not in RUN_THE_BODY | {"writefile", "file"}


def _graded(event: Event, form: SubmissionForm) -> tuple[Submission | None, str]:
    """The submission that was graded, read again; without one, why ("" where it never could be read)."""
    if not event.digest:
        return None, ""
    try:
        submission = read_hand_in(hand_in_of(event.handed), form)
    except (SubmissionError, OSError) as error:
        what = error.what if isinstance(error, SubmissionError) else str(error)
        return None, f"it can no longer be read where it was handed in: {what}"
    if submission.digest != event.digest:
        return None, "the file has changed since it was graded"
    return submission, ""


def _texts(submission: Submission) -> Source:
    return tuple((path, _text(path, data)) for path, data in _in_order(submission))


def _in_order(submission: Submission) -> Sequence[tuple[str, bytes]]:
    """The main file, then the others by name."""
    return sorted(submission.files, key=lambda pair: (pair[0] != submission.main, pair[0]))


def _text(path: str, data: bytes) -> str:
    if not path.lower().endswith(_TEXTS):
        return f"({len(data):,} bytes)"
    text = data.decode("utf-8", "replace")
    if path.endswith(".ipynb"):
        text = _code(text)
    more = f"\n… {len(text) - LONGEST:,} more characters" if len(text) > LONGEST else ""
    return text[:LONGEST] + more


def _code(text: str) -> str:
    """The code cells of a notebook as it was read, with their numbers; its texts are on the pages for readers."""
    return "\n\n".join(f"# cell {number}\n{cell}" for number, cell in cells_of(text))


def cells_of(text: str) -> list[tuple[int, str]]:
    """Number and text of the code cells of a notebook as it was read from a hand-in."""
    cells = enumerate(json.loads(text)["cells"], 1)
    return [
        (number, "".join(cell["source"]).replace("\r\n", "\n")) for number, cell in cells if cell["cell_type"] == "code"
    ]
