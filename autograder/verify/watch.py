"""Watching: which assignments of a course an author has just saved something of, by the times of their files.

Polling: it works on every file system, network ones among them, and asks for nothing to be installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

Stamps = Mapping[str, tuple[int, int]]
EVERY = 0.2
_NOT_THE_AUTHORS = frozenset({"__pycache__", ".ipynb_checkpoints"})


def stamps(root: Path, name: str) -> Stamps:
    """Path → (time of change, size) of every file of an assignment."""
    found = {}
    for folder in (root / "assignments" / name, root / "solutions" / name):
        for where, folders, files in os.walk(folder):
            folders[:] = [f for f in folders if f not in _NOT_THE_AUTHORS]
            for file in files:
                path = os.path.join(where, file)
                try:
                    status = os.stat(path)
                except OSError:  # gone between the listing and now: an editor's temporary file
                    continue
                found[path] = (status.st_mtime_ns, status.st_size)
    return found


def edits(
    names: Sequence[str], look: Callable[[str], Stamps], pause: Callable[[float], None], every: float = EVERY
) -> Iterator[tuple[str, ...]]:
    """The assignments that were changed since they were last given, each time something was, without an end.

    Files that are still being written are waited for: a change counts when two looks agree.

    Args:
        look: name → its stamps.
        pause: sleeps so many seconds.
    """
    known = {name: look(name) for name in names}
    while True:
        pause(every)
        changed = tuple(name for name in names if look(name) != known[name])
        if not changed:
            continue
        for name in changed:
            known[name] = _settled(name, look, pause, every)
        yield changed


def _settled(name: str, look: Callable[[str], Stamps], pause: Callable[[float], None], every: float) -> Stamps:
    before = look(name)
    while True:
        pause(every / 2)
        after = look(name)
        if after == before:
            return after
        before = after
