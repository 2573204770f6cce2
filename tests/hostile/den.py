"""A den: what a grader has beside a submission and a submission must not reach: secrets, files, sockets, processes."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.sandbox.grader.spawning import PACKAGE

TOKEN = "CANARY-TOKEN"
FILES = {
    "secret.txt": "CANARY-FILE",
    "results.json": '{"score": 0}',
    "bundle/cases.py": "# CANARY-CASES",
    "bundle/recorded.msgpack": "CANARY-RECORDED",
    "submissions/other.py": "# CANARY-OTHER",
}


class Den:
    """The files are open to every user of the machine, so that only the sandbox stands before them.

    `mark` begins the names that attacks give to what they plant (they write `hostile-`): what another run on this
    machine plants at the same time has another mark and is none of ours.
    """

    def __init__(self) -> None:
        self.mark = f"hostile-{os.urandom(4).hex()}-"
        self.folder = Path(tempfile.mkdtemp(prefix="hostile-den-"))
        self.folder.chmod(0o777)
        for name, text in FILES.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.parent.chmod(0o777)
            path.write_text(text)
            path.chmod(0o666)
        (self.folder / "private.txt").write_text("CANARY-PRIVATE")
        (self.folder / "private.txt").chmod(0o600)
        self.listeners = [socket.socket(socket.AF_INET), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        self.listeners[0].bind(("127.0.0.1", 0))
        self.port = self.listeners[0].getsockname()[1]
        self.listeners[1].bind(str(self.folder / "hostile.sock"))
        (self.folder / "hostile.sock").chmod(0o777)
        self.listeners[2].bind(f"\0{self.mark}{self.port}")
        for listener in self.listeners:
            listener.listen()
            listener.setblocking(False)
        os.environ["AUTOGRADER_TOKEN"] = TOKEN
        self._before = self._state()

    def _state(self) -> dict[str, object]:
        state: dict[str, object] = {}
        for path in sorted(self.folder.rglob("*")):
            info = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            state[str(path)] = (info.st_mode, info.st_uid, info.st_gid, info.st_mtime_ns, info.st_nlink, content)
        return state

    def changes(self) -> list[str]:
        """What was changed, planted or reached since the start; puts it back."""
        now = self._state()
        found = [f"den: {p} changed" for p in {*now, *self._before} if now.get(p) != self._before.get(p)]
        for listener in self.listeners:
            try:
                listener.accept()[0].close()
                found.append("den: a connection came in")
            except BlockingIOError:
                pass
        for folder in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", str(Path.home()), os.getcwd()):
            if os.path.isdir(folder) and os.access(folder, os.R_OK):
                dropped = sorted(Path(folder).glob(f"{self.mark}*"))
                found += [f"file left: {p}" for p in dropped]
                for path in dropped:
                    path.unlink(missing_ok=True)
        if found:
            for name, text in FILES.items():
                (self.folder / name).unlink(missing_ok=True)
                (self.folder / name).write_text(text)
                (self.folder / name).chmod(0o666)
            self._before = self._state()
        return found

    def close(self) -> None:
        """Remove it."""
        for listener in self.listeners:
            listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Surroundings:
    """Processes, descriptors, files and mounts that belong to a sandbox; taken when no session is open."""

    def __init__(self, zygote: int, folder: str) -> None:
        self.zygote, self.folder = zygote, folder
        self.before = self._quiet()

    def _quiet(self, patience: float = 20.0) -> dict[str, Any]:
        """What there is once the session that a new sandbox tries itself out with has ended."""
        until = time.monotonic() + patience
        before = self.now()
        while time.monotonic() < until:
            time.sleep(0.3)
            now = self.now()
            if now == before and not any(name.isdigit() for name in now["files"]):  # folders of sessions
                return now
            before = now
        raise RuntimeError(f"a new sandbox does not come to rest: {before}")

    def now(self) -> dict[str, Any]:
        """What there is now; `memory` is in KiB."""
        everyone = sorted(descendants(os.getpid()))
        return {
            "processes": everyone,
            "orphans": sorted(orphans(self.zygote)),
            "descriptors": len(os.listdir("/proc/self/fd")),
            "descriptors of the zygote": sum(_count(f"/proc/{pid}/fd") for pid in everyone),
            "files": sorted(os.listdir(self.folder)),
            "mounts": sum(self._mounts(pid) for pid in ("self", *everyone)),
        }

    def _mounts(self, pid: object) -> int:
        """Mounts below our folder; the machine has others, which come and go."""
        try:
            return Path(f"/proc/{pid}/mountinfo").read_text().count(self.folder)
        except OSError:
            return 0

    def left(self, patience: float = 10.0) -> list[str]:
        """What is there now and was not before; sessions that are just ending get a little time."""
        until = time.monotonic() + patience
        while True:
            now = self.now()
            odd = [f"{name}: {self.before[name]} → {now[name]}" for name in now if now[name] != self.before[name]]
            if not odd or time.monotonic() > until:
                return odd
            time.sleep(0.01)


def _count(folder: str) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0


def parents() -> dict[int, int]:
    """Process → parent, of all that are alive (zombies too: one that stays is a leak)."""
    table = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                table[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    return table


def descendants(root: int) -> set[int]:
    """Processes below `root`."""
    table = parents()
    found: set[int] = set()
    grown = True
    while grown:
        more = {pid for pid, parent in table.items() if parent == root or parent in found} - found
        found |= more
        grown = bool(more)
    return found


def orphans(zygote: int) -> set[int]:
    """Processes of a sandbox of this very copy of the package whose parent is gone: what got away from its session."""
    family = f"\0{PACKAGE}\0"  # forks keep the command line, and it names the folder of the package
    found = set()
    for pid, parent in parents().items():
        if parent in (0, 1) and pid != zygote:
            try:
                if family in Path(f"/proc/{pid}/cmdline").read_text(errors="replace"):
                    found.add(pid)
            except OSError:
                continue
    return found


def memory_kb(pids: list[int]) -> int:
    """Proportional memory of processes, together, without files: a library's pages count less while others map it."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    return total
