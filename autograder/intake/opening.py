"""Opening a hand-in: its submission, or why there is none, and the one digest that stands for what was handed in.

The digest is the submission's: over the files as the worker loads them, whatever they were packed in and called. A
hand-in that cannot be read has no such files; its bytes stand for it then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from autograder.errors import SubmissionError
from autograder.intake.folder import Folder, kind_of_path, open_file
from autograder.intake.hand_in import HandIn
from autograder.intake.reading import read_hand_in
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import SubmissionForm


@dataclass(frozen=True)
class Opened:
    """A hand-in after reading. Exactly one of `submission` and `problem` is there."""

    hand_in: HandIn
    digest: str
    submission: Submission | None = None
    problem: SubmissionError | None = None

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Path and sha256 of every file that counts; none where it cannot be read."""
        own = self.submission.files if self.submission is not None else ()
        return tuple((path, hashlib.sha256(data).hexdigest()) for path, data in own)


def open_hand_in(hand_in: HandIn, form: SubmissionForm) -> Opened:
    """Read a hand-in; one that cannot be read is a noun too, no exception."""
    try:
        submission = read_hand_in(hand_in, form)
    except SubmissionError as error:
        return Opened(hand_in, digest_of_bytes(hand_in), problem=error)
    return Opened(hand_in, submission.digest, submission)


def identity(hand_in: HandIn, form: SubmissionForm) -> str:
    """The digest of a hand-in for one who will not use its files.

    Where reading fails by our own fault, its bytes stand for it: whoever opens it to grade it will say what failed.
    """
    try:
        return open_hand_in(hand_in, form).digest
    except Exception:
        return digest_of_bytes(hand_in)


def digest_of_bytes(hand_in: HandIn) -> str:
    """sha256 of a hand-in's bytes as they lie there, no link followed; of its name alone where it is no plain file."""
    path = hand_in.path
    if not hand_in.files:
        return _digest(path.name, lambda: open_file(path))
    digest = hashlib.sha256(b"files\0")
    if kind_of_path(path) == "file":
        names = "\0".join(sorted(hand_in.files)).encode(errors="surrogateescape")
        return hashlib.sha256(_digest(path.name, lambda: open_file(path)).encode() + names).hexdigest()
    try:
        with Folder(path) as folder:
            for name in sorted(hand_in.files):
                own = _digest(name, partial(folder.open, name))
                digest.update(name.encode(errors="surrogateescape") + b"\0" + own.encode())
    except SubmissionError:
        digest.update(b"unreadable\0")
    return digest.hexdigest()


def _digest(name: str, opened: Callable[[], BinaryIO]) -> str:
    ending = PurePosixPath(name).suffix.lower()
    digest = hashlib.sha256(ending.encode(errors="surrogateescape") + b"\0")
    try:
        with opened() as file:
            while block := file.read(2**20):
                digest.update(block)
    except (SubmissionError, OSError):
        digest.update(b"unreadable\0" + PurePosixPath(name).name.encode(errors="surrogateescape"))
    return digest.hexdigest()
