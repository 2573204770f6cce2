"""Adding: a run that still waits for some cases takes nothing away that an earlier run of the same work had judged.

A grade with cases that wait (for a replay, a GPU, a person) is not done, so the next run grades that work again. Where
it can judge them, its grade stands. Where it cannot either, what an earlier run knew of them is put back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from autograder.cohort.spool import Result, grade_text, keep
from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.errors import StoredError
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence
from autograder.grading.grade_form import grade_from_table
from autograder.grading.judging import Judge
from autograder.grading.separate import Separate
from autograder.grading.totals import grade_of


def added(store: Store, results: Iterable[Result]) -> list[Result]:
    """The results, each with what the store knows of the cases that it waits for.

    Raises:
        StoredError: evidence of the store cannot be read.
        MachineError: the judge does not start, or the blobs cannot be written.
    """
    found = list(results)
    earlier = {r.key: event for r in found if (event := _earlier(store, r)) is not None}
    if not earlier:
        return found
    bundles = {digest: store.bundle(digest) for digest in {event.bundle for event in earlier.values()}}
    with Separate() as judge:
        return [
            _added(store, r, earlier[r.key], bundles[r.bundle], judge) if r.key in earlier else r for r in found
        ]  # fmt: skip


def _earlier(store: Store, result: Result) -> Event | None:
    """The newest event of that work that has evidence, where it has judged a case that still waits in `result`.

    One without (lost, or still out) knows nothing, and hides nothing that was judged before it.
    """
    if not (result.waiting and result.evidence):
        return None
    event = store.newest_of(result.key, judged=True)
    if event is None or event.bundle != result.bundle:
        return None
    older = store.evidence(event)
    return event if older is not None and older.settled() - _evidence(store, result).settled() else None


def _added(store: Store, result: Result, event: Event, bundle: Bundle, judge: Judge) -> Result:
    older = store.evidence(event)
    assert older is not None  # `_earlier` has looked
    merged = Evidence.merged(older, _evidence(store, result))
    grade = grade_from_table(json.loads(grade_text(store.blobs, result.grade)), result.times)
    verdicts = judge.verdicts(bundle, merged.answers, merged.worlds)
    whole = grade_of(
        bundle, grade.submission, grade.digest, verdicts,
        layers=grade.layers, mode=grade.mode, tool=grade.tool, seconds=grade.seconds,
    )  # fmt: skip
    notes = dict.fromkeys((*_notes(store, event), *grade.notes))  # of a run for some questions, and of the others
    return keep(store.blobs, result.key, result.handed, replace(whole, notes=tuple(notes)), merged)


def _evidence(store: Store, result: Result) -> Evidence:
    return Evidence.from_bytes(store.blobs.get(result.evidence))


def _notes(store: Store, event: Event) -> tuple[str, ...]:
    """What stands on top of an earlier grade; nothing where that cannot be read any more."""
    try:
        return store.grade(event).notes
    except StoredError:
        return ()
