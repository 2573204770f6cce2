"""Tables of the store, schema 2: runs and events, both append-only, and their rows as nouns.

One thing may be done to an event that is there: it may be forgotten (`forgetting.py`). The trigger lets through just
the row that has nothing of the student left in it, and keeps the rest as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sql

SCHEMA = 2
MOST_SHOWN = 80
FORGOTTEN = "forgotten"


class FileName(sql.types.TypeDecorator[str]):
    """A path: text, or bytes where it is no UTF-8."""

    impl = sql.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> Any:
        try:
            (value or "").encode()
        except UnicodeEncodeError:
            return os.fsencode(value or "")
        return value

    def process_result_value(self, value: Any, dialect: Any) -> str | None:
        return os.fsdecode(value) if isinstance(value, bytes) else value


METADATA = sql.MetaData()
RUNS = sql.Table(
    "runs",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("who", sql.String, nullable=False),
    sql.Column("what", sql.String, nullable=False),
    sql.Column("assignment", sql.String, nullable=False),
    sql.Column("bundle", sql.String, nullable=False),
    sql.Column("tool", sql.String, nullable=False),
    sql.Column("settings", sql.String, nullable=False),
)
EVENTS = sql.Table(
    "events",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("run", sql.Integer, sql.ForeignKey("runs.id"), nullable=False),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("key", sql.String, nullable=False, index=True),
    sql.Column("attempt", sql.Integer, nullable=False),
    sql.Column("who", sql.String, nullable=False, index=True),
    sql.Column("version", sql.String, nullable=False),
    sql.Column("handed_in", sql.String, nullable=False),
    sql.Column("file", FileName, nullable=False),
    sql.Column("inside", sql.String, nullable=False),
    sql.Column("files", sql.String, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
    sql.Column("bundle", sql.String, nullable=False),
    sql.Column("grade", sql.String, nullable=False),
    sql.Column("evidence", sql.String, nullable=False),
    sql.Column("points", sql.String, nullable=False),
    sql.Column("max_points", sql.String, nullable=False),
    sql.Column("graded", sql.Boolean, nullable=False),
    sql.Column("waiting", sql.Integer, nullable=False),
    sql.Column("tool", sql.String, nullable=False),
    sql.Column("mode", sql.String, nullable=False),
    sql.Column("times", sql.String, nullable=False),
    sql.Column("note", sql.String, nullable=False),
    sql.Column("seal", sql.String, nullable=False),
    sql.UniqueConstraint("key", "kind", "attempt"),
)
_KEPT = ("id", "run", "at", "bundle", "graded", "tool", "mode")
EMPTIED: dict[str, Any] = {
    "attempt": 1, "version": "", "handed_in": "", "file": "", "inside": "{}", "files": "[]", "digest": "",
    "grade": "", "evidence": "", "points": "", "max_points": "", "waiting": 0, "times": "{}", "note": "",
}  # fmt: skip
"""What a forgotten event holds in the columns that spoke of the student; `who` and `key` are numbers then."""
_FORGETS = " AND ".join(
    [
        *(f"NEW.{column} IS OLD.{column}" for column in _KEPT),
        *(f"NEW.{column} IS {value!r}" for column, value in EMPTIED.items()),
        f"NEW.kind IS '{FORGOTTEN}'",
        f"NEW.key IS '{FORGOTTEN}-' || OLD.id",
        f"NEW.who IS '{FORGOTTEN}-' || CAST(substr(NEW.who, {len(FORGOTTEN) + 2}) AS INTEGER)",
    ]
)
TRIGGERS = [
    f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{verb.lower()} BEFORE {verb} ON {table} "
    + (f"WHEN NOT ({_FORGETS}) " if (table, verb) == ("events", "UPDATE") else "")
    + f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
    for table in ("runs", "events")
    for verb in ("UPDATE", "DELETE")
]


@dataclass(frozen=True)
class Handed:
    """What was handed in, as the store knows it.

    Attributes:
        who, version, handed_in: as `HandIn` has them; `handed_in` is its `at`.
        file: where it lay.
        inside: JSON, which parts of `file` it is, where that holds more; see `tasks.hand_in_of`.
        files: path and sha256 of every file that counted; none where it could not be read.
        digest: the one of `intake.opening`.
    """

    who: str
    version: str
    handed_in: str
    file: str
    inside: str
    files: tuple[tuple[str, str], ...]
    digest: str


@dataclass(frozen=True)
class Event:
    """One grading of one hand-in, as it stands in the store.

    `kind` is graded, again (asked for), rejudged, rerun, located (its wrong functions were looked for), noted (the same
    work came as another version or at another time), lost (no worker could grade it), or forgotten. `waiting` counts
    cases that a later run will judge.
    """

    id: int
    run: int
    at: str
    kind: str
    key: str
    attempt: int
    who: str
    version: str
    handed_in: str
    file: str
    inside: str
    files: str
    digest: str
    bundle: str
    grade: str
    evidence: str
    points: str
    max_points: str
    graded: bool
    waiting: int
    tool: str
    mode: str
    times: str
    note: str
    seal: str

    @property
    def handed(self) -> Handed:
        """What it is a grading of."""
        files = tuple((path, digest) for path, digest in json.loads(self.files))
        return Handed(self.who, self.version, self.handed_in, self.file, self.inside, files, self.digest)


_EMPTY: dict[str, Any] = {"str": "", "int": -1, "bool": False}


def event_of(row: Mapping[str, Any]) -> Event:
    """An event as it stands in the database.

    A cell of another type than its column was written by somebody else: it is read as its text, which the event's seal
    does not fit.
    """
    cells = dict(row)
    for field in fields(Event):
        value, empty = cells[field.name], _EMPTY[str(field.type)]
        if type(value) is not type(empty):
            cells[field.name] = repr(value)[:MOST_SHOWN] if empty == "" else empty
    return Event(**cells)


@dataclass(frozen=True)
class Run:
    """One command that wrote events."""

    id: int
    at: str
    who: str
    what: str
    assignment: str
    bundle: str
    tool: str
    settings: str


def seal_of(row: Mapping[str, Any]) -> str:
    """sha256 of an event's columns, by which a reader sees that they are as they were written."""
    own = [row[c.name] for c in EVENTS.columns if c.name not in ("id", "seal")]
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()


def pragmas(connection: Any, _record: object) -> None:
    """How every connection works.

    WAL: a reader never waits, and a killed writer leaves a whole database. FULL: what is committed is on disk.
    secure_delete: what is forgotten is overwritten.
    """
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000", "secure_delete = ON",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
