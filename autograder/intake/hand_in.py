"""A hand-in: one version of what a student (or a team) handed in, before it is known whether it can be graded."""

from __future__ import annotations

import unicodedata
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
        team: whom `who` works with, where that is known.
        unjudged: why trained work of it is not judged for feedback; "" where it is.
    """

    who: str
    path: Path
    at: str = ""
    version: str = ""
    files: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    names: tuple[str, ...] = ()
    team: str = ""
    unjudged: str = ""


_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(name: str) -> str:
    r"""A file's name as one line that can be written anywhere: bytes that are not UTF-8 and characters that steer a
    terminal or end a line become `\xff`."""
    return "".join(_escape(c) if _steers(c) or "\ud800" <= c <= "\udfff" else c for c in name)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")


def _escape(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    code = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
