"""A process tree measured from outside: wall time, processor time, peak memory.

Processor time is what all of the machine was busy meanwhile, by /proc/stat: nobody waits for a worker that is killed,
so rusage would not count it. On a machine that does something else besides, the figure is too large.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """Seconds, and MiB of proportional set size (shared pages are counted once over the whole tree).

    `stolen` is the share of the processors' time that a virtual machine's host gave to others meanwhile.
    """

    wall: float
    processor: float
    peak_mib: float
    status: int
    tail: str
    stolen: float = 0.0


def measure(command: Sequence[str], cwd: Path, sample_memory: bool = True) -> Measured:
    """Run `command` to its end."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    started, busy, stolen = time.monotonic(), _busy(), _stolen()
    log = cwd / "bench-process.log"
    with log.open("w+b") as out:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, env=environment)  # fmt: skip
        sampler = _Sampler(process.pid) if sample_memory else None
        _, status = os.waitpid(process.pid, 0)
        wall, busy = time.monotonic() - started, _busy() - busy
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = sampler.stop() if sampler else 0.0
        out.seek(0)
        tail = out.read()[-2000:].decode(errors="replace")
    share = (_stolen() - stolen) / wall / (os.cpu_count() or 1)
    return Measured(wall, busy, peak, process.returncode, tail, share)


def _busy() -> float:
    """Seconds that all processors together have worked since the machine started."""
    user, nice, system, _, _, irq, softirq, *_ = _ticks()
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _stolen() -> float:
    """Seconds of all processors together in which the host ran somebody else."""
    return _ticks()[7] / os.sysconf("SC_CLK_TCK")


def _ticks() -> list[int]:
    return [int(n) for n in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]


class _Sampler:
    """Looks at the memory of a process tree every two seconds: looking takes the time of whoever is looked at."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._stop = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(2.0):
            self._peak = max(self._peak, sum(map(pss, tree(self._pid))) / 1024)

    def stop(self) -> float:
        self._stop.set()
        self._thread.join()
        return self._peak


def tree(root: int) -> list[int]:
    """The process and its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(entry))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += parents.get(pid, [])
    return found


def pss(pid: int) -> int:
    """KiB; 0 for a process that has gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0
