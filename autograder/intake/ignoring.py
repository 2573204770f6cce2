"""What lies beside students' work and does not count: a system's litter, environments, caches, the handout's own files.

It is left out before anything is counted, measured or refused, so that a zip of a whole working folder is as good as
the file alone. Links inside such folders are nobody's concern. What of it may be somebody's work all the same, by its
name and place, is told: see `missed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath

STORE_MARK = "grades.sqlite"
"""A folder with this file is an output folder of ours."""
ENVIRONMENT_MARK = "pyvenv.cfg"
_OF_ENVIRONMENT = frozenset({"lib", "lib64", "Lib", "bin", "Scripts", "include", "Include", "share", "etc",
                             ENVIRONMENT_MARK})  # fmt: skip
"""What an environment puts into its folder; work may lie beside (`python -m venv .`)."""
MOST_DEPTH = 12
LONGEST = 240
_FOLDERS = frozenset({
    "__MACOSX", "__pycache__", "node_modules", "venv", "site-packages", "selfcheck", "tests", "$RECYCLE.BIN",
    "System Volume Information", "__pypackages__",
})  # fmt: skip
_FILES = frozenset({"Thumbs.db", "desktop.ini", "Desktop.ini", "Icon\r", "__zip_filename__", "requirements.txt",
                    "handout.md"})  # fmt: skip
_MACHINES = frozenset({
    ".git", ".github", ".svn", ".hg", ".venv", ".env", ".virtualenv", ".ipynb_checkpoints", ".vscode", ".idea",
    ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox", ".eggs", ".local",
    ".config", ".jupyter", ".ipython", ".virtual_documents", ".conda", ".vs", ".cursor", ".history",
    ".Trash", ".Trashes", ".Trash-1000", ".Spotlight-V100", ".fseventsd",
    ".DocumentRevisions-V100", ".TemporaryItems", ".AppleDouble",
})  # fmt: skip
"""Folders that programs make and fill, hidden ones."""
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
    if any(of_environment(path, folder) for folder in environments):
        return True
    name = parts[-1] if parts else ""
    return name.startswith((".", "~$")) or name in _FILES or name.endswith(_ENDINGS)


def litter_folder(path: str) -> bool:
    """The same of a folder: whether nothing in it counts."""
    return litter(f"{path}/x")


def missed(path: str, paths: Collection[str]) -> str:
    """Why a path that is litter by its name was left out, where it may be work; "" where nobody misses it.

    >>> [missed(path, ["a/selfcheck/x.py"]) for path in ("tests/hw.py", ".hw.py", ".venv/hw.py", "a/tests/hw.py")]
    ['it lies in `tests`, the name of a folder of the handout', 'its name begins with a dot', '', '']

    Args:
        paths: all of the hand-in, litter and not: where the handout's folder `selfcheck` lies beside `tests`, this is
            the handout's, too.
    """
    *folders, name = PurePosixPath(path).parts
    if PurePosixPath(name).suffix.lower() not in (".py", ".ipynb") or name.startswith(("._", "~$")):
        return ""
    for depth, folder in enumerate(folders):
        if folder == "tests":
            own = "/".join([*folders[:depth], "selfcheck", ""])
            if any(p.startswith(own) for p in paths):
                return ""
        elif folder in _FOLDERS or folder in _MACHINES or folder.endswith(_ENDINGS):
            return ""
    hidden = next((folder for folder in folders if folder.startswith(".")), "")
    if name.startswith(".") or hidden:
        return "its name begins with a dot" if name.startswith(".") else f"it lies in the hidden folder `{hidden}`"
    return "it lies in `tests`, the name of a folder of the handout" if "tests" in folders else ""


def of_environment(path: str, folder: str) -> bool:
    """Whether a path is what a Python environment in a folder consists of."""
    return path.startswith(f"{folder}/") and path[len(folder) + 1 :].split("/", 1)[0] in _OF_ENVIRONMENT


def may_hold_work(there: Callable[[str], bool], folder: str) -> bool:
    """Whether to look into a folder of a hand-in: no program has filled it, or `missed` asks what is in it.

    Args:
        there: whether a plain file lies at a path.
    """
    above, _, name = folder.rpartition("/")
    if name in _OF_ENVIRONMENT and above and there(f"{above}/{ENVIRONMENT_MARK}"):
        return False
    if name in ("tests", "selfcheck"):
        return True
    return not (name in _FOLDERS or name in _MACHINES or name.endswith(_ENDINGS))


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
