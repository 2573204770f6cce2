"""Bundles kept beside the course: recorded once for a state of its files, and again when any of them changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder import __version__
from autograder.errors import BundleError
from autograder.grading.bundle import Bundle, from_files, to_files
from autograder.grading.cells import FOLDER, Cells, recording_digest
from autograder.grading.code import code_digest
from autograder.grading.drawing import DrawKeys
from autograder.grading.fixtures import draw_keys
from autograder.grading.mutants_file import FILE
from autograder.grading.record import Progress, build_bundle
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox

_MAKING = ("authoring", "grading", "spec")  # the code that makes a bundle of what was recorded


def source_digest(source: AssignmentSource) -> str:
    """sha256 over every file that a bundle is made from, and over the code and libraries that record it."""
    digest = hashlib.sha256(__version__.encode())
    for name, data in _parts(source):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


def _parts(source: AssignmentSource) -> Iterator[tuple[str, bytes]]:
    yield "spec", source.spec_text.encode()
    yield "cases", source.cases.source.encode()
    yield "reference", source.reference.encode()
    for name, text in sorted(source.cases.trusted.items()):
        yield f"trusted/{name}", text.encode()
    for name, data in sorted(source.support.items()):
        yield f"support/{name}", data
    for name, data in sorted(source.artifacts.items()):
        yield f"artifacts/{name}", data
    yield "misconceptions", repr(source.misconceptions).encode()
    yield "tolerances", repr(sorted(source.tolerances.items())).encode()
    yield "recording", (recording_digest() + code_digest(_MAKING)).encode()
    yield "salt", source.keys.salt
    path = source.private_folder / FILE
    yield "fingerprints", path.read_bytes() if path.is_file() else b""


def cached_bundle(sandbox: Sandbox, source: AssignmentSource, progress: Progress | None = None) -> Bundle:
    """The bundle of an assignment as it is now, from the course's cache when it is there; the cache holds no key."""
    folder = source.root / FOLDER / f"{source.spec.id}-{source_digest(source)[:16]}"
    if folder.is_dir():
        try:
            files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
            return replace(from_files(files, str(folder)), key=source.keys.of("world"), draws=draw_keys(source))
        except BundleError:  # half a cache is no cache: record again
            pass
    bundle = build_bundle(sandbox, source, progress, Cells.beside(source.root))
    _keep(folder, to_files(replace(bundle, key=b"", draws=DrawKeys())))
    return bundle


def _keep(folder: Path, files: dict[str, bytes]) -> None:
    """Write by temporary folder and rename; a course that cannot be written to has no cache."""
    temporary = folder.with_name(folder.name + ".tmp")
    try:
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        temporary.rename(folder)
    except OSError:
        return
