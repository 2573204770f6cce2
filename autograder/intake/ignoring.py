"""What lies beside students' work and does not count: a system's litter, environments, caches, the handout's own files.

It is left out before anything is counted, measured or refused, so that a zip of a whole working folder is as good as
the file alone. Links inside such folders are nobody's concern.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

STORE_MARK = "grades.sqlite"
"""A folder with this file is an output folder of ours."""
ENVIRONMENT_MARK = "pyvenv.cfg"
MOST_DEPTH = 12
LONGEST = 240
_FOLDERS = frozenset({
    "__MACOSX", "__pycache__", "node_modules", "venv", "site-packages", "selfcheck", "tests", "$RECYCLE.BIN",
    "System Volume Information", "__pypackages__",
})  # fmt: skip
_FILES = frozenset({"Thumbs.db", "desktop.ini", "Desktop.ini", "Icon\r", "__zip_filename__", "requirements.txt",
                    "handout.md"})  # fmt: skip
_ENDINGS = (".egg-info", ".dist-info", ".swp", ".swo", "~", ".otter", ".crdownload", ".part")


def litter(path: str, environments: Collection[str] = ()) -> bool:
    """Whether a path is none of the student's work.

    Args:
        environments: folders known to be Python environments (they hold `pyvenv.cfg`).
    """
    parts = PurePosixPath(path).parts
    if any(
        (part.startswith(".") and part != "..") or part in _FOLDERS or part.endswith(_ENDINGS) for part in parts[:-1]
    ):
        return True
    if any(path == folder or path.startswith(folder + "/") for folder in environments):
        return True
    name = parts[-1] if parts else ""
    return name.startswith((".", "~$")) or name in _FILES or name.endswith(_ENDINGS)


def litter_folder(path: str) -> bool:
    """The same of a folder: whether nothing in it counts."""
    return litter(f"{path}/x")


def environments_in(paths: Collection[str]) -> tuple[str, ...]:
    """Folders among `paths` that hold a Python environment."""
    marks = (PurePosixPath(p).parent for p in paths if PurePosixPath(p).name == ENVIRONMENT_MARK)
    return tuple(str(folder) for folder in marks if str(folder) != ".")


def plain_path(name: str) -> str:
    """A member's path as it is kept: `/` between the parts, no `.` on the way. What leaves the folder stays as it is.

    >>> plain_path("Ada\\\\hw\\\\hw.py"), plain_path("./hw.py"), plain_path("C:\\\\hw.py")
    ('Ada/hw/hw.py', 'hw.py', 'C:/hw.py')
    """
    name = name.replace("\\", "/")
    root = "/" if name.startswith("/") else ""
    return root + "/".join(part for part in name.split("/") if part not in ("", "."))


def leaves(path: str) -> bool:
    """Whether a path, as `plain_path` gives it, points outside of the folder that it is in."""
    drive = len(path) > 1 and path[1] == ":" and path[0].isalpha() and (len(path) == 2 or path[2] == "/")
    return path.startswith("/") or drive or ".." in path.split("/")


def odd(path: str) -> str:
    """Why a path cannot be kept under its name, or ""."""
    parts = path.split("/")
    if len(parts) > MOST_DEPTH:
        return f"it lies more than {MOST_DEPTH} folders deep"
    if len(path.encode("utf-8", "replace")) > LONGEST:
        return "its path is too long"
    if not path.isprintable() or ":" in path or any(part.endswith((" ", ".")) for part in parts):
        return "its name has characters that no file of a program has"
    return ""
