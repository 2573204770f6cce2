"""Standard streams that can take whatever is printed: closed ones, full ones, and terminals of few letters.

What a command prints is never what it is there for: grades are in the output folder. So a stream that fails ends no
run, and a letter that a terminal has not is written in another way.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import unicodedata
from typing import TextIO

PLAIN = "autograder-plain"
_SIGNS = {
    "✓": "+", "✗": "x", "█": "#", "░": ".", "–": "-", "—": "-", "−": "-", "─": "-", "━": "-", "…": "...", "→": "->",
    "·": ".", "×": "x", "±": "+-", "“": '"', "”": '"', "’": "'", "≤": "<=", "≥": ">=", "�": "?",
}  # fmt: skip


def prepare_streams() -> None:
    """Make the three standard streams usable, once, before a command works."""
    for _ in range(3):  # a file that took the number of a closed stream would be printed into
        with contextlib.suppress(OSError):
            number = os.open(os.devnull, os.O_RDWR)
            if number > 2:
                os.close(number)
                break
            os.set_inheritable(number, True)
    codecs.register_error(PLAIN, plain)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # as long as the process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=PLAIN)


def plain(error: UnicodeError) -> tuple[str, int]:
    r"""Other letters for those that an encoding has not: signs by likeness, `é` as `e`, the rest as `\u4e2d`.

    Raises:
        UnicodeError: it was not encoding that failed.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_plain(c) for c in error.object[error.start : error.end]), error.end


def _plain(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    letters = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return letters or char.encode("ascii", "backslashreplace").decode()


def flush_or_say() -> bool:
    """Flush standard output; False, with a word on stderr, where what was printed went nowhere."""
    try:
        sys.stdout.flush()
    except OSError as error:
        give_up(sys.stdout, 1)
        tell_failed(error)
        return False
    return True


def tell_failed(error: OSError) -> None:
    """Say on stderr that output failed, if that can be said."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"autograder: the output cannot be written: {error.strerror}\n")
        sys.stderr.flush()


def give_up(stream: TextIO, number: int) -> None:
    """Send a stream that fails to nowhere, so that what it still holds troubles nobody at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        stream.flush()
