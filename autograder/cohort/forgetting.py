"""Forgetting: everything that an output folder holds of one person goes, and a tombstone stays.

Text, outputs, grades, pages and rows of tables are deleted; files that others' gradings share stay. The events become
tombstones: that somebody was graded, when and with what, and no word of whom. The old state of the database is
overwritten, and copies of it that an upgrade made are deleted.

What is not covered: what lies elsewhere (the submissions themselves, copies of the folder, uploads, backups).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from autograder.cohort.spool import DAMAGED, drop
from autograder.cohort.store import Store
from autograder.cohort.tables import EMPTIED, EVENTS, FORGOTTEN, Event, seal_of
from autograder.cohort.upgrade import COPY
from autograder.cohort.weights import digests_of, unshared
from autograder.cohort.written import forget_scores
from autograder.errors import UsageError
from autograder.intake.hand_in import printable
from autograder.report.html import page_name

TABLES = ("final_grades.csv", "times.json", "canvas.csv", "report/index.html", "similar.html")
"""Files that speak of everybody: deleted, and written anew without the one who is forgotten (the last by `similar`)."""


@dataclass(frozen=True)
class Gone:
    """What was deleted, or would be.

    Attributes:
        events: gradings that it concerned.
        blobs: grades and evidence.
        freed: bytes of them.
        files: other files, as paths below the output folder.
    """

    events: int
    blobs: int
    freed: int
    files: tuple[str, ...]


def forget(store: Store, who: str, by: str, tool: str, *, dry_run: bool = False) -> Gone:
    """Forget a person. `write_report` makes the tables of the others anew.

    Args:
        who: the name in the reports.
        by: for the history.
        tool: the version that does it.

    Raises:
        UsageError: nobody is called so.
        MachineError: the folder cannot be written.
    """
    history, left = store.history(), store.left_over()
    own = [e for e in history if e.who == who and e.kind != FORGOTTEN]
    spooled = [r for r in left.results if r.who == who]
    if not own and not spooled:
        raise _nobody(who, {e.who for e in history if e.kind != FORGOTTEN})
    own_ids = {e.id for e in own}
    others = {d for e in history if e.id not in own_ids for d in (e.grade, e.evidence)}
    others |= {d for r in left.results if r.who != who for d in (r.grade, r.evidence)}
    mine = {d for e in own for d in (e.grade, e.evidence)} | {d for r in spooled for d in (r.grade, r.evidence)}
    blobs = (mine - others - {""}) | unshared(store, own)
    files = tuple(sorted(_files_of(store.folder, who)))
    size = sum(store.blobs.path(d).stat().st_size for d in blobs if store.blobs.path(d).exists())
    gone = Gone(len(own), len(blobs), size, files)
    if dry_run:
        return gone
    forget_scores(store.folder, who)
    for name in files:  # files and blobs first: whoever is killed in between can say the same again
        (store.folder / name).unlink(missing_ok=True)
    for digest in blobs:
        store.blobs.remove(digest)
    for result in spooled:
        drop(store.spool, result.key)
    assignment = store.assignment() or ""
    store.note_run(by, "forget", assignment, own[-1].bundle if own else "", tool, {"events": len(own)})
    _bury(store, own, f"{FORGOTTEN}-{store.forgotten() + 1}")
    store.database.wipe()
    return gone


def _nobody(who: str, known: set[str]) -> UsageError:
    near = difflib.get_close_matches(who, known, 3)
    return UsageError(
        "nobody of this name has been graded here", where=printable(who),
        found=f"names like it: {', '.join(near)}" if near else "", expected="a name as the reports have it",
    )  # fmt: skip


def _files_of(folder: Path, who: str) -> Iterator[str]:
    """Files of an output folder in which a person stands."""
    page = page_name(who)
    own = [
        f"grades/{page}.json",
        f"report/students/{page}.html",
        f"report/staff/{page}.html",
        f"gradescope/{page}.json",
    ]
    copies = [COPY, f"{COPY}.tmp", *(str(p.relative_to(folder)) for p in (folder / "spool" / DAMAGED).glob("*"))]
    yield from (name for name in (*own, *TABLES, *copies) if (folder / name).is_file())


def _bury(store: Store, events: list[Event], name: str) -> None:
    """Make tombstones of events, in one transaction."""
    with store.database.writing() as connection:
        for event in events:
            row: dict[str, Any] = asdict(event) | EMPTIED
            row |= {"who": name, "kind": FORGOTTEN, "key": f"{FORGOTTEN}-{event.id}"}
            row["seal"] = seal_of(row)
            connection.execute(sql.update(EVENTS).where(EVENTS.c.id == event.id).values(row))


def prune(
    store: Store, days: float, now: datetime, by: str, tool: str, *, weights: bool = False, dry_run: bool = False
) -> Gone:
    """Delete grades and evidence of gradings that do not count any more and are older than `days`.

    The events stay, with their points: what was given when is still known, only not why.

    Args:
        now: with its zone.
        weights: delete files of trained weights that are older, too, also of gradings that count: what they predicted
            stays, and so does every verdict.

    Raises:
        MachineError: the folder cannot be written.
    """
    before = now - timedelta(days=days)
    history, current = store.history(), {e.id for e in store.current()}
    old = [e for e in history if e.id not in current and datetime.fromisoformat(e.at) < before and e.kind != FORGOTTEN]
    ids = {e.id for e in old}
    stay = {d for e in history if e.id not in ids for d in (e.grade, e.evidence)}
    stay |= {d for r in store.left_over().results for d in (r.grade, r.evidence)}
    blobs = {d for e in old for d in (e.grade, e.evidence)} - stay - {""}
    blobs = {d for d in blobs if store.blobs.path(d).exists()}
    aged = [e for e in history if datetime.fromisoformat(e.at) < before and e.kind != FORGOTTEN] if weights else []
    blobs |= unshared(store, aged)
    damaged = [str(p.relative_to(store.folder)) for p in (store.spool / DAMAGED).glob("*")]
    files = tuple(sorted(n for n in (COPY, *damaged) if _older(store.folder / n, before)))
    size = sum(store.blobs.path(d).stat().st_size for d in blobs)
    touched = sum(
        bool({e.grade, e.evidence, *digests_of(e)} & blobs) for e in {e.id: e for e in (*old, *aged)}.values()
    )
    if not dry_run and (blobs or files):
        for digest in blobs:
            store.blobs.remove(digest)
        for name in files:
            (store.folder / name).unlink(missing_ok=True)
        table = {"older_than_days": days, "events": touched}
        store.note_run(by, "prune", store.assignment() or "", "", tool, table)
    return Gone(touched, len(blobs), size, files)


def _older(path: Path, before: datetime) -> bool:
    return path.is_file() and path.stat().st_mtime < before.timestamp()
