"""Files of an output folder: for its owner alone, and either whole or not there."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from autograder.errors import MachineError

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_folder(path: Path) -> Path:
    """The folder, made if need be with those above it; what is made can be entered by its owner only.

    Raises:
        MachineError: it cannot be made.
    """
    if path.is_dir():
        return path
    if path.parent != path:
        make_folder(path.parent)
    try:
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise not_written(path, error) from None
    return path


def write_file(path: Path, data: bytes) -> None:
    """Write by temporary file and rename, so that a reader never sees half a file, and none is left when it fails.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    make_folder(path.parent)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
            file.write(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise not_written(path, error) from None


def not_written(path: Path, error: OSError) -> MachineError:
    """What to say when something could not be written: no right to, or no room."""
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return no_right(path, "written", error.strerror or str(error))
    return MachineError(
        f"cannot be written: {error.strerror or error}",
        where=str(path),
        fix="make room or choose another output folder; what was finished is kept, and --resume goes on",
    )


def no_right(path: Path, what: str, why: str) -> MachineError:
    """What to say when this user may not do something with a file or folder; `what` is "read" or "written"."""
    return MachineError(
        f"cannot be {what}: {why}", where=str(path), expected="a place that you may read and write",
        fix=f"work as the user who made it, or give yourself the right: chmod u+rwX {path}",
    )  # fmt: skip


def close_to_others(folder: Path) -> int:
    """Take everybody else's rights off all that lies in a folder, links left alone; how many entries had some."""
    changed = 0
    for place, folders, files in os.walk(folder):
        for path, mode in [(Path(place), FOLDER_MODE), *((Path(place) / f, FILE_MODE) for f in files)]:
            if not path.is_symlink() and path.stat().st_mode & 0o077:
                path.chmod(mode)
                changed += 1
        folders[:] = [f for f in folders if not (Path(place) / f).is_symlink()]
    return changed
