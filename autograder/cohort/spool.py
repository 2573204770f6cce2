"""Results on their way from a worker to the store: small JSON files named by key, big parts as blobs.

A worker writes blobs first, then the result by temporary file and rename; so a result that exists is whole. Evidence is
kept without times, so that the same submission gives the same blob whoever graded it and however long it took.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zstandard

from autograder.errors import MachineError
from autograder.grading.evidence import BlobStore, Evidence
from autograder.grading.grade_form import grade_json, times_table
from autograder.grading.totals import Grade


@dataclass(frozen=True)
class Result:
    """A graded submission as the store keeps it.

    Attributes:
        grade, evidence: digests of blobs.
        digest: of the submission's files; empty when they could not be read.
        points, max_points: fractions as text.
        times: seconds of the whole and of every case; apart from all that must be the same in every run.
    """

    key: str
    name: str
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
    times: dict[str, Any]


def keep(blobs: BlobStore, key: str, content: str, grade: Grade, evidence: Evidence) -> Result:
    """Put grade and evidence into the blobs; what is left is the result."""
    return Result(
        key=key,
        name=grade.submission,
        content=content,
        digest=grade.digest,
        bundle=grade.bundle,
        grade=blobs.put(zstandard.ZstdCompressor(level=3).compress(grade_json(grade))),
        evidence=blobs.put(evidence.without_measurements().to_bytes()),
        points=str(grade.points),
        max_points=str(grade.max_points),
        graded=grade.graded,
        tool=grade.tool,
        mode=grade.mode,
        times=times_table(grade) | _attempts(evidence),
    )


def _attempts(evidence: Evidence) -> dict[str, Any]:
    """Earlier runs of cases that were run again: measurements, so they stand with the times."""
    rows = {case: [asdict(a) for a in several] for case, several in sorted(evidence.attempts.items())}
    return {"attempts": rows} if rows else {}


def grade_text(blobs: BlobStore, digest: str) -> bytes:
    """The grade in a blob as the JSON that it was kept as."""
    return zstandard.ZstdDecompressor().decompress(blobs.get(digest))


def write_result(spool: Path, result: Result) -> None:
    """Write `<key>.json` at once.

    Raises:
        MachineError: the folder cannot be written.
    """
    path = spool / f"{result.key}.json"
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(asdict(result), sort_keys=True), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise MachineError(f"cannot write a result: {error.strerror}", where=str(spool)) from None


def read_result(spool: Path, key: str) -> Result | None:
    """The result of a key, or None."""
    try:
        return Result(**json.loads((spool / f"{key}.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def waiting(spool: Path) -> Iterator[Result]:
    """All results in the spool, in the order of their keys; half-written temporary files are swept away."""
    for path in sorted(spool.glob("*.tmp")):
        path.unlink(missing_ok=True)
    for path in sorted(spool.glob("*.json")):
        result = read_result(spool, path.stem)
        if result is not None:
            yield result


def drop(spool: Path, key: str) -> None:
    """Forget a result that the store now has."""
    (spool / f"{key}.json").unlink(missing_ok=True)
