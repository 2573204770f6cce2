"""What lies in a folder or a zip that somebody gave: paths and kinds, without litter; the bytes of a few when asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.intake.archive import zip_members
from autograder.intake.folder import Entry, Folder, open_file, shown
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.ignoring import STORE_MARK, environments_in, litter, litter_folder, may_hold_work, missed

MOST_METADATA = 16 * 2**20
CLOSED = "(cannot be looked into)"
"""Stands in a tree for what lies in a folder that the computer does not open: its hand-in is there, and is refused."""


@dataclass(frozen=True)
class Collected:
    """What was found: hand-ins, what was left out, and what to tell whoever grades, a line each."""

    hand_ins: tuple[HandIn, ...]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tree:
    """See the module.

    Attributes:
        path: the folder or zip as it was given.
        base: the part of it that this tree shows, "" for all; paths of `files` are below it.
        files: files, links and other things, sorted by path.
        folders: all folders that were looked at, empty ones and `.git` among them.
        zipped: whether `path` is a zip.
        missed: paths that are taken for litter and may be work, as far as they were seen.
        stores: folders of grades (`autograder grade -o`), which were not looked into and are in no other field.
    """

    path: Path
    files: tuple[Entry, ...]
    folders: tuple[str, ...] = ()
    base: str = ""
    zipped: bool = False
    missed: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    read: Callable[[str], bytes] = field(default=lambda _: b"", compare=False, repr=False)

    def tops(self) -> tuple[str, ...]:
        """Names of the folders at the top, those that hold nothing included; none that is litter."""
        inner = {e.path.split("/")[0] for e in self.files if "/" in e.path}
        own = {f for f in self.folders if "/" not in f and not litter_folder(f)}
        return tuple(sorted(inner | own))

    def loose(self) -> tuple[Entry, ...]:
        """Files at the top."""
        return tuple(e for e in self.files if "/" not in e.path)

    def under(self, folder: str) -> Tree:
        """The tree below one of its folders."""
        start = f"{folder}/"
        files = tuple(replace(e, path=e.path[len(start) :]) for e in self.files if e.path.startswith(start))
        folders = tuple(f[len(start) :] for f in self.folders if f.startswith(start))
        lost = tuple(p[len(start) :] for p in self.missed if p.startswith(start))
        base = f"{self.base}{folder}/"
        return replace(
            self, files=files, folders=folders, missed=lost, base=base, read=lambda path: self.read(start + path)
        )

    def unwrapped(self) -> Tree:
        """The tree without the folders that are only around everything."""
        tree = self
        while not tree.loose() and len(tree.tops()) == 1 and tree.under(tree.tops()[0]).files:
            tree = tree.under(tree.tops()[0])
        return tree

    def place(self, path: str) -> str:
        """A path as it is told to people."""
        return shown(self.base + path) if self.base + path else shown(self.path.name)

    def hand_in(self, who: str, files: Sequence[str], names: Sequence[str] = (), at: str = "", version: str = "",
                skipped: Sequence[Skipped] = ()) -> HandIn:  # fmt: skip
        """A hand-in of some of the files; one file of a folder is handed in as itself.

        Args:
            names: as the student called them, where the system has renamed them; one for each of `files`.
        """
        if len(files) == 1 and not self.zipped:
            return HandIn(who, self.path / self.base / files[0], at, version, skipped=tuple(skipped))
        full = tuple(self.base + f for f in files)
        called = tuple(names or files)
        return HandIn(who, self.path, at, version, full, tuple(skipped), called if called != full else ())

    def whole(self, who: str, folder: str, at: str = "", version: str = "") -> HandIn:
        """A hand-in of all that lies in a folder of the tree."""
        if not self.zipped:
            return HandIn(who, self.path / self.base / folder, at, version)
        inner = self.under(folder)
        return inner.hand_in(who, [*(e.path for e in inner.files), *inner.missed], at=at, version=version)


def tree_of(path: Path) -> Tree:
    """The tree of a folder or of a zip.

    Raises:
        SubmissionError: it cannot be read as one.
    """
    if not path.is_dir():
        with open_file(path) as file:
            members = zip_members(file, shown(path.name))
        entries = tuple(sorted((Entry(m.path, m.kind, 0) for m in members if not m.missed), key=lambda e: e.path))
        lost = tuple(sorted(m.path for m in members if m.missed))
        return Tree(path, entries, zipped=True, missed=lost, read=lambda name: _from_zip(path, name))
    stores: list[str] = []
    with Folder(path) as folder:

        def enter(name: str) -> bool:
            if folder.has(f"{name}/{STORE_MARK}"):
                stores.append(name)
                return False
            return not litter_folder(name) and may_hold_work(folder.has, name)

        found = list(folder.entries(enter, CLOSED))
    environments = environments_in([e.path for e in found])
    files = tuple(e for e in found if e.kind != "folder" and not litter(e.path, environments))
    folders = tuple(e.path for e in found if e.kind == "folder" or PurePosixPath(e.path).name == ".git")
    folders = tuple(f for f in folders if not _only_stores(f, stores, found))
    names = [e.path for e in found if e.kind != "folder"]
    lost = tuple(n for n in names if litter(n, environments) and missed(n, names))
    return Tree(path, files, folders, missed=lost, stores=tuple(stores), read=lambda name: _from_folder(path, name))


def _only_stores(folder: str, stores: Sequence[str], found: Sequence[Entry]) -> bool:
    """Whether a folder is one of grades, or holds nothing but such."""
    if folder in stores:
        return True
    start = f"{folder}/"
    inside = any(s.startswith(start) for s in stores)
    return inside and not any(e.kind != "folder" and e.path.startswith(start) for e in found)


def _from_folder(path: Path, name: str) -> bytes:
    with Folder(path) as folder:
        return folder.read(name, MOST_METADATA)


def _from_zip(path: Path, name: str) -> bytes:
    with open_file(path) as file:
        for member in zip_members(file, shown(path.name)):
            if member.path == name and member.kind == "file":
                return member.read(MOST_METADATA)
    raise SubmissionError("there is no such file", where=shown(name))
