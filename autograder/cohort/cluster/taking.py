"""Taking over: a result from the shared folder into OUT, after checks that trust neither the node nor the folder.

Every digest is computed again, sizes are bounded before anything is read, and what the result speaks of must be the
hand-in that the head has sent out. Where a hand-in lies, and who handed it in, is said by the head alone.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import zstandard

from autograder.cohort.cluster.folder import Shared
from autograder.cohort.shelf import HEX
from autograder.cohort.spool import Result, read_result, set_aside, write_result
from autograder.cohort.tasks import Task
from autograder.cohort.weights import ENDING
from autograder.errors import StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.evidence import Evidence

MOST_RESULT = 16_000_000
MOST_BLOB = 1_500_000_000
MOST_GRADE, MOST_EVIDENCE = 256_000_000, 2_000_000_000


def take_over(shared: Shared, task: Task, bundle: str, mode: str, blobs: BlobStore, spool: Path) -> Result | None:
    """Move the result of a task into OUT; None when there is none.

    Args:
        bundle: digest of what grades.
        mode: of the sandbox that was asked for.
        blobs, spool: of OUT.

    Raises:
        StoredError: it is not what was asked for, or damaged.
        MachineError: OUT cannot be written.
    """
    path = shared.results / f"{task.key}.json"
    if not path.exists():
        return None
    _bounded(path, MOST_RESULT)
    result = _checked(shared, task, bundle, mode)
    if result is None:
        return None
    for digest in parts_of(result, shared.blobs):
        if blobs.put(shared.blobs.get(digest)) != digest:
            raise StoredError("a result is damaged: its parts changed while they were read", where=str(path))
    own = task.handed(result.handed.files)
    taken = replace(result, handed=own)
    write_result(spool, taken)
    shared.drop(task.key, [d for d in (result.grade, result.evidence) if d])
    return taken


def parts_of(result: Result, blobs: BlobStore) -> list[str]:
    """Digests of the blobs of a result: grade, evidence, and weights that were kept."""
    weights = {d for name, d in result.handed.files if name.endswith(ENDING) and _is_plain(blobs.path(d))}
    return [d for d in (result.grade, result.evidence, *sorted(weights)) if d]


def _checked(shared: Shared, task: Task, bundle: str, mode: str) -> Result | None:
    blobs, where = shared.blobs, str(shared.results / f"{task.key}.json")
    _bounded_parts(Path(where), blobs)
    result = read_result(shared.results, task.key, blobs)
    if result is None:
        return None
    said = (result.who, result.handed.digest, result.handed.version, result.bundle, result.mode)
    if said != (task.who, task.digest, task.hand_in.version, bundle, mode):
        raise StoredError("a result is damaged: it is of another hand-in", where=where)
    for digest in parts_of(result, blobs):
        _bounded(blobs.path(digest), MOST_BLOB)
    if result.evidence:
        evidence = Evidence.from_bytes(blobs.get(result.evidence))
        if (evidence.submission, evidence.bundle) != (task.who, bundle):
            raise StoredError("a result is damaged: its evidence is of another hand-in", where=where)
    return result


def _bounded_parts(path: Path, blobs: BlobStore) -> None:
    """Bound what a result names before it is believed in anything: its size, and what it unpacks to."""
    try:
        row = json.loads(path.read_bytes())["row"]
        named = {name: str(row[name]) for name in ("grade", "evidence")}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoredError(f"a result is damaged: {error}", where=str(path), expected="a row of the spool") from None
    for name, digest in named.items():
        if not digest and name == "evidence":
            continue
        if not HEX.fullmatch(digest):
            raise StoredError(f"a result is damaged: `{name}` is no digest", where=str(path))
        _bounded(blobs.path(digest), MOST_BLOB)
        try:
            size = zstandard.get_frame_parameters(blobs.get(digest)).content_size
        except zstandard.ZstdError as error:
            raise StoredError(f"a result is damaged: {error}", where=str(path)) from None
        if size > (MOST_GRADE if name == "grade" else MOST_EVIDENCE):
            raise StoredError("a result is damaged: it unpacks to more than one comes to", where=str(path))


def _bounded(path: Path, most: int) -> None:
    try:
        found = os.lstat(path)
    except OSError as error:
        raise StoredError(f"a kept file cannot be read: {error.strerror}", where=str(path)) from None
    if not stat.S_ISREG(found.st_mode) or found.st_size > most:
        raise StoredError(f"is no plain file of at most {most:,} bytes", where=str(path))


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def put_away(shared: Shared, key: str, error: StoredError) -> str:
    """Move a damaged result of the shared folder out of the way; what to say."""
    path = shared.results / f"{key}.json"
    try:
        return set_aside(shared.results, path, error)
    except OSError:
        path.unlink(missing_ok=True)
        return f"{error.what}; its submission is graded again"
