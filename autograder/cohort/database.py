"""The database of a store: one head at a time, whole transactions, and plain words for what goes wrong."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sql

from autograder.cohort.tables import METADATA, SCHEMA, TRIGGERS, pragmas
from autograder.errors import AutograderError, MachineError, StoredError, UsageError
from autograder.grading.private import FILE_MODE, no_right, not_written

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_NO_RIGHT = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}


class Database:
    """An open database with its lock."""

    def __init__(self, folder: Path, name: str) -> None:
        """
        Args:
            folder: OUT.
            name: of the file in it.

        Raises:
            UsageError: another head has it, it is no database of ours, or of another schema.
            MachineError: the folder or the file cannot be read or written.
        """
        self.path = folder / name
        self._lock = take_lock(folder)
        self._engine = sql.create_engine(f"sqlite:///{self.path}")
        sql.event.listen(self._engine, "connect", pragmas)
        try:
            self._prepare()
        except AutograderError:
            self.close()
            raise

    def _prepare(self) -> None:
        if not self.path.exists():
            try:
                self.path.touch(FILE_MODE)
            except OSError as error:
                raise not_written(self.path, error) from None
        with self._translated("is no store of grades"), self._engine.begin() as connection:
            version = connection.execute(sql.text("PRAGMA user_version")).scalar_one()
            if version not in (0, SCHEMA):
                raise wrong_schema(self.path, version)
            METADATA.create_all(connection)
            for trigger in TRIGGERS:
                connection.execute(sql.text(trigger))
            connection.execute(sql.text(f"PRAGMA user_version = {SCHEMA}"))

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """A transaction: all of it or nothing.

        Raises:
            MachineError: the disk is full.
            StoredError: the file is damaged.
        """
        with self._translated("is damaged"), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """A connection to read from.

        Raises:
            StoredError: the file is damaged.
        """
        with self._translated("is damaged"), self._engine.connect() as connection:
            yield connection

    def wipe(self) -> None:
        """Leave nothing of deleted rows in the file or its journal."""
        with self._translated("cannot be written"):
            self._engine.dispose()
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sql.text("VACUUM"))
                connection.execute(sql.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Give the file and the lock back."""
        self._engine.dispose()
        self._lock.close()

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except sql.exc.IntegrityError:
            raise  # a fault of ours, or the triggers' refusal
        except sql.exc.DBAPIError as error:
            raise translated(error.orig, self.path, what) from None


def take_lock(folder: Path) -> IO[str]:
    """The lock of an output folder, freed when it is closed or the process dies.

    Raises:
        UsageError: another head has it.
        MachineError: the folder cannot be written.
    """
    try:
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise not_written(folder, error) from None
    try:
        (folder / "lock").chmod(FILE_MODE)
    except OSError as error:  # another user's, which everybody may write
        lock.close()
        raise not_written(folder / "lock", error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise UsageError("another command is at work here", where=str(folder), fix="wait for it, or stop it") from None
    return lock


def translated(error: BaseException | None, path: Path, what: str) -> AutograderError:
    """SQLite's error in our words: a missing right, the disk's fault, or the file's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _NO_RIGHT or (code == sqlite3.SQLITE_CANTOPEN and not _may_be_used(path)):
        return no_right(path, "read and written", str(error))
    if code in _FULL:
        return MachineError(
            f"cannot be written: {error}", where=str(path),
            fix="make room on the disk; what was finished is kept, and --resume goes on",
        )  # fmt: skip
    if what == "is damaged":
        return StoredError(f"{what}: {error}", where=str(path), fix="restore a copy of the file")
    return UsageError(f"{what}: {error}", where=str(path), fix="choose another output folder")


def _may_be_used(path: Path) -> bool:
    """Whether this user may write the file and journals beside it; SQLite "cannot open" on a full disk too."""
    return os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def wrong_schema(path: Path, version: int) -> UsageError:
    """What to say about a database of another schema: how to upgrade it, or that it is newer than we are."""
    if version < SCHEMA:
        return UsageError(
            f"was written by an older version (schema {version})", where=str(path), expected=f"schema {SCHEMA}",
            fix=f"autograder upgrade {path.parent}   (keeps a copy of the file beside it)",
        )  # fmt: skip
    return UsageError(
        f"was written by a newer version (schema {version})", where=str(path), expected=f"schema {SCHEMA}",
        fix="use that version",
    )  # fmt: skip
