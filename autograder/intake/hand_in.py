"""A hand-in: one version of what a student (or a team) handed in, before it is known whether it can be graded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Skipped:
    """A file, or a whole hand-in, that was left out: its path as it was given, and the reason in one sentence."""

    path: str
    why: str


@dataclass(frozen=True)
class HandIn:
    """See the module. Nothing of it has been read yet: `path` is the file, zip or folder that it lies in.

    Attributes:
        who: name in every report.
        at: when it was handed in, ISO 8601 with its zone; "" where nobody said.
        version: which of several, as the course system calls it; "" for the only one.
        files: paths below `path` that count, when `path` is a folder or the zip of a whole class; empty for all of it.
        skipped: what lay beside it and does not count.
        names: as the student called `files`, where a course system has renamed them; empty where it has not.
    """

    who: str
    path: Path
    at: str = ""
    version: str = ""
    files: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    names: tuple[str, ...] = ()


def printable(name: str) -> str:
    r"""A file's name as text that can be written anywhere: bytes that are not UTF-8 become `\xff`."""
    return "".join(_escape(c) if "\ud800" <= c <= "\udfff" else c for c in name)


def _escape(surrogate: str) -> str:
    code = ord(surrogate)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
