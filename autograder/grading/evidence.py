"""Evidence: what every case of a submission came back with, as bytes that can be kept and judged again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgpack
import zstandard

from autograder.errors import MachineError
from autograder.sandbox.wire.messages import Answer


@dataclass(frozen=True)
class Evidence:
    """The answers of one submission, with the worlds that they were given in."""

    submission: str
    digest: str
    bundle: str
    answers: Mapping[str, Answer]
    worlds: Mapping[str, int]

    def to_bytes(self) -> bytes:
        """Compressed msgpack; decoded values are left out, their payloads kept."""
        rows = {}
        for name, answer in sorted(self.answers.items()):
            row = {k: v for k, v in asdict(answer).items() if k not in ("value", "case")}
            rows[name] = row | {"trace": list(answer.trace), "evidence": list(answer.evidence)}
        table = {
            "submission": self.submission,
            "digest": self.digest,
            "bundle": self.bundle,
            "worlds": dict(sorted(self.worlds.items())),
            "answers": rows,
        }
        return zstandard.ZstdCompressor(level=3).compress(msgpack.packb(table))

    @staticmethod
    def from_bytes(data: bytes) -> Evidence:
        """The reverse of `to_bytes` (the grader's own files, not a student's)."""
        table: dict[str, Any] = msgpack.unpackb(zstandard.ZstdDecompressor().decompress(data), strict_map_key=False)
        answers = {
            name: Answer(case=name, **(row | {"trace": tuple(row["trace"]), "evidence": tuple(row["evidence"])}))
            for name, row in table["answers"].items()
        }
        return Evidence(table["submission"], table["digest"], table["bundle"], answers, table["worlds"])


@dataclass(frozen=True)
class BlobStore:
    """Blobs in a folder, named by their sha256: written once, by temporary file and rename."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep `data`; its digest.

        Raises:
            MachineError: the folder cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            raise MachineError(
                f"cannot write evidence: {error.strerror}", where=str(self.folder), fix="choose another output folder"
            ) from None
        return digest

    def get(self, digest: str) -> bytes:
        """The blob of that digest (KeyError if none)."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise KeyError(digest) from None

    def path(self, digest: str) -> Path:
        """Where a blob lies."""
        return self.folder / digest[:2] / f"{digest[2:]}.zst"
