"""The store of a cohort: every grading event for ever, in SQLite, with grades and evidence as blobs beside it.

    OUT/grades.sqlite    runs and events; triggers refuse to change or delete one
    OUT/blobs/           grades and evidence, compressed, named by their sha256
    OUT/bundles/         the bundles that graded, as files
    OUT/spool/           results that a worker has finished and the head has not yet read

Only one head at a time opens it (a lock on OUT/lock, freed by the kernel when the head dies). A result is in the spool
or in a committed event at every moment; so killing any process at any time loses nothing that was finished. What is
read is checked against its digest: an event by its seal, a blob by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from autograder.cohort.database import Database
from autograder.cohort.shelf import Shelf
from autograder.cohort.spool import LeftOver, Result, drop, grade_text, left_over
from autograder.cohort.tables import EVENTS, FORGOTTEN, RUNS, Event, Handed, Run, event_of, seal_of
from autograder.errors import AutograderError, StoredError, UsageError
from autograder.grading.blobs import BlobStore
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.grade_form import FORMAT, grade_from_table, grade_json
from autograder.grading.private import FOLDER_MODE, make_folder
from autograder.grading.source import AssignmentSource
from autograder.grading.totals import Grade
from autograder.intake.ignoring import STORE_MARK
from autograder.intake.layouts.versions import version_order

STORE = STORE_MARK
MOST_REMOVED = 1000


class Store:
    """See the module. Use as a context manager; opening takes the lock."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        """
        Args:
            folder: OUT.
            create: make it when it is not there.

        Raises:
            UsageError: there is no store, another head has it, or it is none of ours, or of another schema.
            MachineError: the folder cannot be written.
        """
        if not create and not (folder / STORE).exists():
            raise UsageError(
                "there are no grades here", where=str(folder), fix="make some: autograder grade NAME PATH -o OUT"
            )
        self.folder, self.spool = folder, folder / "spool"
        self.blobs, self.shelf = BlobStore(folder / "blobs"), Shelf(folder / "bundles")
        if make_folder(folder) and not any(folder.iterdir()):
            folder.chmod(FOLDER_MODE)  # whoever made it; one that holds something else keeps its rights
        for part in (self.spool, self.shelf.folder):
            make_folder(part)
        self.database = Database(folder, STORE)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database and the lock back."""
        self.database.close()

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
        self.shelf.keep(bundle)
        return self.note_run(who, what, bundle.spec.id, bundle.digest, tool, settings, at)

    def note_run(
        self, who: str, what: str, assignment: str, bundle: str, tool: str, settings: Mapping[str, Any], at: str = ""
    ) -> int:
        """The same where no bundle is at hand."""
        row = {"at": at or now(), "who": who, "what": what, "assignment": assignment, "bundle": bundle}
        with self.database.writing() as connection:
            done = connection.execute(RUNS.insert(), row | {"tool": tool, "settings": json.dumps(settings)})
            return int(done.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row has one

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with self.database.reading() as connection:
            return [Run(**row._mapping) for row in connection.execute(sql.select(RUNS).order_by(RUNS.c.id))]

    def assignment(self) -> str | None:
        """Id of the assignment whose grades these are; None in an empty store."""
        with self.database.reading() as connection:
            return connection.execute(sql.select(RUNS.c.assignment).limit(1)).scalar()

    def note_origin(self, bundle: Bundle, source: AssignmentSource) -> None:
        """See `Shelf`."""
        self.shelf.note_origin(bundle, source)

    def origin(self, digest: str) -> dict[str, str] | None:
        """See `Shelf`."""
        return self.shelf.origin(digest)

    def bundle(self, digest: str) -> Bundle:
        """See `Shelf`."""
        return self.shelf.get(digest)

    def newest(self) -> dict[str, Event]:
        """Key → its newest event, of all that are not forgotten."""
        query = sql.select(EVENTS).where(EVENTS.c.kind != FORGOTTEN).order_by(EVENTS.c.id)
        return {event.key: event for event in self._events(query)}

    def newest_of(self, key: str, *, judged: bool = False) -> Event | None:
        """The newest event of one key; None where there is none. One that is forgotten has no key any more.

        Args:
            judged: of those that have evidence.
        """
        query = sql.select(EVENTS).where(EVENTS.c.key == key).order_by(EVENTS.c.id.desc()).limit(1)
        return next(self._events(query.where(EVENTS.c.evidence != "") if judged else query), None)

    def seconds_of(self, bundle: str, settings: Mapping[str, Any], most: int = 200) -> list[float]:
        """Seconds that the newest gradings with this bundle and these settings took, oldest first."""
        query = sql.select(EVENTS.c.times).join(RUNS, RUNS.c.id == EVENTS.c.run)
        query = query.order_by(EVENTS.c.id.desc()).limit(most)
        query = query.where(EVENTS.c.bundle == bundle, EVENTS.c.graded, RUNS.c.settings == json.dumps(settings))
        with self.database.reading() as connection:
            texts = list(connection.execute(query.where(EVENTS.c.kind.in_(("graded", "again")))).scalars())
        return [float(json.loads(text)["total"]) for text in reversed(texts) if '"total"' in text]

    def done(self) -> set[str]:
        """Keys of all hand-ins that need no more work.

        `not graded` is not done, a grade with cases that wait is not, and neither is one whose blobs are damaged.
        """
        latest = sql.select(sql.func.max(EVENTS.c.id)).where(EVENTS.c.kind != FORGOTTEN).group_by(EVENTS.c.key)
        query = sql.select(EVENTS).where(EVENTS.c.id.in_(latest), EVENTS.c.graded, EVENTS.c.waiting == 0)
        return {event.key for event in self._events(query) if self._settled(event)}

    def _settled(self, event: Event) -> bool:
        whole = event.graded and not event.waiting and self.sound(event)
        return whole and self.blobs.intact(event.grade) and self.blobs.intact(event.evidence)

    def add(self, run: int, kind: str, results: Sequence[Result], note: str = "", at: str = "") -> int:
        """Append events in one transaction; how many were new.

        A `graded` result whose key needs no more work is left out: that is how nothing is graded twice.
        """
        moment, count = at or now(), 0
        with self.database.writing() as connection:
            for result in results:
                query = sql.select(EVENTS).where(EVENTS.c.key == result.key).order_by(EVENTS.c.id)
                known = [event_of(row._asdict()) for row in connection.execute(query)]
                if kind == "graded" and known and self._settled(known[-1]):
                    continue
                attempt = 1 + max((event.attempt for event in known if event.kind == kind), default=0)
                row = asdict(result) | asdict(result.handed) | {"run": run, "at": moment, "kind": kind, "note": note}
                row |= {"attempt": attempt, "times": json.dumps(result.times, sort_keys=True)}
                row |= {"files": json.dumps(result.handed.files)}
                del row["handed"]
                connection.execute(EVENTS.insert(), row | {"seal": seal_of(row)})
                count += 1
        return count

    def take_in(self, run: int, results: Iterable[Result], kind: str = "graded") -> list[Result]:
        """Move results from the spool into events: committed first, then dropped."""
        found = list(results)
        self.add(run, kind, found)
        for result in found:
            drop(self.spool, result.key)
        return found

    def left_over(self) -> LeftOver:
        """What a killed run had finished and nobody has read."""
        return left_over(self.spool, self.blobs)

    def history(self, who: str | None = None) -> list[Event]:
        """All events, or those of one name, oldest first."""
        query = sql.select(EVENTS).order_by(EVENTS.c.id)
        return list(self._events(query if who is None else query.where(EVENTS.c.who == who)))

    def _events(self, query: sql.Select[Any]) -> Iterator[Event]:
        """Events one after the other, as they are read: a large store never stands in memory as a whole."""
        with self.database.reading() as connection:
            for row in connection.execute(query):
                yield event_of(row._asdict())

    def current(self) -> list[Event]:
        """The event that counts of everybody, sorted by who: of the newest version, the newest."""
        found: dict[str, Event] = {}
        for event in self._events(sql.select(EVENTS).where(EVENTS.c.kind != FORGOTTEN).order_by(EVENTS.c.id)):
            before = found.get(event.who)
            newer = before is None or version_order(before.version) <= version_order(event.version)
            if newer or (before is not None and not self.sound(before)):  # a changed entry gives way to a later one
                found[event.who] = event
        return [found[who] for who in sorted(found)]

    def removed(self) -> list[int]:
        """Numbers of events that are gone from the middle of the database, which only another program can have done."""
        query = sql.select(EVENTS.c.id).order_by(EVENTS.c.id)
        with self.database.reading() as connection:
            there = set(connection.execute(query).scalars())
        return [number for number in range(1, max(there, default=0)) if number not in there][:MOST_REMOVED]

    def latest_bundle(self) -> Bundle:
        """The bundle of the newest sound event whose bundle is there.

        Raises:
            UsageError, StoredError, BundleError: there is none; why the newest cannot be had.
        """
        digests = [event.bundle for event in reversed(self.current()) if self.sound(event)]
        digests += [run.bundle for run in reversed(self.runs())]
        error: AutograderError | None = None
        for digest in dict.fromkeys(digests):
            try:
                return self.bundle(digest)
            except AutograderError as found:
                error = error or found
        raise error or UsageError("there are no grades yet", where=str(self.folder), fix="autograder grade … --resume")

    def forgotten(self) -> int:
        """How many people have been forgotten."""
        query = sql.select(sql.func.count(sql.distinct(EVENTS.c.who))).where(EVENTS.c.kind == FORGOTTEN)
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def sound(self, event: Event) -> bool:
        """Whether an event is as it was written."""
        return seal_of(vars(event)) == event.seal

    def grade(self, event: Event) -> Grade:
        """The grade of an event, with its times; raises as `grade_with_text` does."""
        return self._grade(event)[0]

    def grade_with_text(self, event: Event) -> tuple[Grade, bytes]:
        """The same, and its JSON without times, in today's form.

        Raises:
            StoredError: the event or the blob is damaged, or only a newer version can read it.
        """
        grade, text, number = self._grade(event)
        return grade, text if number == FORMAT else grade_json(grade)

    def _grade(self, event: Event) -> tuple[Grade, bytes, int]:
        """The grade, and the text that it was kept as, with the number of its form."""
        if not self.sound(event):
            raise StoredError(
                f"the entry of `{event.who}` has been changed",
                where=str(self.folder / STORE),
                found=f"event {event.id}",
                fix="restore the file, or grade again",
            )
        text = grade_text(self.blobs, event.grade)
        try:
            table = json.loads(text)
            grade = grade_from_table(table, json.loads(event.times))
        except ValueError as error:
            raise StoredError(f"is no grade: {error}", where=str(self.blobs.path(event.grade))) from None
        return grade, text, table["format"]

    def grades(self) -> Iterator[Grade]:
        """The current grades, sorted by name; one in memory at a time.

        Raises:
            StoredError: as `grade_with_text`.
        """
        for event in self.current():
            yield self.grade(event)

    def evidence(self, event: Event) -> Evidence | None:
        """The evidence of an event; None for a submission that was lost.

        Raises:
            StoredError: it is damaged, or only a newer version can read it.
        """
        return Evidence.from_bytes(self.blobs.get(event.evidence)) if event.evidence else None

    def note(self, run: int, event: Event, handed: Handed) -> None:
        """Append that the work of `event` has come once more: as another version, at another time, after other work."""
        same = {f.name: getattr(event, f.name) for f in fields(Result) if f.name not in ("handed", "times")}
        self.add(run, "noted", [Result(**same, handed=handed, times=json.loads(event.times))])


def now() -> str:
    """This moment, in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
