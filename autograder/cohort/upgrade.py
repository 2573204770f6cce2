"""Upgrade: an output folder of version 0.1.0 (schema 1) becomes one of today, in place.

A copy of the database is put beside it first. Then everything happens in one transaction: killed at any moment, the
folder is either the old one or the new one. Grades and evidence stay the files that they are; they are read as they
are. Keys are computed anew, so that what was graded counts as graded.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from autograder.cohort.database import take_lock, translated, wrong_schema
from autograder.cohort.shelf import Shelf
from autograder.cohort.store import STORE, now
from autograder.cohort.tables import EVENTS, SCHEMA, TRIGGERS, seal_of
from autograder.cohort.tasks import key_of
from autograder.errors import UsageError
from autograder.grading.private import FILE_MODE, close_to_others, make_folder, not_written
from autograder.intake.hand_in import HandIn
from autograder.intake.opening import digest_of_bytes, open_hand_in

OLD = 1
COPY = f"{STORE}.schema{OLD}"
_SAME = (
    "run", "at", "kind", "attempt", "file", "bundle", "grade", "evidence", "points", "max_points", "tool", "mode",
    "times", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did.

    Attributes:
        copy: the database as it was.
        events: gradings taken over.
        spooled: results of a stopped run among them.
        closed: files and folders that other users of the machine could read before.
    """

    copy: Path
    events: int
    spooled: int
    closed: int


def upgrade(folder: Path, who: str, tool: str) -> Upgraded | None:
    """Upgrade an output folder; None when there is nothing to do.

    Args:
        who: for the history.
        tool: the version that upgrades.

    Raises:
        UsageError: there are no grades, another command is at work, or a newer version wrote them.
        MachineError: the folder cannot be written.
    """
    path = folder / STORE
    if not path.exists():
        raise UsageError(
            "there are no grades here", where=str(folder), expected="the output folder of autograder grade"
        )
    with closing(take_lock(folder)):
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version == SCHEMA:
                    return None
                if version != OLD:
                    raise _refused(path, version)
                copy = _copied(connection, folder / COPY)
                spooled = _spooled(folder / "spool")
                with closing(connection.cursor()) as cursor:
                    cursor.row_factory = sqlite3.Row
                    digests = _notebooks(Shelf(folder / "bundles"), cursor.execute(_NOTEBOOKS).fetchall())
                events = _migrate(connection, [row for _, row in spooled], digests, who, tool)
        except sqlite3.Error as error:
            raise translated(error, path, "is no store of grades") from None
        for row_path, _ in spooled:
            row_path.unlink(missing_ok=True)
        return Upgraded(copy, events, len(spooled), close_to_others(folder))


def _refused(path: Path, version: int) -> UsageError:
    if version > SCHEMA:
        return wrong_schema(path, version)
    return UsageError("is no store of grades", where=str(path), expected="the output folder of autograder grade")


def _copied(connection: sqlite3.Connection, target: Path) -> Path:
    """A whole copy of the database, with what is still in its journal; there at once or not at all."""
    temporary = target.with_name(target.name + ".tmp")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(FILE_MODE)
        with closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise not_written(target, error) from None
    return target


def _spooled(spool: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Results that a stopped run of the old version has left; what is damaged stays there and is found by the next."""
    found = []
    for path in sorted(make_folder(spool).glob("*.json")):
        try:
            row = json.loads(path.read_bytes())
            row["times"] = json.dumps(row["times"], sort_keys=True)
            wanted = {"key", "name", "content", "digest", "graded", *_SAME} - {
                "run",
                "at",
                "kind",
                "attempt",
                "file",
                "note",
            }
            if not wanted <= row.keys():
                continue
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append((path, row))
    return found


_NOTEBOOKS = "SELECT DISTINCT file, content, digest, bundle FROM events WHERE digest != '' AND file LIKE '%.ipynb'"


def _notebooks(shelf: Shelf, rows: Iterable[sqlite3.Row]) -> dict[str, str]:
    """Old digest → today's, of notebooks that still lie where they were graded.

    Outputs counted for the digest once and do not any more; the code that was run is the same. Other files have the
    digest that they had, or are read in another way today and are better graded again.
    """
    found = {}
    for row in rows:
        hand_in = HandIn("", Path(row["file"]))
        try:
            if digest_of_bytes(hand_in) != row["content"]:
                continue
            opened = open_hand_in(hand_in, shelf.get(row["bundle"]).spec.submission)
        except Exception:  # whatever is wrong with it costs one grading, and no upgrade
            continue
        if opened.submission is not None and [path for path, _ in opened.files] == [opened.submission.main]:
            found[row["digest"]] = opened.digest
    return found


def _migrate(
    connection: sqlite3.Connection,
    spooled: Iterable[dict[str, Any]],
    digests: Mapping[str, str],
    who: str,
    tool: str,
) -> int:
    """The whole change as one transaction; how many events there are."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        old = _rows(connection, "SELECT * FROM events ORDER BY id")
        settings = {run["id"]: json.loads(run["settings"]) for run in _rows(connection, "SELECT * FROM runs")}
        for kind, name in connection.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        ).fetchall():
            connection.execute(f'DROP {kind} "{name}"')
        connection.execute("DROP TABLE events")
        dialect = sqlite.dialect()
        connection.execute(str(CreateTable(EVENTS).compile(dialect=dialect)))
        for index in sorted(EVENTS.indexes, key=lambda i: str(i.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
        run = _note_run(connection, who, tool)
        graded = {row["key"] for row in old if row["graded"]}
        left = [_as_event(row, run) for row in spooled if row["key"] not in graded]
        rows = _events([*old, *left], settings, digests)
        for row in rows:
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO events ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        for trigger in TRIGGERS:
            connection.execute(trigger)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return len(rows)


def _rows(connection: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _note_run(connection: sqlite3.Connection, who: str, tool: str) -> int:
    """The upgrade is a run too: the history says when, by whom and by which version."""
    last = connection.execute("SELECT assignment, bundle FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    cursor = connection.execute(
        "INSERT INTO runs (at, who, what, assignment, bundle, tool, settings) VALUES (?, ?, 'upgrade', ?, ?, ?, ?)",
        (now(), who, *(last or ("", "")), tool, json.dumps({"from": OLD, "to": SCHEMA})),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _as_event(row: Mapping[str, Any], run: int) -> dict[str, Any]:
    """A row of the old spool with the columns that the old store would have given it."""
    extra = {"id": None, "run": run, "at": now(), "kind": "graded", "attempt": 1, "file": row["name"], "note": ""}
    return {**row, **extra}


def _events(
    old: Iterable[Mapping[str, Any]], settings: Mapping[int, Mapping[str, Any]], digests: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows of today for old ones. What was rejudged keeps the key of what was graded, also where that changes."""
    keys: dict[str, str] = {}
    found = []
    for row in old:
        digest = digests.get(row["digest"], row["digest"]) or row["content"]
        own = settings.get(row["run"], {})
        if row["kind"] not in ("rejudged", "rerun") and row["key"] not in keys:
            known = {name: value for name, value in own.items() if name in ("secret", "student", "handout")}
            keys[row["key"]] = key_of(row["name"], digest, row["bundle"], known, row["mode"])
        new = {name: row[name] for name in _SAME} | {"id": row["id"], "key": keys.get(row["key"], row["key"])}
        new |= {"who": row["name"], "version": "", "handed_in": "", "inside": "{}", "files": "[]", "digest": digest}
        new |= {"graded": bool(row["graded"]), "waiting": 0}
        found.append(new | {"seal": seal_of(new)})
    return found
