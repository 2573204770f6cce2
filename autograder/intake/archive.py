"""A zip or tar from a student: its members, after every trick that such a file can play is refused.

What is covered: paths that leave the folder, links and devices, encrypted entries, two entries of one name, entries
without end, bombs (by what really comes out, not by what the header says).
What is not covered: archives inside archives, beyond the one that is the only thing inside another.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

from autograder.errors import SubmissionError
from autograder.intake.folder import of_machine, refusal
from autograder.intake.ignoring import plain_path
from autograder.intake.members import Member, without_litter
from autograder.intake.tar_headers import refuse_odd_headers

_MOST_DIRECTORY = 16 * 2**20  # of a zip: some 150,000 entries
_MOST_UNPACKED = 256 * 2**20  # of a tar, which has to be unpacked to be read at all
_END = b"PK\x05\x06"
_END_SIZE, _LONGEST_COMMENT = 22, 2**16


def zip_members(file: BinaryIO, where: str) -> list[Member]:
    """The members of a zip that are no litter; their bytes stay in `file`, which must remain open.

    Raises:
        SubmissionError: no zip, or too many entries.
    """
    try:
        _refuse_endless(file, where)
        archive = zipfile.ZipFile(file)
        infos = [(plain_path(info.orig_filename), info) for info in archive.infolist() if not _is_folder(info)]
    except SubmissionError:
        raise
    except Exception as error:  # zipfile raises a family of its own, zlib.error and NotImplementedError among them
        raise _unreadable("zip", error, where) from None
    return without_litter(infos, lambda path, info: Member(path, _zip_kind(info), _zip_reader(archive, info, where)))


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.is_dir() or info.orig_filename.endswith("\\")


def _zip_kind(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & 1:
        return "locked"
    if kind in (0, stat.S_IFREG, stat.S_IFDIR):
        return "file"
    return "link" if kind == stat.S_IFLNK else "other"


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        try:
            with archive.open(info) as stream:
                content = stream.read(most + 1)
        except Exception as error:
            raise _unreadable("zip", error, where) from None
        return _capped(content, most, where)

    return read


def _refuse_endless(file: BinaryIO, where: str) -> None:
    """A directory of millions of entries would be read as a whole before anybody counts them."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_SIZE))
    end = file.read()
    if not (end.startswith(_END) and end.endswith(b"\x00\x00")):
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = file.read()
        end = tail[tail.rfind(_END) :] if _END in tail else b""
    directory = int.from_bytes(end[12:16], "little")
    if directory > _MOST_DIRECTORY:
        raise SubmissionError("the zip has too many entries", where=where,
                              fix="leave out data sets, environments and caches")  # fmt: skip
    file.seek(0)


def tar_members(file: BinaryIO, where: str) -> list[Member]:
    """The members of a tar, compressed or not, that are no litter. It has no directory: all of it is unpacked.

    Raises:
        SubmissionError: no tar, too large a one, or headers that `tarfile` cannot be trusted with.
    """
    try:
        data = _unpacked(file, where)
        refuse_odd_headers(data, where)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            infos = [(plain_path(info.name), info) for info in archive if not info.isdir()]
            return without_litter(list(dict(infos).items()), lambda path, info: _tar_member(archive, path, info, where))
    except SubmissionError:
        raise
    except Exception as error:  # tarfile, zlib, lzma and bz2 each raise their own
        raise _unreadable("tar file", error, where) from None


def _tar_member(archive: tarfile.TarFile, path: str, info: tarfile.TarInfo, where: str) -> Member:
    if not info.isreg() or info.issparse():
        return Member(path, "link" if info.issym() or info.islnk() else "other", _held(b"", where))
    stream = archive.extractfile(info)
    return held(path, stream.read() if stream else b"", where)


def _unpacked(file: BinaryIO, where: str) -> bytes:
    start = file.read(6)
    file.seek(0)
    opened: Any = next((o for magic, o in _PACKED.items() if start.startswith(magic)), None)
    data: bytes = opened(file).read(_MOST_UNPACKED + 1) if opened else file.read(_MOST_UNPACKED + 1)
    return _capped(data, _MOST_UNPACKED, where)


_PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


def held(path: str, content: bytes, where: str) -> Member:
    """A member whose bytes are known."""
    return Member(path, "file", _held(content, where))


def _held(content: bytes, where: str) -> Callable[[int], bytes]:
    return lambda most: _capped(content, most, where)


def _capped(content: bytes, most: int, where: str) -> bytes:
    if len(content) > most:
        raise SubmissionError("the files are too large when unpacked", where=where,
                              expected=f"at most {most:,} bytes", fix="leave out data sets")  # fmt: skip
    return content


def _unreadable(what: str, error: Exception, where: str) -> SubmissionError:
    if isinstance(error, OSError) and of_machine(error):
        return refusal(where, "file", error)
    return SubmissionError(
        f"the {what} cannot be read", where=where, found=f"{type(error).__name__}: {error}"[:200],
        expected=f"an ordinary {what}", fix="zip your files again and submit that",
    )  # fmt: skip
