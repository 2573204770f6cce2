"""Blobs: grades and evidence as files named by their sha256, written once and checked whenever they are read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StoredError
from autograder.grading.private import write_file


@dataclass(frozen=True)
class BlobStore:
    """The blobs of an output folder."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep `data`; its digest. One that lies there damaged is written anew.

        Raises:
            MachineError: the folder cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        if not self.intact(digest):
            write_file(self.path(digest), data)
        return digest

    def get(self, digest: str) -> bytes:
        """The blob of that digest.

        Raises:
            StoredError: it is missing, or is not what was kept.
        """
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoredError(
                f"a kept file cannot be read: {error.strerror}", where=str(path), fix="restore it, or grade again"
            ) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoredError(
                "a kept file is damaged", where=str(path), found=f"{len(data):,} bytes with another digest",
                expected="what its name says", fix="restore it, or grade again",
            )  # fmt: skip
        return data

    def intact(self, digest: str) -> bool:
        """Whether the blob is there as it was kept."""
        try:
            self.get(digest)
        except StoredError:
            return False
        return True

    def remove(self, digest: str) -> int:
        """Delete a blob; how many bytes that freed."""
        path = self.path(digest)
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return 0
        return size

    def path(self, digest: str) -> Path:
        """Where a blob lies."""
        return self.folder / digest[:2] / f"{digest[2:]}.zst"
