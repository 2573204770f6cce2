"""Python text as it was saved: UTF-8 as it is, what an editor of another time wrote turned into UTF-8, and said."""

from __future__ import annotations

import codecs
import io
import tokenize

from autograder.errors import SubmissionError

_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_FIX = 'save it as UTF-8 (your editor\'s "save with encoding")'


def python_text(data: bytes, where: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes as Python can read them, and what is to be said about it.

    Raises:
        SubmissionError: it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _recoded(data, encoding, "UTF-16" if encoding == "utf-16" else "UTF-32", where)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, LookupError) as error:
        if "unknown encoding" in str(error):
            raise _no_text(where, str(error)[:200]) from None
        return _recoded(data, "cp1252", "Windows-1252", where)
    except UnicodeDecodeError:
        return _recoded(data, "cp1252", "Windows-1252", where)
    if "\x00" in text:
        raise SubmissionError("the file is not text: it has NUL bytes", where=where, fix="save it as UTF-8 text")
    return data, ()


def _recoded(data: bytes, encoding: str, name: str, where: str) -> tuple[bytes, tuple[str, ...]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(where, str(error)[:200]) from None
    if "\x00" in text:
        raise SubmissionError("the file is not text: it has NUL bytes", where=where, fix="save it as UTF-8 text")
    return text.encode("utf-8", "replace"), (f"the file is not in UTF-8; it was read as {name}",)


def _no_text(where: str, found: str) -> SubmissionError:
    return SubmissionError("the file is not text in UTF-8", where=where, found=found, fix=_FIX)
