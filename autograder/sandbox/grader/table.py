"""The workers of one session: at most one runs, others are parked, the rest is gone.

A parked worker is stopped: no thread of it runs, and it sees the clock again only when it goes on. What parked workers
hold in memory beyond a fresh worker's is capped in sum; one that does not fit is ended, and started again when it is
needed.
"""

from __future__ import annotations

import itertools
import math
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox.grader.conversation import Conversation, DiskFull
from autograder.sandbox.grader.effort import Brake
from autograder.sandbox.grader.keeping import CONTROL_SECONDS, Keeping
from autograder.sandbox.grader.spawning import after
from autograder.sandbox.layers.scratch import MiB, folder_of, overfull
from autograder.sandbox.wire.frames import Channel, anonymous_file
from autograder.sandbox.wire.messages import Job

PARKED_MB = 1024


@dataclass
class Worker:
    """A worker with its walls up. `fresh` is its resident memory then, `name` what a plan calls it; `loaded` says that
    the submission's top level has run in it."""

    name: str
    number: int
    conversation: Conversation
    values: int
    fresh: int = 0
    loaded: bool = False

    def grown(self) -> int:
        """Bytes that it holds beyond a fresh worker, its outputs included."""
        return max(0, self.conversation.meter.resident() - self.fresh) + os.fstat(self.values).st_blocks * 512


class Table:
    """Starts, parks, wakes and ends the workers of a session.

    Args:
        folder: of the session; the workers' scratches lie in it.
        looked_at: bytes of the submission's files, where the kernel does not cap a scratch and so it is looked at.
        parked_mb: the cap on what parked workers hold.
    """

    def __init__(
        self, keeping: Keeping, folder: str, looked_at: int | None, brake: Brake, parked_mb: int = PARKED_MB
    ) -> None:
        self.keeping, self.folder, self.looked_at, self.brake = keeping, folder, looked_at, brake
        self.parked_mb = parked_mb
        self.parked: dict[str, Worker] = {}
        self.started = 0
        self._sizes: dict[str, int] = {}
        self._numbers = itertools.count(1)

    def start(self, name: str, job: Job, calls: int) -> Worker:
        """A worker with its walls up, and processor time for so many calls.

        Raises:
            MachineError: the sandbox cannot confine it.
        """
        limits, number = job.limits, next(self._numbers)
        ours, theirs = socket.socketpair()
        values = anonymous_file(limits.values_mb * MiB)
        channel = Channel(ours)
        try:
            meter = self.keeping.start(number, {
                "memory_mb": limits.memory_mb, "values_mb": limits.values_mb, "disk_mb": limits.disk_mb,
                "threads": limits.threads, "cpu_seconds": math.ceil(limits.load_seconds + limits.seconds * calls) + 5,
            }, (theirs.fileno(), values))  # fmt: skip
            look = self._look(number, limits.disk_mb) if self.looked_at is not None else None
            worker = Worker(name, number, Conversation(channel, values, job, meter, self.brake, look), values)
            theirs.close()
            worker.conversation.greet(after(CONTROL_SECONDS))
        except BaseException:
            channel.close()
            os.close(values)
            self.keeping.stop(number)
            raise
        finally:
            theirs.close()
        worker.fresh = meter.resident()
        self.started += 1
        return worker

    def park(self, worker: Worker) -> None:
        """Stop it until it is needed again, or end it where that would take too much memory."""
        size = worker.grown()
        if sum(self._sizes.values()) + size > self.parked_mb * MiB:
            self.end(worker)
            return
        self.keeping.park(worker.number)
        self.parked[worker.name], self._sizes[worker.name] = worker, size

    def wake(self, name: str) -> Worker | None:
        """The parked worker of that name, running; None when there is none that stood still."""
        worker = self.parked.pop(name, None)
        self._sizes.pop(name, None)
        if worker is None or self.keeping.wake(worker.number):
            return worker
        self.end(worker)
        return None

    def end(self, worker: Worker) -> None:
        """Kill it and all it may have left; its scratch goes with it."""
        worker.conversation.channel.close()
        os.close(worker.values)
        self.keeping.stop(worker.number)

    def end_all(self) -> None:
        """End what is parked."""
        while self.parked:
            self.end(self.parked.popitem()[1])
        self._sizes.clear()

    def _look(self, number: int, disk_mb: int) -> Callable[[], None]:
        folder, most = folder_of(self.folder, number), disk_mb * MiB + (self.looked_at or 0)

        def look() -> None:
            if overfull(folder, most):
                raise DiskFull

        return look
