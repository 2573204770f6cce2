"""Members of a hand-in: what a zip, a tar or a folder holds without the litter; bytes come when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TypeVar

from autograder.errors import SubmissionError
from autograder.intake.folder import shown
from autograder.intake.hand_in import Skipped
from autograder.intake.ignoring import environments_in, leaves, litter, missed, odd

MOST_ENTRIES = 500
MOST_NOTEBOOK = 128 * 2**20
"""A notebook as it was saved: its outputs are dropped before the cap of the assignment is asked."""


@dataclass(frozen=True)
class Member:
    """A file of a hand-in.

    Attributes:
        path: where it lies, `/` between the parts; unique among the members.
        kind: file, link, other (a pipe, a device), or locked (encrypted).
        read: its bytes, at most so many; raises SubmissionError beyond.
        missed: it is litter, but may be work; why it is left out.
    """

    path: str
    kind: str
    read: Callable[[int], bytes] = field(compare=False, repr=False)
    missed: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_code(self) -> bool:
        """Whether it is Python or a notebook, as its name says."""
        return PurePosixPath(self.name).suffix.lower() in (".py", ".ipynb")


@dataclass(frozen=True)
class Members:
    """What is left of a hand-in after the litter: members to use, and what was left out, with reasons.

    Attributes:
        missed: what was taken for litter and may be work.
    """

    files: tuple[Member, ...]
    skipped: tuple[Skipped, ...] = ()
    missed: tuple[Skipped, ...] = ()


T = TypeVar("T")


def without_litter(found: Sequence[tuple[str, T]], member: Callable[[str, T], Member]) -> list[Member]:
    """Members of what lies in a hand-in: all but the litter, and of this what may be work.

    Args:
        found: path and what it stands for, of everything.
        member: makes one.
    """
    paths = [path for path, _ in found]
    environments = environments_in(paths)
    made = []
    for path, what in found:
        out = not path or litter(path, environments)
        why = missed(path, paths) if path and out else ""
        if why or not out:
            made.append(replace(member(path, what), missed=why))
    return made


def sifted(found: Sequence[Member], where: str) -> Members:
    """Keep what can be kept. What is not needed and cannot be kept is left out and named.

    Raises:
        SubmissionError: too many files, a path that leaves the folder, two files of one name, a file and a folder of
            one name, or a needed file that is no plain file.
    """
    missed = tuple(Skipped(shown(m.path), m.missed) for m in found if m.missed)
    found = [m for m in found if not m.missed]
    if len(found) > MOST_ENTRIES:
        raise SubmissionError(
            "there are too many files", where=where, found=f"{len(found):,} (environments and caches are not counted)",
            expected=f"at most {MOST_ENTRIES:,}", fix="leave out data sets, environments and caches",
        )  # fmt: skip
    files: dict[str, Member] = {}
    skipped: list[Skipped] = []
    for member in found:
        reason = odd(member.path)
        if leaves(member.path):
            raise SubmissionError("there is a path that leaves the folder", where=where, found=ascii(member.path)[:120],
                                  expected="relative paths", fix="zip the folder of your solution again")  # fmt: skip
        if reason and not member.is_code:
            skipped.append(Skipped(shown(member.path), reason))
        elif member.kind != "file" and not member.is_code:
            skipped.append(Skipped(shown(member.path), _NO_FILE[member.kind]))
        elif member.kind != "file":
            raise SubmissionError(f"{shown(member.path)} is no plain file: {_NO_FILE[member.kind]}", where=where,
                                  expected="plain files", fix=_FIX[member.kind])  # fmt: skip
        elif member.path in files:
            raise SubmissionError("there are two files of one name", where=where, found=shown(member.path),
                                  fix="keep one of them")  # fmt: skip
        else:
            files[member.path] = member
    _refuse_clash(files, where)
    return Members(tuple(files[path] for path in sorted(files)), tuple(skipped), missed)


_NO_FILE = {
    "link": "it is a link, and links are not followed",
    "other": "it is a pipe, a socket or a device",
    "locked": "it is encrypted",
}
_FIX = {
    "link": "put the file itself in its place",
    "other": "put a plain file in its place",
    "locked": "zip your files again, without a password",
}


def _refuse_clash(files: dict[str, Member], where: str) -> None:
    """A path that is both a file and a folder cannot be written to a disk."""
    for path in files:
        for parent in PurePosixPath(path).parents:
            if str(parent) in files:
                raise SubmissionError("there is a file and a folder of one name", where=where, found=shown(str(parent)))
