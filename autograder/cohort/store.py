"""The store of a cohort: every grading event for ever, in SQLite, with grades and evidence as blobs beside it.

    OUT/grades.sqlite    runs and events; triggers refuse to change or delete one
    OUT/blobs/           grades and evidence, compressed, named by their sha256
    OUT/bundles/         the bundles that graded, as files
    OUT/spool/           results that a worker has finished and the head has not yet read

Only one head at a time opens it (a lock on OUT/lock, freed by the kernel when the head dies). A result is in the spool
or in a committed event at every moment; so killing any process at any time loses nothing that was finished.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from autograder.cohort.renewal import origin_of
from autograder.cohort.spool import Result, drop, grade_text, waiting
from autograder.cohort.tables import EVENTS, METADATA, RUNS, TRIGGERS, Event, Run, pragmas
from autograder.errors import MachineError, UsageError
from autograder.grading.bundle import Bundle, from_files, to_files
from autograder.grading.evidence import BlobStore, Evidence
from autograder.grading.grade_form import grade_from_table
from autograder.grading.source import AssignmentSource
from autograder.grading.totals import Grade

FORMAT = 1
ORIGIN = "origin.json"


class Store:
    """See the module. Use as a context manager; opening takes the lock."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        """
        Args:
            folder: OUT.
            create: make it when it is not there.

        Raises:
            UsageError: there is no store, another head has it, or it is none of ours.
            MachineError: the folder cannot be written.
        """
        self.folder = folder
        self.blobs, self.spool, self.bundles = BlobStore(folder / "blobs"), folder / "spool", folder / "bundles"
        path = folder / "grades.sqlite"
        if not create and not path.exists():
            raise UsageError(
                "there are no grades here", where=str(folder), fix="make some: autograder grade NAME PATH -o OUT"
            )
        try:
            for part in (folder, self.spool, self.bundles):
                part.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("w")
        except OSError as error:
            raise MachineError(
                f"cannot be written: {error.strerror}", where=str(folder), fix="choose another output folder"
            ) from None
        self._take_lock()
        self._engine = sql.create_engine(f"sqlite:///{path}")
        sql.event.listen(self._engine, "connect", pragmas)
        self._prepare(path)

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise UsageError(
                "another command is at work here", where=str(self.folder), fix="wait for it, or stop it"
            ) from None

    def _prepare(self, path: Path) -> None:
        try:
            with self._engine.begin() as connection:
                version = connection.execute(sql.text("PRAGMA user_version")).scalar_one()
                if version not in (0, FORMAT):
                    raise UsageError(f"has format {version}; this version reads {FORMAT}", where=str(path))
                METADATA.create_all(connection)
                for trigger in TRIGGERS:
                    connection.execute(sql.text(trigger))
                connection.execute(sql.text(f"PRAGMA user_version = {FORMAT}"))
        except sql.exc.DBAPIError as error:
            self.close()
            raise UsageError(
                f"is no store of grades: {error.orig}", where=str(path), fix="choose another output folder"
            ) from None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database and the lock back."""
        self._engine.dispose()
        self._lock.close()

    def add_run(self, who: str, what: str, bundle: Bundle, tool: str, settings: Mapping[str, Any], at: str = "") -> int:
        """Note the start of a run; its id. The bundle is kept, so that every event can be explained later.

        Raises:
            UsageError: the store belongs to another assignment.
        """
        known = self.assignment()
        if known not in (None, bundle.spec.id):
            raise UsageError(
                f"holds grades of `{known}`", where=str(self.folder), found=bundle.spec.id,
                fix="give every assignment its own output folder",
            )  # fmt: skip
        self.keep_bundle(bundle)
        row = {"at": at or now(), "who": who, "what": what, "assignment": bundle.spec.id, "bundle": bundle.digest}
        with self._engine.begin() as connection:
            done = connection.execute(RUNS.insert(), row | {"tool": tool, "settings": json.dumps(settings)})
            return int(done.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row has one

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with self._engine.connect() as connection:
            return [Run(**row._mapping) for row in connection.execute(sql.select(RUNS).order_by(RUNS.c.id))]

    def assignment(self) -> str | None:
        """Id of the assignment whose grades these are; None in an empty store."""
        with self._engine.connect() as connection:
            return connection.execute(sql.select(RUNS.c.assignment).limit(1)).scalar()

    def keep_bundle(self, bundle: Bundle) -> Path:
        """The folder of the bundle's files, written by temporary name and rename if it is not there."""
        folder = self.bundles / bundle.digest
        if not folder.is_dir():
            temporary = self.bundles / f"{bundle.digest}.tmp"
            for name, data in to_files(bundle).items():
                path = temporary / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            temporary.replace(folder)
        return folder

    def note_origin(self, bundle: Bundle, source: AssignmentSource) -> None:
        """Note from which state of the private files a bundle was recorded: digests, no text."""
        path = self.keep_bundle(bundle) / ORIGIN
        if not path.exists():
            temporary = path.with_suffix(".tmp")
            temporary.write_text(json.dumps(origin_of(source), sort_keys=True), encoding="utf-8")
            temporary.replace(path)

    def origin(self, digest: str) -> dict[str, str] | None:
        """What `note_origin` noted; None for a bundle that came as a zip."""
        path = self.bundles / digest / ORIGIN
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def bundle(self, digest: str) -> Bundle:
        """A bundle that has graded here.

        Raises:
            UsageError: it has not.
        """
        folder = self.bundles / digest
        if not folder.is_dir():
            raise UsageError(f"the bundle {digest[:12]} is missing", where=str(self.bundles), fix="restore the folder")
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        return from_files(files, str(folder))

    def done(self) -> set[str]:
        """Keys of all submissions that have been graded. `not graded` is not done."""
        with self._engine.connect() as connection:
            query = sql.select(EVENTS.c.key).where(EVENTS.c.graded).distinct()
            return set(connection.execute(query).scalars())

    def add(
        self, run: int, kind: str, results: Sequence[Result], files: Mapping[str, str], note: str = "", at: str = ""
    ) -> int:
        """Append events in one transaction; how many were new.

        A `graded` result whose key has been graded is left out: that is how nothing is graded twice.

        Args:
            files: submission name → path of its file.
        """
        if not results:
            return 0
        moment, count = at or now(), 0
        with self._engine.begin() as connection:
            for result in results:
                rows = connection.execute(
                    sql.select(EVENTS.c.kind, EVENTS.c.graded, EVENTS.c.attempt).where(EVENTS.c.key == result.key)
                ).all()
                if kind == "graded" and any(row.graded for row in rows):
                    continue
                attempt = 1 + max((row.attempt for row in rows if row.kind == kind), default=0)
                row = asdict(result) | {"times": json.dumps(result.times, sort_keys=True), "run": run, "at": moment}
                row |= {"kind": kind, "attempt": attempt, "note": note, "file": files.get(result.name, result.name)}
                connection.execute(EVENTS.insert(), row)
                count += 1
        return count

    def take_in(
        self, run: int, results: Iterable[Result], files: Mapping[str, str], kind: str = "graded"
    ) -> list[Result]:
        """Move results from the spool into events: committed first, then dropped."""
        found = list(results)
        self.add(run, kind, found, files)
        for result in found:
            drop(self.spool, result.key)
        return found

    def left_over(self) -> list[Result]:
        """Results that a killed run had finished and nobody has read."""
        return list(waiting(self.spool))

    def history(self, name: str | None = None) -> list[Event]:
        """All events, or those of one submission, oldest first."""
        query = sql.select(EVENTS).order_by(EVENTS.c.id)
        if name is not None:
            query = query.where(EVENTS.c.name == name)
        with self._engine.connect() as connection:
            return [Event(**row._mapping) for row in connection.execute(query)]

    def current(self) -> list[Event]:
        """The newest event of every submission, sorted by name."""
        newest = sql.select(sql.func.max(EVENTS.c.id)).group_by(EVENTS.c.name)
        query = sql.select(EVENTS).where(EVENTS.c.id.in_(newest)).order_by(EVENTS.c.name)
        with self._engine.connect() as connection:
            return [Event(**row._mapping) for row in connection.execute(query)]

    def grade(self, event: Event) -> Grade:
        """The grade of an event, with its times."""
        return self.grade_with_text(event)[0]

    def grade_with_text(self, event: Event) -> tuple[Grade, bytes]:
        """The same, and the JSON that it was kept as, without times."""
        text = grade_text(self.blobs, event.grade)
        return grade_from_table(json.loads(text), json.loads(event.times)), text

    def grades(self) -> Iterator[Grade]:
        """The current grades, sorted by name; one in memory at a time."""
        for event in self.current():
            yield self.grade(event)

    def evidence(self, event: Event) -> Evidence | None:
        """The evidence of an event; None for a submission that was lost."""
        return Evidence.from_bytes(self.blobs.get(event.evidence)) if event.evidence else None


def now() -> str:
    """This moment, in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
