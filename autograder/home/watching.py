"""A watch over the code at work: a thread that ends the process when its time is up, and says where it was.

It reads the place of the main thread from outside, so code that catches every exception is ended too, on every system.
What is covered: processor time over all threads, as in grading, and a brake on wall time. What is not: C code that
holds the interpreter for good; whoever started the process ends it then.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox.worker.explaining import Origin

TICK = 0.05
BRAKE, TIMES = 10.0, 5


def brake_of(seconds: float) -> float:
    """Wall time that a limit of processor time may take."""
    return max(BRAKE, TIMES * seconds)


@dataclass(frozen=True)
class Limit:
    """What is watched now: `late` is what to say when time is up, with a place for the seconds."""

    seconds: float
    late: str
    processor: float
    wall: float


class Watch(threading.Thread):
    """See the module.

    Args:
        ended: is told the sentence when time is up; the process ends after it.
        asked: whether somebody wants the process to stop; asked at every tick.
        stopped: is told the place then.
    """

    def __init__(self, ended: Callable[[str], None], asked: Callable[[], bool], stopped: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self.origin: Origin | None = None
        self.limit: Limit | None = None
        self._ended, self._asked, self._stopped = ended, asked, stopped
        self._main = threading.main_thread().ident

    def begin(self, seconds: float, late: str) -> None:
        """Watch what follows."""
        self.limit = Limit(seconds, late, time.process_time(), time.monotonic())

    def end(self) -> None:
        """Nothing is at work."""
        self.limit = None

    def run(self) -> None:
        """Look until the process ends."""
        while True:
            time.sleep(TICK)
            if self._asked():
                _last_words(self._stopped, self.doing())
            limit = self.limit
            late = _late(limit) if limit is not None else ""
            if late:
                place = self.place()
                _last_words(self._ended, late + (f"; it was last seen at {place}" if place else ""))

    def place(self) -> str:
        """`tiny.py, line 12`: the innermost line of the student's that is at work; "" if none is."""
        found = self._frame()
        return f"{found[0]}, line {found[2]}" if found else ""

    def doing(self) -> str:
        """`` `neuron` was running (tiny.py, line 12)``; "" where nothing of the student's is at work."""
        found = self._frame()
        if not found:
            return ""
        label, name, line = found
        if name.startswith("<"):
            return f"the top level of {label} was running (line {line})"
        return f"`{name}` was running ({label}, line {line})"

    def _frame(self) -> tuple[str, str, int] | None:
        frame = sys._current_frames().get(self._main or 0)
        while self.origin is not None and frame is not None:
            label, name = self.origin.label(frame.f_code.co_filename), frame.f_code.co_name
            if label and (name == "<module>" or not name.startswith("<")):
                return label, name, frame.f_lineno
            frame = frame.f_back
        return None


def _last_words(tell: Callable[[str], None], what: str) -> None:
    """Say something and end the process, also where nobody listens any more."""
    try:
        tell(what)
    finally:
        os._exit(0)


def _late(limit: Limit) -> str:
    if time.process_time() - limit.processor > limit.seconds:
        return limit.late.format(limit.seconds)
    brake = brake_of(limit.seconds)
    return limit.late.format(brake) if time.monotonic() - limit.wall > brake else ""
