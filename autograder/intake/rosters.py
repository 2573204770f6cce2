"""A roster as a spreadsheet saved it: its encoding and its delimiter are found out, not asked for.

Excel writes UTF-16 with tabs, Windows-1252 with semicolons, a line `sep=;` in front; Canvas UTF-8 with a mark.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from charset_normalizer import from_bytes

from autograder.errors import SubmissionError, UsageError
from autograder.intake.folder import read_file
from autograder.intake.hand_in import printable

MOST_BYTES = 16 * 2**20
_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
          (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))  # fmt: skip
_DELIMITERS = ",;\t|"


def read_roster(path: Path) -> str:
    """The text of a roster.

    Raises:
        UsageError: it is not there, a link, no text, or far too large.
    """
    try:
        data = read_file(path, MOST_BYTES)
    except SubmissionError as error:
        raise UsageError(error.what, where=printable(str(path)), found=error.found, expected="a table as CSV") from None
    text = decoded(data)
    if text is None or "\x00" in text:
        raise UsageError("is no text", where=printable(str(path)), expected="a table as CSV",
                         fix="save it as CSV (UTF-8)")  # fmt: skip
    return text


def decoded(data: bytes) -> str | None:
    """Bytes as text, by their mark, as UTF-8, or as what they look like; None when they look like no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):  # Latin letters in UTF-16: every second byte is 0
        if data[:200][at::2].count(0) > len(data[:200]) // 3:
            return data.decode(name, "replace")
    try:
        return data.decode("cp1252")  # what Excel writes in the West; charset-normalizer takes short ones for Cyrillic
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return str(best) if best is not None else None


def rows_of(text: str) -> list[list[str]]:
    """The rows of a table, whatever stands between its cells; cells without blanks around them, empty rows left out.

    Raises:
        UsageError: no table, as a cell without end.
    """
    return [row for _, row in numbered_rows(text)]


def numbered_rows(text: str) -> list[tuple[int, list[str]]]:
    """The same, each with the number of its (last) line."""
    skipped = 0
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        delimiter, text, skipped = first.strip("\n\r ").strip('"')[4:5] or "\t", rest, 1
    else:
        delimiter = delimiter_of(first)
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(skipped + found.line_num, [c.strip() for c in row]) for row in found if any(c.strip() for c in row)]
    except csv.Error as error:
        raise UsageError(
            "the table cannot be read", where=f"line {found.line_num} of the roster", found=str(error)[:200],
            expected="a table as CSV, its cells short", fix="save it as CSV (UTF-8)",
        ) from None  # fmt: skip


def delimiter_of(header: str) -> str:
    """The character that most often stands between the cells of a header, outside of quotes."""
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)
