"""Scratch: the one folder that a worker may write to, new for each, capped in bytes and in entries.

With a mount namespace it is a tmpfs that the kernel caps and that vanishes with the session. Without one it is a plain
folder: each file is capped by RLIMIT_FSIZE, and the grader looks at the whole while it waits (`overfull`).
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping

from autograder.sandbox.layers.base import Confinement, Stage
from autograder.sandbox.layers.namespaces import MS_NODEV, MS_NOSUID, mount, unmount

MOST_ENTRIES = 2000
MiB = 2**20


class ScratchLayer:
    """The cap on what a worker may write. The session makes and removes the folder, so `apply` has nothing to do."""

    name = "scratch"
    stage: Stage = "worker"
    stops = "filling the disk, thousands of files, files left for the next submission"
    remedy = "make the temporary folder writable (TMPDIR)"

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""
        folder = tempfile.gettempdir()
        return "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} is not writable"

    def apply(self, confinement: Confinement) -> None:
        """Start in the folder."""
        os.chdir(confinement.scratch)


class Scratch:
    """The folder at work, in the session: filled before a worker starts, gone after it.

    `number` tells it from those of the session's other workers; `bounded` says that this process has a mount namespace
    of its own, `capped` that the layer is on.
    """

    def __init__(self, base: str, number: int, bounded: bool, capped: bool = True) -> None:
        self.folder = folder_of(base, number)
        self.bounded, self.capped = bounded, capped
        self._there = False

    def fill(self, files: Mapping[str, bytes], disk_mb: int, uid: int) -> None:
        """Make the folder and write the submission's files into it, all owned by `uid` (0: by us)."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self._there = True
        if self.bounded and self.capped:
            room = disk_mb * MiB + sum(len(data) + 8192 for data in files.values())
            options = f"size={room},nr_inodes={MOST_ENTRIES + 2 * len(files)},mode=0700"
            mount("scratch", self.folder, "tmpfs", MS_NOSUID | MS_NODEV, options)
        made = {self.folder}
        for path, data in files.items():
            target = os.path.join(self.folder, path)
            folder = os.path.dirname(target)
            os.makedirs(folder, mode=0o700, exist_ok=True)
            while folder not in made:
                made.add(folder)
                folder = os.path.dirname(folder)
            with open(target, "wb") as file:
                file.write(data)
            made.add(target)
        if uid:
            for name in made:
                os.chown(name, uid, uid)

    def clear(self) -> None:
        """Remove the folder and all in it, whatever modes and links it has."""
        if not self._there:
            return
        self._there = False
        if self.bounded and self.capped:
            unmount(self.folder)
        empty(self.folder)
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)


def folder_of(base: str, number: int) -> str:
    """Where the scratch of a session's worker lies."""
    return os.path.join(base, f"work{number}")


def remove_all(folder: str) -> None:
    """Remove a folder that others may be removing as well."""
    with contextlib.suppress(OSError):
        empty(folder)
        os.rmdir(folder)


def empty(folder: str) -> None:
    """Remove all below `folder`. Folders are flattened, not descended: a tree may be deeper than paths are long."""
    serial = 0
    while True:
        with os.scandir(folder) as found:
            entries = [(e.path, e.is_dir(follow_symlinks=False)) for e in found]
        if not entries:
            return
        for path, is_folder in entries:
            if not is_folder:
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            with os.scandir(path) as found:
                inner = [(e.path, e.is_dir(follow_symlinks=False)) for e in found]
            for child, child_is_folder in inner:
                if child_is_folder:
                    os.chmod(child, 0o700)
                    serial += 1
                    os.rename(child, os.path.join(folder, f"\x01{serial}"))
                else:
                    os.unlink(child)
            os.rmdir(path)


def overfull(folder: str, most_bytes: int) -> bool:
    """Whether the folder holds more than it may, in bytes or in entries; looks at a bounded number of entries."""
    size = seen = 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as found:
                for entry in found:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        return True
                    info = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(info.st_mode):
                        pending.append(entry.path)
                    size += info.st_blocks * 512
        except OSError:
            continue  # removed meanwhile, or closed to us: then RLIMIT_FSIZE and the next look remain
    return size > most_bytes
