"""LocalPool: worker processes on this machine, each with a sandbox of its own."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder.cohort.executor import Report, Shard
from autograder.cohort.tasks import Task
from autograder.cohort.worker import Order
from autograder.errors import MachineError

COMMAND = (sys.executable, "-m", "autograder.cohort.worker")
_ROOT = Path(__file__).resolve().parents[2]
AHEAD = 2
"""Tasks that a worker is handed at a time: one to work on, one so that it never waits for the head."""


@dataclass
class _Worker:
    """A process, the tasks it has been handed, and what of its answers has been read so far."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    tasks: dict[str, Task] = field(default_factory=dict)
    rest: bytes = b""
    ready: bool = False

    def tail(self) -> str:
        self.errors.seek(0)
        return self.errors.read()[-2000:].decode(errors="replace").strip()


class LocalPool:
    """An `Executor` of `jobs` processes.

    A worker that dies takes no submission with it: what it had not begun goes to the next one, and what it had begun is
    reported lost. When workers die before they have graded anything, the pool gives up.
    """

    def __init__(self, order: Order, jobs: int, command: Sequence[str] = COMMAND) -> None:
        """
        Args:
            order: what each worker is told first.
            command: starts a worker; the head's process id is appended.
        """
        self.order, self.jobs, self.command = order, max(1, jobs), tuple(command)
        self._queue: deque[Task] = deque()
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._stillborn = 0

    def submit(self, shard: Shard) -> None:
        """See `Executor`."""
        self._queue.extend(shard.tasks)

    def poll(self, seconds: float) -> list[Report]:
        """See `Executor`."""
        self._hire()
        for worker in self._workers:
            self._hand_out(worker)
        reports: list[Report] = []
        deadline = time.monotonic() + seconds
        while not reports and self._workers and (left := deadline - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                reports += self._hear(key.data)
        return reports

    def cancel(self) -> None:
        """See `Executor`."""
        self._queue.clear()
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.process.stdin.close()  # type: ignore[union-attr]  # opened as a pipe
            worker.process.terminate()
        for worker in list(self._workers):
            try:
                worker.process.wait(10)
            except subprocess.TimeoutExpired:
                worker.process.kill()
            self._bury(worker)

    def _hire(self) -> None:
        busy = sum(bool(w.tasks) for w in self._workers)
        while len(self._workers) < min(self.jobs, busy + len(self._queue)):
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the worker
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
        try:
            process = subprocess.Popen(
                [*self.command, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=os.environ | {"PYTHONPATH": path},
                start_new_session=True,
            )
        except OSError as error:
            raise MachineError(f"cannot start a worker: {error.strerror}", where=self.command[0]) from None
        worker = _Worker(process, errors)
        os.set_blocking(process.stdout.fileno(), False)  # type: ignore[union-attr]  # opened as a pipe
        self._selector.register(process.stdout, selectors.EVENT_READ, worker)  # type: ignore[arg-type]
        self._write(worker, self.order.to_line())
        return worker

    def _write(self, worker: _Worker, line: str) -> None:
        """A dead worker shows when it is heard; a broken pipe here is only the first sign of it."""
        pipe = worker.process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError):
            pipe.write(line.encode())
            pipe.flush()

    def _hand_out(self, worker: _Worker) -> None:
        while self._queue and len(worker.tasks) < AHEAD and (worker.ready or not worker.tasks):
            task = self._queue.popleft()
            worker.tasks[task.key] = task
            self._write(worker, task.to_line())

    def _hear(self, worker: _Worker) -> list[Report]:
        data = worker.process.stdout.read()  # type: ignore[union-attr]  # opened as a pipe
        if data is None:
            return []
        if not data:
            return self._lost(worker)
        *lines, worker.rest = (worker.rest + data).split(b"\n")
        reports = []
        for line in lines:
            word, _, rest = line.decode(errors="replace").partition(" ")
            key, _, message = rest.partition(" ")
            if word == "ready":
                worker.ready = True
            elif word in ("graded", "lost") and key in worker.tasks:
                del worker.tasks[key]
                self._stillborn = 0
                reports.append(Report(key, "graded" if word == "graded" else "lost", message))
        self._hand_out(worker)
        return reports

    def _lost(self, worker: _Worker) -> list[Report]:
        """The worker is gone: its first task was in work, the others go back to the head of the queue."""
        status = worker.process.wait()
        tail, tasks = worker.tail(), list(worker.tasks.values())
        ready = worker.ready
        self._bury(worker)
        begun, fresh = (tasks[:1], tasks[1:]) if ready else ([], tasks)
        self._queue.extendleft(reversed(fresh))
        if not ready:
            self._stillborn += 1
            if self._stillborn > 2:
                raise MachineError(
                    "workers do not start", where="local pool", found=tail[-600:] or f"exit status {status}",
                    fix="run `autograder doctor`",
                )  # fmt: skip
        why = tail.rsplit("\n", 1)[-1][:300] or f"exit status {status}"
        return [Report(task.key, "lost", f"the worker ended: {why}") for task in begun]

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.process.stdout)  # type: ignore[arg-type]  # opened as a pipe
        for pipe in (worker.process.stdin, worker.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        worker.process.wait()
        worker.errors.close()
