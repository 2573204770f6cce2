"""One submission in the sandbox: every question in a worker of its own, and what a lost worker means for the rest."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any

from autograder.errors import MachineError
from autograder.sandbox.grader.conversation import Conversation, DiskFull, Lost
from autograder.sandbox.grader.course_code import with_code, without_stand_ins
from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.grader.spawning import after
from autograder.sandbox.layers.scratch import MiB, overfull
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp, anonymous_file
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall, Status, Submission
from autograder.sandbox.worker.uses import mentions_of

CONTROL_SECONDS = 30.0
GRACE = 0.5


@dataclass(frozen=True)
class Ending:
    """Why a worker is gone, as a verdict."""

    status: Status
    message: str
    hint: str = ""

    def answer(self, case: str, seconds: float = 0.0, hints: bool = True) -> Answer:
        """The answer of a case that this ended. `hints` says whether the worker's own text may be shown with it."""
        text = self.message + (f"; it was last seen at {self.hint}" if self.hint and hints else "")
        return Answer(case, self.status, message=text, seconds=seconds)


class Session:
    """A submission whose jobs are run one after the other; a context manager."""

    def __init__(
        self, channel: Channel, submission: Submission, support: dict[str, bytes], folder: str, layers: tuple[str, ...]
    ) -> None:
        self.channel, self.folder, self.layers = channel, folder, layers
        beside = PurePosixPath(submission.main).parent
        course = {str(beside / name): data for name, data in with_code(support).items()}
        theirs = without_stand_ins(dict(submission.files), support, str(beside))
        own = [path for path in theirs if path not in course]
        self._unread = 0
        self._code = b""
        self._index: Index | None = None
        self._files_bytes = sum(len(data) + 8192 for data in [*dict(submission.files).values(), *course.values()])
        self._held: tuple[Ending, bool] | None = None
        self._control({"files": theirs | course, "main": submission.main, "own": own})

    def run(self, *jobs: Job) -> list[Answer]:
        """The answers of all cases of one question's jobs, in order: public ones first, then hidden ones.

        One worker goes through all of them; one that is lost in a case is replaced for the others. A submission that
        cannot even be loaded gets the same verdict for all further jobs, without another try.
        """
        answers: list[Answer] = []
        left = [(job, call) for job in jobs for call in job.calls]
        while left and self._held is None:
            try:
                fresh = self._some(left)
            except MachineError as error:
                return answers + [Answer(c.case, "broken", message=error.text()) for _, c in left]
            answers += fresh
            left = left[len(fresh) :]
        if self._held is not None:
            ending, public = self._held  # text that a hidden run made is not shown in a public one
            answers += [ending.answer(c.case, hints=public or not job.public) for job, c in left]
        return answers

    def _some(self, left: list[tuple[Job, ProbeCall]]) -> list[Answer]:
        """Answers of the first cases, as far as one worker gets; none when loading ends it."""
        first = left[0][0]
        own = [call for job, call in left if job is first]
        with self._worker(first, len(left)) as worker:
            try:
                wanted = self._index is None and any(job.forbidden for job, _ in left)
                ready = worker.prepare(self._code, read=wanted)
                self._code, self._index = self._code or ready.code, self._index or ready.index
                if ready.broken:
                    return [Answer(c.case, "broken", message=ready.broken) for c in own]
                findings = self._findings(first)
                if findings:
                    return [Answer(c.case, "forbidden", message="; ".join(findings)) for c in own]
                worker.load()
            except Lost as lost:
                self._held = (self._ending(lost, "while the submission was loaded"), first.public)
                return []
            return self._cases(worker, left)

    def _findings(self, job: Job) -> list[str]:
        if self._index is None or not job.forbidden:
            return []
        return find_forbidden(self._index, mentions_of(job.source), job.forbidden)

    def _cases(self, worker: Conversation, left: list[tuple[Job, ProbeCall]]) -> list[Answer]:
        answers: list[Answer] = []
        for job, call in left:
            if job is not worker.job:
                try:
                    if self._findings(job):
                        break
                    worker.more(job)
                except Lost:  # whatever the cases before did to it
                    break
            try:
                answers.append(worker.call(call))
            except Lost as lost:
                answers.append(self._ending(lost, "in this case").answer(call.case, worker.elapsed()))
                break
            if answers[-1].status == "memory":
                break
        return answers

    def _ending(self, lost: Lost, when: str) -> Ending:
        """The verdict for a lost worker, from how its process ended."""
        if lost.loss == "disk":
            return Ending("error", lost.message)
        if lost.loss != "closed":
            return Ending(lost.loss, lost.message, lost.hint)
        report = self._control({"op": "stop", "grace": GRACE})
        if report["killed"]:
            return Ending("protocol", f"the worker hung up {when}")
        if report["signal"] == signal.SIGKILL:
            return Ending("memory", f"the process was killed {when}, most likely because it took too much memory")
        if report["signal"] == getattr(signal, "SIGXCPU", None):
            return Ending("timeout", f"the processor time ran out {when}", lost.hint)
        if report["signal"]:
            name = signal.strsignal(report["signal"]) or f"signal {report['signal']}"
            return Ending("crashed", f"the process crashed {when} ({name})")
        return Ending("crashed", f"the process ended itself {when} (exit status {report['exit']})")

    @contextmanager
    def _worker(self, job: Job, calls: int) -> Iterator[Conversation]:
        """A worker with its walls up and processor time for so many calls; dead afterwards."""
        limits = job.limits
        ours, theirs = socket.socketpair()
        values = anonymous_file(limits.values_mb * MiB)
        channel = Channel(ours, None if self._capped_by_kernel() else self._look(limits.disk_mb))
        try:
            cpu = math.ceil((limits.load_seconds + limits.seconds * calls) * limits.threads) + 5
            self._control({"op": "start", "limits": {
                "memory_mb": limits.memory_mb, "values_mb": limits.values_mb, "disk_mb": limits.disk_mb,
                "threads": limits.threads, "cpu_seconds": cpu,
            }}, (theirs.fileno(), values))  # fmt: skip
            theirs.close()
            conversation = Conversation(channel, values, job)
            conversation.greet(after(CONTROL_SECONDS))
            yield conversation
        finally:
            theirs.close()
            channel.close()
            os.close(values)
            self._stop_without_waiting()

    def _capped_by_kernel(self) -> bool:
        return "namespaces" in self.layers or "scratch" not in self.layers

    def _look(self, disk_mb: int) -> Any:
        def tick() -> None:
            if overfull(os.path.join(self.folder, "work"), disk_mb * MiB + self._files_bytes):
                raise DiskFull

        return tick

    def _stop_without_waiting(self) -> None:
        """The kill is in the pipe before anything else that the session could be asked; its report is read later."""
        with contextlib.suppress(Closed, TimeUp):
            self.channel.send({"op": "stop", "grace": 0.0}, deadline=after(CONTROL_SECONDS))
            self._unread += 1

    def _control(self, request: dict[str, Any], fds: tuple[int, ...] = ()) -> dict[str, Any]:
        try:
            self.channel.send(request, fds, after(CONTROL_SECONDS))
            while self._unread:
                self.channel.receive(SMALL, after(CONTROL_SECONDS))
                self._unread -= 1
            return self.channel.receive(SMALL, after(CONTROL_SECONDS))
        except (Closed, TimeUp, BadFrame):
            raise MachineError("the session's process is gone", where="sandbox") from None

    def close(self) -> None:
        """End the session; its process kills what is left and removes its folder, without keeping us waiting."""
        self.channel.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
