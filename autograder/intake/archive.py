"""A zip from a student: its files as bytes, after every trick a zip can play is refused.

What is covered: paths that leave the folder, absolute paths, links and devices, encrypted entries, two entries of one
name, thousands of entries, bombs (by what really comes out, not by what the header says), names that would be imported
in place of a library.
What is not covered: zips inside zips; they stay bytes.
"""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from pathlib import PurePosixPath

from autograder.errors import SubmissionError

MAX_ENTRIES = 500
MAX_DEPTH = 12
IGNORED_FOLDERS = {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".venv", ".idea", ".vscode"}
IGNORED_FILES = {".DS_Store", "Thumbs.db"}
LIBRARIES = frozenset(sys.stdlib_module_names) | {
    "autograder", "conftest", "sitecustomize", "usercustomize", "torch", "torchvision", "torchaudio", "numpy", "sympy",
    "scipy", "mpmath", "msgpack", "pandas", "matplotlib", "pydantic", "pydantic_core", "otter", "IPython", "pytest",
    "typing_extensions", "functorch", "torchgen", "site",
}  # fmt: skip


def read_zip(data: bytes, where: str, max_bytes: int) -> dict[str, bytes]:
    """Relative path → bytes of a zip's files; folders and an operating system's own litter are left out.

    Args:
        data: the zip.
        where: its name, for messages.
        max_bytes: cap on everything together, unpacked.

    Raises:
        SubmissionError: no zip, an empty one, or one of the tricks above.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _entries(archive, where, max_bytes)
    except SubmissionError:
        raise
    except Exception as error:  # zipfile raises a family of its own, zlib.error and NotImplementedError among them
        raise SubmissionError(
            "the zip cannot be read", where=where, found=f"{type(error).__name__}: {error}", expected="an ordinary zip",
            fix="zip your files again and submit that",
        ) from None  # fmt: skip
    if not files:
        raise SubmissionError("the zip is empty", where=where, fix="put your solution into it and submit again")
    return files


def _entries(archive: zipfile.ZipFile, where: str, max_bytes: int) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise SubmissionError(
            "the zip has too many entries", where=where, found=f"{len(infos):,}", expected=f"at most {MAX_ENTRIES:,}",
            fix="leave out data sets, environments and caches",
        )  # fmt: skip
    files: dict[str, bytes] = {}
    left = max_bytes
    for info in infos:
        path = _checked(info, where)
        if info.is_dir() or _ignored(path):
            continue
        if str(path) in files:
            raise SubmissionError("the zip has two entries of one name", where=where, found=str(path),
                                  fix="keep one of them")  # fmt: skip
        with archive.open(info) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise SubmissionError("the zip is too large when unpacked", where=where,
                                  expected=f"at most {max_bytes:,} bytes", fix="leave out data sets")  # fmt: skip
        files[str(path)] = content
    _refuse_clash(files, where)
    return files


def _checked(info: zipfile.ZipInfo, where: str) -> PurePosixPath:
    """The path of an entry, when it is a plain file or folder inside the zip."""
    name = info.orig_filename
    path = PurePosixPath(name)
    odd = "\\" in name or "\x00" in name or any(ord(c) < 32 for c in name)
    outside = path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")
    if odd or outside or not path.parts or len(path.parts) > MAX_DEPTH or len(name.encode("utf-8", "replace")) > 240:
        raise SubmissionError("the zip has an entry with a path that is not allowed", where=where,
                              found=ascii(name)[:120], expected="a short relative path inside the zip",
                              fix="zip the folder of your solution again")  # fmt: skip
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SubmissionError("the zip has a link or device", where=where, found=ascii(name)[:120],
                              expected="plain files and folders", fix="put the file itself into the zip")  # fmt: skip
    if info.flag_bits & 1:
        raise SubmissionError("the zip is encrypted", where=where, found=ascii(name)[:120],
                              fix="zip your files without a password")  # fmt: skip
    return path


def _ignored(path: PurePosixPath) -> bool:
    return bool(IGNORED_FOLDERS & set(path.parts)) or path.name in IGNORED_FILES


def _refuse_clash(files: dict[str, bytes], where: str) -> None:
    """A path that is both a file and a folder cannot be written to a disk."""
    for path in files:
        for parent in PurePosixPath(path).parents:
            if str(parent) in files:
                raise SubmissionError("the zip has a file and a folder of one name", where=where, found=str(parent))


def refuse_shadows(files: dict[str, bytes], folder: PurePosixPath, where: str) -> None:
    """Refuse top-level names that would be imported in place of a library; `folder` is where the main file lies.

    Raises:
        SubmissionError: names the file and says what to do.
    """
    for path in sorted(files):
        pure = PurePosixPath(path)
        if not pure.is_relative_to(folder) or pure.suffix not in (".py", ".pyc", ".so", ".pyd", ".pth"):
            continue
        top = pure.relative_to(folder).parts[0]
        if top.split(".")[0] in LIBRARIES or pure.suffix == ".pth":
            raise SubmissionError(
                "the zip has a file with the name of a library, which Python would import in its place",
                where=where, found=path, expected="names of your own", fix=f"rename or remove {top}",
            )  # fmt: skip
