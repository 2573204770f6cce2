"""The shelf: the bundles that have graded a cohort, as files, and from which state of the sources each one came."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort.renewal import origin_of
from autograder.errors import StoredError, UsageError
from autograder.grading.bundle import Bundle, digest_of, from_files, to_files
from autograder.grading.private import not_written, write_file
from autograder.grading.source import AssignmentSource

ORIGIN = "origin.json"
HEX = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Shelf:
    """See the module; one folder each, named by the bundle's digest."""

    folder: Path

    def keep(self, bundle: Bundle) -> Path:
        """The folder of a bundle's files, written by temporary name and rename if it is not there.

        Raises:
            MachineError: it cannot be written.
        """
        folder = self.folder / bundle.digest
        if folder.is_dir():
            return folder
        temporary = self.folder / f"{bundle.digest}.tmp"
        try:
            for name, data in to_files(bundle).items():
                write_file(temporary / name, data)
            temporary.replace(folder)
        except OSError as error:
            raise not_written(folder, error) from None
        finally:
            with contextlib.suppress(OSError):
                shutil.rmtree(temporary)
        return folder

    def note_origin(self, bundle: Bundle, source: AssignmentSource) -> None:
        """Note from which state of the private files a bundle was recorded: digests, no text."""
        path = self.keep(bundle) / ORIGIN
        if not path.exists():
            write_file(path, json.dumps(origin_of(source), sort_keys=True).encode())

    def origin(self, digest: str) -> dict[str, str] | None:
        """What `note_origin` noted; None for a bundle that came as a zip, and where the note cannot be read.

        Without it nothing is taken over from the old bundle: all is recorded again, which costs time and no truth.
        """
        try:
            table = json.loads((self.folder / digest / ORIGIN).read_bytes())
        except (OSError, ValueError):
            return None
        return table if isinstance(table, dict) else None

    def get(self, digest: str) -> Bundle:
        """A bundle that has graded here.

        Raises:
            UsageError: it has not.
            StoredError: its files are damaged.
            BundleError: they are none.
        """
        folder = self.folder / digest
        if not HEX.fullmatch(digest) or not folder.is_dir():
            raise UsageError(f"the bundle {digest[:12]} is missing", where=str(self.folder), fix="restore the folder")
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        if digest_of(files) != digest:
            raise StoredError(
                "the bundle's files are not those that graded", where=str(folder), found=digest_of(files)[:12],
                expected=digest[:12], fix="restore the folder",
            )  # fmt: skip
        return from_files(files, str(folder))
