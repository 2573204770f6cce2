"""Zip files that are the same byte for byte whenever their contents are.

Entries are sorted, carry one fixed time and a fixed mode, and are written as if on Unix. The compressor's version still
counts: two zlib builds may pack the same bytes differently, so compare archives made on one machine.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError

_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def zip_bytes(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """The archive of `files` (relative posix path -> content); paths in `executable` get mode 0755, the others 0644.

    Raises:
        ValueError: a path that is absolute, not normal, or leaves the archive.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            pure = PurePosixPath(path)
            if pure.is_absolute() or ".." in pure.parts or str(pure) != path:
                raise ValueError(f"{path!r} is no path inside an archive")
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path in executable else 0o100644) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def write_zip(path: Path, files: Mapping[str, bytes], executable: Collection[str] = ()) -> None:
    """Writes `zip_bytes(files)` to `path` at once (temporary file and rename), making its folder.

    Raises:
        UsageError: the folder or the file cannot be written.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(zip_bytes(files, executable))
        temporary.replace(path)
    except OSError as error:
        raise UsageError(
            "the archive cannot be written",
            where=str(path),
            found=error.strerror or str(error),
            fix="choose another folder",
        ) from None
