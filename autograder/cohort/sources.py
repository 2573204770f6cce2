"""The source of a graded hand-in, for staff: read again from where it was handed in, if it is still the same."""

from __future__ import annotations

import json

from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.errors import SubmissionError
from autograder.intake.reading import read_hand_in
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm

LONGEST = 200_000
_TEXTS = (".py", ".ipynb", ".md", ".txt", ".toml", ".json", ".csv", ".yaml", ".yml")
Source = tuple[tuple[str, str], ...]
"""Path and text of each file that counts; of a notebook its code, cell by cell."""


def source_of(event: Event, form: SubmissionForm) -> tuple[Source, str]:
    """The source of what was graded, and why there is none ("" where there is)."""
    if not event.digest:
        return (), ""
    try:
        submission = read_hand_in(hand_in_of(event.handed), form)
    except (SubmissionError, OSError) as error:
        what = error.what if isinstance(error, SubmissionError) else str(error)
        return (), f"it can no longer be read where it was handed in: {what}"
    if submission.digest != event.digest:
        return (), "the file has changed since it was graded"
    return _texts(submission), ""


def _texts(submission: Submission) -> Source:
    files = sorted(submission.files, key=lambda pair: (pair[0] != submission.main, pair[0]))
    return tuple((path, _text(path, data)) for path, data in files)


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
    cells = enumerate(json.loads(text)["cells"], 1)
    code = [f"# cell {number}\n{''.join(cell['source'])}" for number, cell in cells if cell["cell_type"] == "code"]
    return "\n\n".join(code)
