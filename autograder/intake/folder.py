"""Opening what was handed in: no link below what was given is followed, and what is read is what was looked at.

A folder is held by a descriptor, and every part of a path below it is opened from there with O_NOFOLLOW; a file is
looked at (`fstat`) and read through one descriptor, so nothing can be put in its place in between. Links, pipes,
sockets and devices are refused with a `SubmissionError`, which costs the one submission that they lie in. What the
computer does not let us read (no permission, a failing disk) is an `UnreachableError`: that submission is not graded.

What is covered: every path below a folder that was given, and the last part of a file's path that was given (a shell's
`*` writes it there). What is not covered: the folders above what was given, which are the caller's; hard links, which
look like any file.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO

from autograder.errors import SubmissionError, UnreachableError
from autograder.intake.hand_in import printable

_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"))
"""Windows lacks these; there a student's own zip is read from memory, and nothing is opened here."""
MOST_SEEN = 100_000
DEEPEST = 40
_OF_CONTENT = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENXIO,
        errno.EINVAL,
        errno.EILSEQ,
    }
)
"""What an odd hand-in can bring about by itself; every other number is the computer's."""


@dataclass(frozen=True)
class Entry:
    """Something in a folder: its path below the folder that was given, what it is, and its size."""

    path: str
    kind: str
    size: int


class Folder:
    """A folder that was given, open; a context manager."""

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: the folder as it was given: it may be reached through links, those below it may not.

        Raises:
            SubmissionError: it cannot be opened as a folder.
        """
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise refusal(path.name, "folder", error) from None

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        os.close(self._fd)

    def entries(self, enter: Callable[[str], bool], closed: str = "") -> Iterator[Entry]:
        """All that lies below, each folder before what is in it, sorted by name; links are told, never followed.

        Args:
            enter: whether a folder, by its path, is to be looked into.
            closed: for a folder below that the computer does not let us look into, an entry of this name in it stands
                for what cannot be seen; without it, that folder is an error.

        Raises:
            SubmissionError: a folder cannot be read, or there is no end of entries or of depth.
        """
        seen = 0
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            inner = []
            for entry in self._seen(folder, closed):
                seen += 1
                if seen > MOST_SEEN or entry.path.count("/") > DEEPEST:
                    raise SubmissionError(
                        "the folder has too many entries, or folders too deep in each other",
                        where=shown(self.path.name), expected=f"at most {MOST_SEEN:,} entries, {DEEPEST} deep",
                        fix="leave out data sets, environments and caches",
                    )  # fmt: skip
                yield entry
                if entry.kind == "folder" and enter(entry.path):
                    inner.append(entry.path)
            waiting += reversed(inner)

    def _seen(self, folder: str, closed: str) -> list[Entry]:
        try:
            return self._listed(folder)
        except UnreachableError:
            if not (folder and closed):
                raise
            return [Entry(f"{folder}/{closed}", "file", 0)]

    def _listed(self, folder: str) -> list[Entry]:
        fd = self._walk(folder) if folder else os.dup(self._fd)
        try:
            with os.scandir(fd) as found:
                rows = [(e.name, e.stat(follow_symlinks=False)) for e in found]
        except OSError as error:
            raise refusal(folder or self.path.name, "folder", error) from None
        finally:
            os.close(fd)
        base = f"{folder}/" if folder else ""
        return [Entry(base + name, kind_of(info.st_mode), info.st_size) for name, info in sorted(rows)]

    def open(self, path: str) -> BinaryIO:
        """The plain file at a path below this folder, open for reading; the caller closes it.

        Raises:
            SubmissionError: there is none, a part of the path is a link, or it is no plain file.
        """
        parent, _, name = path.rpartition("/")
        above = self._walk(parent) if parent else os.dup(self._fd)
        try:
            return _opened(name, path, above)
        finally:
            os.close(above)

    def read(self, path: str, most: int) -> bytes:
        """The bytes of the file at a path below this folder.

        Raises:
            SubmissionError: as for `open`; or it is larger than `most`.
        """
        with self.open(path) as file:
            return read_most(file, path, most)

    def has(self, path: str) -> bool:
        """Whether a plain file lies there, no link on the way."""
        try:
            self.open(path).close()
        except SubmissionError:
            return False
        return True

    def _walk(self, path: str) -> int:
        """A descriptor of a folder below, opened part by part; the caller closes it."""
        fd = os.dup(self._fd)
        for part in PurePosixPath(path).parts:
            try:
                if part in ("..", "/"):
                    raise SubmissionError("the path leaves the folder", where=shown(path))
                inner = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=fd)
            except OSError as error:
                raise refusal(path, _kind_at(part, fd), error) from None
            finally:
                os.close(fd)
            fd = inner
        return fd


def open_file(path: Path) -> BinaryIO:
    """A file that was given, open for reading; it must not be a link itself. The caller closes it.

    Raises:
        SubmissionError: it is not there, a link, or no plain file.
    """
    return _opened(os.fspath(path), path.name, None)


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file that was given; see `open_file`.

    Raises:
        SubmissionError: also when it is larger than `most`.
    """
    with open_file(path) as file:
        return read_most(file, path.name, most)


def read_most(file: BinaryIO, name: str, most: int) -> bytes:
    """What is left of an open file.

    Raises:
        SubmissionError: it is more than `most` bytes, or cannot be read.
    """
    try:
        data = file.read(most + 1)
        size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise refusal(name, "file", error) from None
    if len(data) > most:
        raise SubmissionError("the file is too large", where=shown(name), found=f"{size:,} bytes",
                              expected=f"at most {most:,} bytes", fix="remove outputs and data")  # fmt: skip
    return data


def kind_of_path(path: Path) -> str:
    """What lies there, a link being a link: file, folder, link, other, or "" for nothing."""
    return _kind_at(os.fspath(path), None)


def kind_of(mode: int) -> str:
    """file, folder, link or other, from `st_mode`."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def shown(name: str) -> str:
    r"""A name that may be any bytes, as text for a message: `\xff` for what is no UTF-8 or commands a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in printable(name))[:240]


def refusal(path: str, kind: str, error: OSError | None = None) -> SubmissionError:
    """Why what lies at `path` is not read."""
    where = shown(path)
    if kind == "link":
        return SubmissionError("this is a link, and links are not followed", where=where,
                               expected="the file itself", fix="hand in the file in place of the link")  # fmt: skip
    if kind == "other":
        return SubmissionError("this is a pipe, a socket or a device", where=where, expected="a plain file",
                               fix="hand in a plain file")  # fmt: skip
    if kind == "":
        return SubmissionError("there is no such file", where=where)
    what = "the folder cannot be read" if kind == "folder" else "the file cannot be read"
    if error is not None and of_machine(error):
        return UnreachableError(what, where=where, found=_why(error), fix="make it readable, then grade again")
    return SubmissionError(what, where=where, found=_why(error) if error else kind)


def of_machine(error: BaseException) -> bool:
    """Whether this computer failed, and not what it read: an error of the system that no content can bring about."""
    return isinstance(error, OSError) and error.errno is not None and error.errno not in _OF_CONTENT


def _opened(name: str, path: str, folder: int | None) -> BinaryIO:
    try:
        fd = os.open(name, _FLAGS, dir_fd=folder)
    except OSError as error:
        raise refusal(path, _kind_at(name, folder), error) from None
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise refusal(path, "this is a folder" if stat.S_ISDIR(mode) else "other")
    return os.fdopen(fd, "rb")


def _kind_at(name: str, folder: int | None) -> str:
    try:
        return kind_of(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError as error:
        return "file" if of_machine(error) else ""  # something that we may not see: opening it says why


def _why(error: OSError) -> str:
    return error.strerror or str(error)
