"""Giving up: work in this very process that takes too long is left by an exception, where Python can do that.

What is covered: loops of Python code, in any thread, on every system. What is not: C code that does not come back, code
that catches every exception, and systems without threads (JupyterLite); there nothing is limited.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class GivenUp(BaseException):
    """The time is up."""


@contextlib.contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """Raise GivenUp in what runs inside, once it has taken so long; 0 for no limit."""
    thread, lock, over = threading.get_ident(), threading.Lock(), False

    def end() -> None:
        with lock:
            if not over:
                _raise_in(thread, GivenUp)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    try:
        timer.start() if seconds else None
    except RuntimeError:  # no threads here
        seconds = 0
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()
        if seconds:
            _raise_in(thread, None)


def _raise_in(thread: int, what: type[BaseException] | None) -> None:
    """Have an exception raised in a thread; None takes one back that was not raised yet."""
    import ctypes  # not everywhere where there are no threads

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(what) if what else None)
