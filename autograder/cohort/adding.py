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
from autograder.grading.evidence import Evidence
from autograder.grading.grade_form import grade_from_table
from autograder.grading.separate import Separate
from autograder.grading.totals import grade_of


def added(store: Store, results: Iterable[Result]) -> list[Result]:
    """The results, each with what the store knows of the cases that it waits for.

    Raises:
        StoredError: evidence of the store cannot be read.
        MachineError: the judge does not start, or the blobs cannot be written.
    """
    found = list(results)
    if not any(result.waiting and result.graded for result in found):
        return found
    newest = store.newest()
    with Separate() as judge:
        return [_added(store, result, newest.get(result.key), judge) for result in found]


def _added(store: Store, result: Result, event: Event | None, judge: Separate) -> Result:
    if not (result.waiting and result.evidence) or event is None or event.bundle != result.bundle:
        return result
    older, newer = store.evidence(event), Evidence.from_bytes(store.blobs.get(result.evidence))
    if older is None or not older.settled() - newer.settled():
        return result
    bundle, merged = store.bundle(result.bundle), Evidence.merged(older, newer)
    grade = grade_from_table(json.loads(grade_text(store.blobs, result.grade)), result.times)
    verdicts = judge.verdicts(bundle, merged.answers, merged.worlds)
    whole = grade_of(
        bundle, grade.submission, grade.digest, verdicts,
        layers=grade.layers, mode=grade.mode, tool=grade.tool, seconds=grade.seconds,
    )  # fmt: skip
    notes = dict.fromkeys((*store.grade(event).notes, *grade.notes))  # of a run for some questions, and of the others
    return keep(store.blobs, result.key, result.handed, replace(whole, notes=tuple(notes)), merged)
