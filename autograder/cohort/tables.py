"""Tables of the store: runs and events, both append-only, and their rows as nouns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

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
    sql.Column("name", sql.String, nullable=False, index=True),
    sql.Column("file", sql.String, nullable=False),
    sql.Column("content", sql.String, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
    sql.Column("bundle", sql.String, nullable=False),
    sql.Column("grade", sql.String, nullable=False),
    sql.Column("evidence", sql.String, nullable=False),
    sql.Column("points", sql.String, nullable=False),
    sql.Column("max_points", sql.String, nullable=False),
    sql.Column("graded", sql.Boolean, nullable=False),
    sql.Column("tool", sql.String, nullable=False),
    sql.Column("mode", sql.String, nullable=False),
    sql.Column("times", sql.String, nullable=False),
    sql.Column("note", sql.String, nullable=False, default=""),
    sql.UniqueConstraint("key", "kind", "attempt"),
)
TRIGGERS = [
    f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
    for table in ("runs", "events")
    for verb in ("UPDATE", "DELETE")
]


@dataclass(frozen=True)
class Event:
    """One grading of one submission, as it stands in the store.

    `kind` is graded, again (asked for), rejudged, rerun, or lost (no worker could grade it).
    """

    id: int
    run: int
    at: str
    kind: str
    key: str
    attempt: int
    name: str
    file: str
    content: str
    digest: str
    bundle: str
    grade: str
    evidence: str
    points: str
    max_points: str
    graded: bool
    tool: str
    mode: str
    times: str
    note: str


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


def pragmas(connection: Any, _record: object) -> None:
    """WAL: a reader never waits, and a killed writer leaves a whole database. FULL: what is committed is on disk."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
