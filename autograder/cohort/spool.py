"""Results on their way from a worker to the store: small JSON files named by key, big parts as blobs.

A worker writes blobs first, then the result by temporary file and rename; so a result that exists is whole. Evidence is
kept without times, so that the same submission gives the same blob whoever graded it and however long it took.

A result is read strictly: its own digest, the fields and their types, and the blob of its grade must agree. One that
does not is set aside, never dropped and never believed; its submission is graded again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import zstandard

from autograder.cohort.tables import Handed
from autograder.errors import StoredError
from autograder.grading.blobs import BlobStore
from autograder.grading.evidence import Evidence
from autograder.grading.grade_form import grade_from_table, grade_json, times_table
from autograder.grading.private import make_folder, write_file
from autograder.grading.totals import Grade

DAMAGED = "damaged"
MOST_MEASURED = 1e7
"""Of anything that is measured: seconds (four months), or the load of a machine."""
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Result:
    """A graded hand-in as the store keeps it.

    Attributes:
        handed: what was graded.
        grade, evidence: digests of blobs; no evidence where nothing was run.
        points, max_points: fractions as text.
        waiting: cases that a later run will judge.
        times: seconds of the whole and of every case; apart from all that must be the same in every run.
    """

    key: str
    handed: Handed
    bundle: str
    grade: str
    evidence: str
    points: str
    max_points: str
    graded: bool
    waiting: int
    tool: str
    mode: str
    times: dict[str, Any]

    @property
    def who(self) -> str:
        """Name in every report."""
        return self.handed.who


def keep(blobs: BlobStore, key: str, handed: Handed, grade: Grade, evidence: Evidence | None) -> Result:
    """Put grade and evidence into the blobs; what is left is the result.

    Raises:
        MachineError: the blobs cannot be written.
    """
    return Result(
        key=key,
        handed=handed,
        bundle=grade.bundle,
        grade=blobs.put(zstandard.ZstdCompressor(level=3).compress(grade_json(grade))),
        evidence=blobs.put(evidence.without_measurements().to_bytes()) if evidence is not None else "",
        points=str(grade.points),
        max_points=str(grade.max_points),
        graded=grade.graded,
        waiting=len(grade.pending),
        tool=grade.tool,
        mode=grade.mode,
        times=times_table(grade) | (_efforts(evidence) if evidence is not None else {}),
    )


def _efforts(evidence: Evidence) -> dict[str, Any]:
    """Seconds of processor time of each case, the brakes that were met, with the load of the machine, and earlier runs
    of cases that were run again: measurements, so they stand with the times."""
    efforts = {case: answer.effort for case, answer in sorted(evidence.answers.items())}
    tables = {
        "processor": {case: e.processor for case, e in efforts.items() if e.processor},
        "brakes": {case: {"seconds": e.brake, "load": e.load} for case, e in efforts.items() if e.brake},
        "attempts": {case: [asdict(a) for a in several] for case, several in sorted(evidence.attempts.items())},
    }
    return {name: table for name, table in tables.items() if table}


def grade_text(blobs: BlobStore, digest: str) -> bytes:
    """The grade in a blob as the JSON that it was kept as.

    Raises:
        StoredError: it is missing or damaged.
    """
    data = blobs.get(digest)
    try:
        return zstandard.ZstdDecompressor().decompress(data)
    except zstandard.ZstdError as error:
        raise StoredError(f"is no grade: {error}", where=str(blobs.path(digest)), fix="grade again") from None


def write_result(spool: Path, result: Result) -> None:
    """Write `<key>.json` at once.

    Raises:
        MachineError: the folder cannot be written.
    """
    row = json.dumps(asdict(result), sort_keys=True)
    table = {"row": json.loads(row), "sha256": hashlib.sha256(row.encode()).hexdigest()}
    write_file(spool / f"{result.key}.json", json.dumps(table, sort_keys=True).encode())


def read_result(spool: Path, key: str, blobs: BlobStore, *, fresh: bool = False) -> Result | None:
    """The result of a key, or None.

    Args:
        fresh: our own worker has said just now that it wrote it: the text of the grade is not read then, which is what
            costs; its digest, and all else, is checked as ever.

    Raises:
        StoredError: what lies there is no result, or its grade is not the one that it speaks of.
    """
    path = spool / f"{key}.json"
    try:
        data = _plain(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoredError(f"a result cannot be read: {error.strerror}", where=str(path)) from None
    try:
        table = json.loads(data)
        row = table["row"]
        if table.keys() != {"row", "sha256"} or table["sha256"] != _digest(row):
            raise ValueError("its digest is another")
        result = _result(row)
        if result.key != key:
            raise ValueError("its key is another")
        if fresh:
            blobs.get(result.grade)
        else:
            _confirm(result, grade_from_table(json.loads(grade_text(blobs, result.grade))))
        if result.evidence:
            blobs.get(result.evidence)
    except StoredError as error:
        raise StoredError(f"a result is damaged: {error.what}", where=str(path), found=error.where) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoredError(f"a result is damaged: {error}", where=str(path), expected="a row of the spool") from None
    return result


def _plain(path: Path) -> bytes:
    """The bytes of a plain file; a pipe is not waited for, and a link not followed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        return file.read()


def _confirm(result: Result, grade: Grade) -> None:
    """Hold a result against the grade that it speaks of.

    Raises:
        ValueError: they disagree.
    """
    if (grade.submission, grade.bundle) != (result.who, result.bundle):
        raise ValueError("its grade is another")
    if (str(grade.points), str(grade.max_points)) != (result.points, result.max_points):
        raise ValueError("its grade has other points")
    if (grade.graded, len(grade.pending)) != (result.graded, result.waiting):
        raise ValueError("its grade ended in another way")


def _digest(row: Any) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


_TYPES = {f.name: f.type for f in fields(Result)}
_PYTHON = {"str": str, "bool": bool, "int": int}


def _result(row: Mapping[str, Any]) -> Result:
    """A row as a result: just the known fields, each of its type.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    if row.keys() != _TYPES.keys():
        raise ValueError("its fields are others")
    for name, kind in _TYPES.items():
        if kind in _PYTHON and type(row[name]) is not _PYTHON[str(kind)]:
            raise ValueError(f"`{name}` is no {kind}")
    for name in ("key", "bundle", "grade"):
        if not _HEX.fullmatch(row[name]):
            raise ValueError(f"`{name}` is no digest")
    if row["evidence"] and not _HEX.fullmatch(row["evidence"]):
        raise ValueError("`evidence` is no digest")
    return Result(**{**row, "handed": _handed(row["handed"]), "times": _times(row["times"])})


def _handed(row: Mapping[str, Any]) -> Handed:
    files = tuple((path, digest) for path, digest in row["files"])
    handed = Handed(**{**row, "files": files})
    texts = [handed.who, handed.version, handed.handed_in, handed.file, handed.inside, handed.digest]
    texts += [x for f in files for x in f]
    if not all(type(text) is str for text in texts) or not handed.who:
        raise ValueError("what was handed in is no text")
    return handed


def _times(row: Any) -> dict[str, Any]:
    """Measurements: the whole, the cases, and what else `keep` notes of them; numbers and short texts, case by case.

    Whoever adds them up, plots them or plans with them relies on finite numbers of a possible size.
    """
    numbers = [row["total"], *row["cases"].values()]
    rest = [row[name] for name in row if name not in ("total", "cases")]
    if not all(map(_number, numbers)) or not all(map(_measured, rest)):
        raise ValueError("`times` are no measurements")
    return dict(row)


def _measured(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_measured, value.values()))
    if isinstance(value, list):
        return all(map(_measured, value))
    return type(value) in (str, bool) or _number(value)


def _number(value: Any) -> bool:
    """Whether it is a number that can have been measured; NaN is in no range."""
    return type(value) in (int, float) and 0 <= value <= MOST_MEASURED


@dataclass(frozen=True)
class LeftOver:
    """What lies in a spool: results, sorted by key, and what was set aside, a sentence each."""

    results: tuple[Result, ...]
    damaged: tuple[str, ...] = ()


def left_over(spool: Path, blobs: BlobStore) -> LeftOver:
    """All results in the spool; half-written files are swept away, damaged ones go to `damaged/`."""
    for path in sorted(spool.glob("*.tmp")):
        path.unlink(missing_ok=True)
    results, damaged = [], []
    for path in sorted(spool.glob("*.json")):
        try:
            result = read_result(spool, path.stem, blobs)
        except StoredError as error:
            damaged.append(set_aside(spool, path, error))
        else:
            results += [result] if result is not None else []
    return LeftOver(tuple(results), tuple(damaged))


def set_aside(spool: Path, path: Path, error: StoredError) -> str:
    """Move a damaged result out of the way; what to say about it."""
    target = make_folder(spool / DAMAGED) / path.name
    path.replace(target)
    return f"{error.what}; set aside as {target}, its submission is graded again"


def drop(spool: Path, key: str) -> None:
    """Forget a result that the store now has."""
    (spool / f"{key}.json").unlink(missing_ok=True)
