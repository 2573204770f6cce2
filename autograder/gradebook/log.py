"""The file of events: JSON lines, read with the place of every fault, added to at its end and never edited."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.errors import SpecError
from autograder.gradebook.clock import instant
from autograder.gradebook.events import KINDS, Event, Scores, Submitted, line_of_event
from autograder.grading.private import FILE_MODE, make_folder, not_written, write_file
from autograder.spec.course import wall_clock

MOST_DAYS = 3650
_WHOLE = re.compile(r"[+-]?\d{1,9}")
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20}|\d{1,40}/\d{1,40})(e-?\d{1,2})?")
"""Of a length that can be reckoned with; a number of a hundred million digits is no number of points."""


def text(value: object) -> str:
    """A text without blanks around it.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str):
        raise ValueError("expected a text in quotes")
    return value.strip()


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, (list, tuple)):
        raise ValueError('expected a list of texts, such as ["ann", "bob"]')
    return tuple(text(v) for v in value)


def whole(value: object) -> int:
    """A number of days; it may be below 0 where days are taken back."""
    form = f"expected a whole number of days, {MOST_DAYS} at most"
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not _WHOLE.fullmatch(str(value).strip()):
        raise ValueError(form)
    if abs(int(value)) > MOST_DAYS:
        raise ValueError(form)
    return int(value)


def number(value: object) -> Fraction:
    """Points, exact: 2.5, "25/3"."""
    text = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or not _NUMBER.fullmatch(text):
        raise ValueError('expected points such as 2.5 or "25/3"')
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError('expected points such as 2.5 or "25/3"') from None


def scores(value: object) -> Scores:
    """Points by question."""
    if not isinstance(value, dict):
        raise ValueError('expected points by question, such as {"losses": "5/2"}')
    return tuple(sorted((text(name), number(points)) for name, points in value.items()))


READERS: dict[str, Callable[[Any], Any]] = {
    "at": lambda v: instant(text(v)), "since": lambda v: instant(text(v)), "until": wall_clock, "days": whole,
    "points": number, "scores": scores, "also": texts, "waiting": texts,
}  # fmt: skip
"""How the value of a key is read; all others are texts."""
_FIELDS = {
    name: {
        f.name: (READERS.get(f.name, text), f.default is MISSING) for f in fields(kind) if f.name != "place"
    }
    for name, kind in KINDS.items()
}  # fmt: skip


def event_from(table: dict[str, Any], place: str) -> Event:
    """The event of a table.

    Raises:
        SpecError: it is none; names the key.
    """
    kind = table.get("event")
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise SpecError("event: no such kind", where=place, found=repr(kind), expected=f"one of {known}")
    readers = _FIELDS[kind]
    values: dict[str, Any] = {"place": place}
    for key, value in table.items():
        if key == "event":
            continue
        if key not in readers:
            raise SpecError(f"{key}: unknown key of `{kind}`", where=place, found=repr(value)[:80],
                            expected=f"of {', '.join(readers)}", fix="remove or correct the key")  # fmt: skip
        try:
            values[key] = readers[key][0](value)
        except ValueError as error:
            raise SpecError(f"{key}: {error}", where=place, found=repr(value)[:80]) from None
    missing = [key for key, (_, needed) in readers.items() if needed and values.get(key) in (None, "")]
    if missing:
        raise SpecError(f"{missing[0]}: missing in `{kind}`", where=place, fix=f'add "{missing[0]}": …')
    return KINDS[kind](**values)


def read_events(path: Path) -> list[Event]:
    """All events of a file, in its order; none where there is no file yet.

    Raises:
        SpecError: a line is no event; names file, line and key.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"cannot be read: {error}", where=str(path), expected="UTF-8 text that you may read") from None
    return [
        event_from(_table(line, f"{path}, line {n}"), f"{path}, line {n}")
        for n, line in enumerate(lines, 1)
        if line.strip()
    ]


def _table(line: str, place: str) -> dict[str, Any]:
    try:
        table = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = " ".join(str(error).split())
        fix = "complete or remove the line: a command that was killed may have left half of one"
        raise SpecError(f"is no JSON: {why}", where=place, found=line[:80], fix=fix) from None
    if not isinstance(table, dict):
        raise SpecError("is no event", where=place, found=line[:80], expected='{"event": …}')
    return table


def new_events(known: Iterable[Event], found: Sequence[Event]) -> list[Event]:
    """Those of `found` that are not known yet, each once, in their order."""
    seen = {line_of_event(e) for e in known}
    fresh = []
    for event in found:
        line = line_of_event(event)
        if line not in seen:
            seen.add(line)
            fresh.append(event)
    return fresh


def append_events(path: Path, events: Sequence[Event]) -> None:
    """Add events at the end of the file; see `append_lines`."""
    append_lines(path, [line_of_event(e) for e in events])


def forget_person(path: Path, who: str, *, dry_run: bool = False) -> int:
    """Take a person out of the file: events of theirs, and their name among others'; how many lines it concerned.

    The one exception to the rule that nothing is edited. What others handed in together with them stays theirs.

    Raises:
        MachineError: the file cannot be written.
        SpecError: a line is no event.
    """
    kept, changed = [], 0
    for event in read_events(path):
        if getattr(event, "who", "") == who:
            changed += 1
        elif isinstance(event, Submitted) and who in event.also:
            changed += 1
            kept.append(line_of_event(replace(event, also=tuple(w for w in event.also if w != who))))
        else:
            kept.append(line_of_event(event))
    if changed and not dry_run:
        write_file(path, "".join(line + "\n" for line in kept).encode("utf-8", "backslashreplace"))
    return changed


def append_lines(path: Path, lines: Sequence[str]) -> None:
    """Add lines at the end of a file, all of them or, when it fails, none; for its owner's eyes only.

    Raises:
        MachineError: the file cannot be written.
    """
    if not lines:
        return
    make_folder(path.parent)
    data = "".join(line + "\n" for line in lines).encode("utf-8", "backslashreplace")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, FILE_MODE)
        with os.fdopen(descriptor, "rb+", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file.fileno()).st_size
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                data = b"\n" + data
            try:
                written = file.write(data)
                if written != len(data):
                    raise OSError(28, "no room on the disk")
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), size)
                raise
    except OSError as error:
        raise not_written(path, error) from None
