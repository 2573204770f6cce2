"""The headers of a tar, walked before `tarfile` sees it: odd ones send tarfile back, for ever, or keep it for hours.

Each step moves forward, by a size that lies inside the data. Where tarfile stops reading, the walk stops.
"""

from __future__ import annotations

import re
import tarfile

from autograder.errors import SubmissionError

MOST_HEADERS = 20_000
"""Litter included: an environment has thousands of files."""
MOST_LONG = 2**16
"""Bytes of one long name or list of attributes."""
_BLOCK = tarfile.BLOCKSIZE
_PAX = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_LONG = (*_PAX, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_BAD_PAX = re.compile(rb"\d{101}|\d size=|GNU\.sparse\.")
"""tarfile's search takes the square of a run of digits; a second size is believed; a sparse map may be without end."""


def refuse_odd_headers(data: bytes, where: str) -> None:
    """Walk all headers of an unpacked tar.

    Raises:
        SubmissionError: too many, a size below 0 or beyond the end, a long header above the cap, or a sparse file.
    """
    offset = count = 0
    while offset + _BLOCK <= len(data):
        try:
            info = tarfile.TarInfo.frombuf(data[offset : offset + _BLOCK], "utf-8", "surrogateescape")
        except tarfile.TarError:
            return  # the end, or what tarfile takes for one
        count += 1
        if count > MOST_HEADERS:
            raise SubmissionError("the tar file has too many entries", where=where,
                                  expected=f"at most {MOST_HEADERS:,}", fix="leave out data sets")  # fmt: skip
        offset += _BLOCK
        _refuse_odd(info, data, offset, where)
        if info.type in _LONG or info.isreg() or info.type not in tarfile.SUPPORTED_TYPES:
            offset += -(-info.size // _BLOCK) * _BLOCK


def _refuse_odd(info: tarfile.TarInfo, data: bytes, offset: int, where: str) -> None:
    if not 0 <= info.size <= len(data):
        raise _odd("a size that cannot be", where)
    if info.type in _LONG and info.size > MOST_LONG:
        raise _odd(f"a long header of {info.size:,} bytes", where)
    if info.type in _PAX and _BAD_PAX.search(data, offset, offset + info.size):
        raise _odd("attributes that no ordinary tar has", where)
    if info.type == tarfile.GNUTYPE_SPARSE:
        raise _odd("a sparse file", where)


def _odd(found: str, where: str) -> SubmissionError:
    return SubmissionError("the tar file cannot be read", where=where, found=found,
                           expected="an ordinary tar file", fix="zip your files again and submit that")  # fmt: skip
