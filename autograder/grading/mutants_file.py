"""fingerprints.bin of an assignment: what machine-made mistakes returned, as far as it is still true.

It speaks of the reference's text and, case by case, of the probe, the check, its worlds and the question's limits.
After a change of the reference all of it is out of date, after a change of a case that case's part: what is out of date
is not used, and `verify --fingerprints` writes it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import msgpack
import zstandard

from autograder.authoring.closure import closure
from autograder.grading.reach import known_names
from autograder.grading.readings import MachineMade
from autograder.grading.source import AssignmentSource

FILE = "fingerprints.bin"
FORMAT = 1
Seeds = Mapping[str, Sequence[int]]


def kept(source: AssignmentSource, seeds: Seeds, made: MachineMade) -> bytes:
    """The file's content.

    Args:
        seeds: of the worlds that the fingerprints are of, by case.
    """
    table = {
        "format": FORMAT,
        "reference": _digest(source.reference),
        "cases": {case: _of_case(source, case, seeds[case]) for case in sorted(made.shown)},
        "made": made.to_bytes(),
    }
    return zstandard.ZstdCompressor(level=19).compress(msgpack.packb(table))


def fresh(source: AssignmentSource, seeds: Seeds) -> MachineMade | None:
    """What of the file is still true in these worlds; None where there is none, or nothing is."""
    path = source.private_folder / FILE
    try:
        table = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(path.read_bytes()))
        if table["format"] != FORMAT or table["reference"] != _digest(source.reference):
            return None
        known = {c.name for c in source.cases.cases}
        cases = [
            c for c, digest in table["cases"].items() if c in known and c in seeds
            and digest == _of_case(source, c, seeds[c])
        ]  # fmt: skip
        return MachineMade.from_bytes(table["made"]).part(cases).named(_known(source)) if cases else None
    except (OSError, ValueError, KeyError, TypeError, zstandard.ZstdError, msgpack.UnpackException):
        return None


def _known(source: AssignmentSource) -> dict[str, tuple[str, ...]]:
    """By which names students know the functions of the reference; nothing where there is no stub that can be read."""
    try:
        stub = (source.public_folder / source.spec.submission.file).read_text(encoding="utf-8")
        return known_names(source.reference, stub)
    except (OSError, ValueError, SyntaxError):
        return {}


def _of_case(source: AssignmentSource, case: str, seeds: Sequence[int]) -> str:
    limits = source.spec.limits_of(source.cases.get(case).question).model_dump(mode="json")
    return _digest(json.dumps([closure(source.cases, case), list(seeds), limits, source.tolerances.get(case)]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
