"""Alarms: a signal when a share of a request's processor time, or of its wall time, has gone by.

ITIMER_PROF counts ticks, and loses many where a machine is busy or virtual; a POSIX timer reads the very clock that the
grader reads. It stands in only where the C library has none.
"""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Callable
from types import FrameType

from autograder.sandbox.layers.base import libc

Handler = Callable[[int, FrameType | None], None]
PROCESS_CLOCK = 2  # CLOCK_PROCESS_CPUTIME_ID
_NUMBERS = (signal.SIGPROF, signal.SIGALRM)


class Alarms:
    """Both alarms of one process. A process that was forked needs its own: timers are not inherited."""

    def __init__(self) -> None:
        self._timer = _processor_timer()

    def set(self, handler: Handler, processor: float, wall: float) -> None:
        """Call `handler` after so many seconds of processor time, and after so many of wall time."""
        for number in _NUMBERS:
            signal.signal(number, handler)
        self._after(processor)
        signal.setitimer(signal.ITIMER_REAL, wall)

    def clear(self) -> None:
        """None of them comes any more."""
        self._after(0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _after(self, seconds: float) -> None:
        if self._timer is None:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            return
        whole = int(seconds)
        spec = (ctypes.c_long * 4)(0, 0, whole, int((seconds - whole) * 1e9))  # struct itimerspec: no repetition
        libc.timer_settime(self._timer, 0, spec, None)


def _processor_timer() -> ctypes.c_void_p | None:
    """A timer of this process on the clock of its processor time, which sends SIGPROF; None where there is none."""
    event = (ctypes.c_int * 16)(0, 0, signal.SIGPROF, 0)  # struct sigevent: SIGEV_SIGNAL is 0
    timer = ctypes.c_void_p()
    try:
        failed = libc.timer_create(PROCESS_CLOCK, event, ctypes.byref(timer))
    except AttributeError:  # a C library that keeps it elsewhere, or no Linux
        return None
    return None if failed else timer
