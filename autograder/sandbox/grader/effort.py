"""What a request costs a worker: processor time decides, wall time is a brake, and a busy machine is noticed.

`seconds` of an assignment is processor time of the worker, all threads together, read from the kernel by the grader.
Whoever only waits meets the brake. A thread that stood in the queue for a processor for more than `BUSY_SHARE` of the
time was kept from working by others: the worker's own threads cannot be the reason, because at `Brake.times` times the
limit they have used less than a share of 1 / `Brake.times` of it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.sandbox.wire.messages import Effort

BUSY_SHARE = 0.25
PAGE = 4096
_PROCESS_CLOCK = 2  # CPUCLOCK_SCHED of a whole process, see clock_getcpuclockid(3)


@dataclass(frozen=True)
class Brake:
    """Wall time that a request may take: `least` seconds, or `times` its limit where that is more."""

    least: float = 10.0
    times: float = 5.0

    def seconds(self, limit: float) -> float:
        """For a limit on processor time."""
        return max(self.least, self.times * limit)


@dataclass(frozen=True)
class Meter:
    """The kernel's figures about one process; with `pid` 0 there are none, and wall time stands for processor time."""

    pid: int = 0

    @staticmethod
    def of(pid: int) -> Meter:
        """For a process, if the kernel gives figures about it."""
        try:
            time.clock_gettime(_clock(pid))
        except (OSError, AttributeError, OverflowError):
            return Meter()
        return Meter(pid)

    def processor(self) -> float:
        """Seconds of processor time so far, over all threads; 0 for a process that is gone."""
        if not self.pid:
            return time.monotonic()
        try:
            return time.clock_gettime(_clock(self.pid))
        except OSError:
            return 0.0

    def waited(self) -> dict[str, float]:
        """Thread → seconds that it was ready to run and no processor was free (/proc/PID/schedstat, field 2)."""
        found: dict[str, float] = {}
        with contextlib.suppress(OSError, ValueError, IndexError):
            for thread in os.listdir(f"/proc/{self.pid}/task") if self.pid else ():
                text = Path(f"/proc/{self.pid}/task/{thread}/schedstat").read_text()
                found[thread] = int(text.split()[1]) / 1e9
        return found

    def resident(self) -> int:
        """Bytes of memory that it has in use, those it shares with others included."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            if self.pid:
                return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE
        return 0


@dataclass(frozen=True)
class Stint:
    """One request on its way: what it may take, and where the clocks stood when it was sent.

    `waited` is looked up only once the request turns out not to be a short one.
    """

    meter: Meter
    limit: float
    brake: float
    wall: float
    processor: float
    waited: Mapping[str, float] | None = None

    @staticmethod
    def begin(meter: Meter, limit: float, brake: Brake) -> Stint:
        """Now."""
        return Stint(meter, limit, brake.seconds(limit), time.monotonic(), meter.processor())

    def watched(self) -> Stint:
        """From now on the time in the queue counts."""
        return self if self.waited is not None else replace(self, waited=self.meter.waited())

    @property
    def deadline(self) -> float:
        """When the brake takes hold."""
        return self.wall + self.brake

    def spent(self) -> bool:
        """Whether more processor time went by than the limit allows."""
        return self.meter.processor() - self.processor > self.limit

    def elapsed(self) -> float:
        """Seconds of wall time."""
        return time.monotonic() - self.wall

    def effort(self, braked: bool = False) -> Effort:
        """The figures so far. `braked` says that the brake ended it."""
        used = max(0.0, self.meter.processor() - self.processor)
        if not braked:
            return Effort(used)
        before = self.waited or {}
        waited = max((t - before.get(name, 0.0) for name, t in self.meter.waited().items()), default=0.0)
        load = round(min(1.0, waited / max(self.elapsed(), 1e-9)), 3)
        return Effort(used, load, self.brake, busy=load > BUSY_SHARE)


def _clock(pid: int) -> int:
    """The clock of a process, all threads together."""
    return ~pid << 3 | _PROCESS_CLOCK


def pid_of(pidfd: int) -> int:
    """The number, in this process's own namespace, of the process behind a pidfd; 0 where there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
            if line.startswith("Pid:"):
                return max(0, int(line.split()[1]))
    return 0
