"""The grader's end of a session's keeper: workers by number are started, parked, woken and stopped.

What is only an order is in the pipe before anything else that the keeper could be asked; its report is read later.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any

from autograder.errors import MachineError
from autograder.sandbox.grader.effort import Meter, pid_of
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp

CONTROL_SECONDS = 30.0
GRACE = 0.5


class Keeping:
    """Orders to the keeper and questions that it answers. All of it raises MachineError when its process is gone."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._unread = 0

    def open(self, files: dict[str, bytes], main: str, own: list[str]) -> None:
        """Hand over what the session is about."""
        self._asked({"files": files, "main": main, "own": own})

    def start(self, worker: int, limits: dict[str, Any], fds: tuple[int, ...]) -> Meter:
        """Fork a worker; the clocks of its process."""
        _, handles = self._asked({"op": "start", "worker": worker, "limits": limits}, fds)
        try:
            return Meter.of(pid_of(handles[0])) if handles else Meter()
        finally:
            for handle in handles:
                os.close(handle)

    def how_it_ended(self, worker: int) -> dict[str, Any]:
        """Stop a worker that hung up, and how its process ended by itself, if it did."""
        return self._asked({"op": "stop", "worker": worker, "grace": GRACE})[0]

    def stop(self, worker: int) -> None:
        """End a worker. Never fails: where the keeper is gone, so is the worker."""
        with contextlib.suppress(MachineError):
            self._told({"op": "stop", "worker": worker, "grace": 0.0})

    def park(self, worker: int) -> None:
        """Stop all threads of a worker until it is woken."""
        self._told({"op": "park", "worker": worker})

    def wake(self, worker: int) -> bool:
        """Let a parked worker go on; whether it stood still all the time."""
        return not self._asked({"op": "wake", "worker": worker})[0]["moved"]

    def _told(self, order: dict[str, Any]) -> None:
        try:
            self.channel.send(order, deadline=_soon())
        except (Closed, TimeUp):
            raise _gone() from None
        self._unread += 1

    def _asked(self, question: dict[str, Any], fds: tuple[int, ...] = ()) -> tuple[dict[str, Any], list[int]]:
        try:
            self.channel.send(question, fds, _soon())
            while self._unread:
                self.channel.receive(SMALL, _soon())
                self._unread -= 1
            return self.channel.receive_with_fds(SMALL, _soon())
        except (Closed, TimeUp, BadFrame):
            raise _gone() from None


def _soon() -> float:
    return time.monotonic() + CONTROL_SECONDS


def _gone() -> MachineError:
    return MachineError("the session's process is gone", where="sandbox")
