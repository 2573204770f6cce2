"""Whether a file of a release holds a private file of the reference: as it is, encoded, or its text written anew.

Source: rows of words compared whatever stands between them, as in Schleimer, Wilkerson and Aiken, "Winnowing" (2003).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_LEAST_BYTES = 16
_PLACES = 4
_STRETCH = 48
_RUN = 16
_SHORT_RUN = 28
_SLICE = 2000
_MOST_GAPS = 8  # a copy may lack the white space, which is seldom more than this of a file
_GAPS = re.compile(rb"(?:\\+[nrt]|[\\\s\"',])+")
_WORD = re.compile(r"\w+")
_ESCAPED = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[nrtfv])")


@dataclass(frozen=True)
class Searched:
    """A file of a release, in the forms in which something is looked for in it."""

    content: bytes

    @cached_property
    def squeezed(self) -> bytes:
        """Its bytes without white space, quotes, commas and backslashes: however something was broken into lines."""
        return _GAPS.sub(b"", self.content)

    @cached_property
    def words(self) -> str:
        """Its words and numbers."""
        return _words(self.content.decode("utf-8", "replace"))


@dataclass(frozen=True)
class PrivateFile:
    """What a private file is found by.

    Attributes:
        name: its name below artifacts/.
        data: its bytes; none where it is too short to tell anything.
        coded: it in codings, squeezed.
        stretches: bytes of four places of it.
        runs: where it is text, sixteen words or numbers in a row of four places of it.
    """

    name: str
    data: bytes = field(default=b"", repr=False)
    coded: tuple[bytes, ...] = field(default=(), repr=False)
    stretches: frozenset[bytes] = field(default=frozenset(), repr=False)
    runs: frozenset[str] = field(default=frozenset(), repr=False)

    def held_by(self, file: Searched) -> bool:
        """Whether a file holds all of it, or two of four places of it, as bytes or as rows of words."""
        if not self.data:
            return False
        if self.data in file.content or any(one in file.squeezed for one in self.coded):
            return True
        if sum(one in file.content for one in self.stretches) > 1:
            return True
        return bool(self.runs) and sum(run in file.words for run in self.runs) >= min(2, len(self.runs))


def private_files(
    artifacts: Mapping[str, bytes], files: Mapping[str, bytes], known: Collection[str]
) -> tuple[PrivateFile, ...]:
    """What each private file is found by; empty ones are none.

    Args:
        files: those of the release; where all are smaller than a private one, none holds a coding of it.
        known: texts that may be in a release: rows of words that stand there too tell nothing.
    """
    open_text = [_words(text) for text in known] if artifacts else []
    largest = max(map(len, files.values()), default=0)
    return tuple(_private_file(name, data, largest, open_text) for name, data in artifacts.items() if data)


def _private_file(name: str, data: bytes, largest: int, open_text: Collection[str]) -> PrivateFile:
    if len(data) < _LEAST_BYTES:
        return PrivateFile(name)
    starts = range(0, len(data) // _PLACES * _PLACES, len(data) // _PLACES)
    stretches = {data[start : start + _STRETCH] for start in starts}
    telling = {one for one in stretches if len(one) == _STRETCH and len(set(one)) > _STRETCH // 8}
    runs = {run for run in _runs(data, starts) if not any(run in text for text in open_text)}
    coded = tuple(_coded(data)) if len(data) <= _MOST_GAPS * largest else ()
    return PrivateFile(name, data, coded, frozenset(telling), frozenset(runs))


def _coded(data: bytes) -> Iterator[bytes]:
    """It in codings in which bytes are written into texts."""
    squeezed = _GAPS.sub(b"", data)
    if _is_text(data) and len(squeezed) >= _SHORT_RUN:
        yield squeezed
    yield base64.b64encode(data)
    yield base64.urlsafe_b64encode(data)
    yield base64.b85encode(data)
    yield data.hex().encode()
    yield data.hex().upper().encode()
    yield _GAPS.sub(b"", repr(data).encode()).removeprefix(b"b")


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _words(text: str) -> str:
    r"""The words and numbers of a text, a space around each; `\n` and `\u00e9` are what they stand for in a string."""
    plain = _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else " ", text)
    return " ".join(["", *_WORD.findall(plain), ""])


def _runs(data: bytes, starts: range) -> Iterator[str]:
    """Sixteen words in a row from each of some places of a text, if they differ; all of them where it has no more."""
    if not _is_text(data):
        return
    for start in starts:
        words = _words(data[start : start + _SLICE].decode("utf-8", "ignore")).split()
        words = words[bool(start) :][:_RUN]  # a place may begin inside a word
        run = f" {' '.join(words)} "
        enough = len(words) == _RUN or (start == 0 and len(run) >= _SHORT_RUN and len(data) <= _SLICE)
        if enough and len(set(words)) > len(words) // 3:
            yield run
