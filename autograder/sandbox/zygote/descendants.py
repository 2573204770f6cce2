"""Processes below a keeper: stopped, watched, and ended, those that a worker may have left among them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection
from pathlib import Path


def ended(child: int, grace: float) -> bool:
    """Whether the child ends by itself within `grace` seconds."""
    until = time.monotonic() + grace
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.001)
    return True


def stop_and_wait(child: int) -> None:
    """Stop a child, all threads of it; it may have ended instead."""
    os.kill(child, signal.SIGSTOP)
    os.waitid(os.P_PID, child, os.WSTOPPED | os.WEXITED | os.WNOWAIT)


def moved(child: int) -> bool:
    """Whether a stopped child has ended, or ran on since: it can have itself woken by a timer's SIGCONT."""
    return os.waitid(os.P_PID, child, os.WCONTINUED | os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_strangers(known: Collection[int]) -> None:
    """End every child of this process but those of `known`, and those that become its children thereby."""
    while True:
        strangers = [pid for pid in children() if pid not in known]
        for pid in strangers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        if not strangers:
            return


def kill_descendants() -> None:
    """End every process below this one. Without the no-fork filter a worker may have left some."""
    if os.getpid() == 1:  # init of its own pid namespace: everyone else in it
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    while True:
        try:
            found = children()
            for pid in found:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0 if found or os.getpid() == 1 else os.WNOHANG)
        except ChildProcessError:
            return
        except ProcessLookupError:
            continue


def children() -> list[int]:
    """Children of this thread, by their numbers in this process's own pid namespace.

    /proc may have been mounted in another namespace: then it lists other numbers, and says in each process's status
    which one it has in ours.
    """
    found = []
    with contextlib.suppress(OSError):
        for outer in Path("/proc/thread-self/children").read_text().split():
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{outer}/status").read_text().splitlines()
                numbers = [line.split() for line in lines if line.startswith("NSpid:")]
                found.append(int(numbers[0][-1] if numbers else outer))
    return found
