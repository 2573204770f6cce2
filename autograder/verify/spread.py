"""Work spread over processors: pure functions of what this process knows already, in forked children.

A child sees all that was read, recorded and judged before the fork, so only an item's number goes in and its result
comes back. What a child remembers ends with it. It prints nothing: warnings of a judgement are nobody's to read there.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LEAST = 8
"""Fewer items are not worth a fork."""
MOST = 32
"""Items that a process takes at a time, at most."""
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def _nobody(done: int) -> None:
    """Nobody is told."""


def spread(
    function: Callable[[T], R], items: Sequence[T], jobs: int, progress: Callable[[int], None] = _nobody
) -> list[R]:
    """[function(item) for item in items], by `jobs` processes.

    Args:
        progress: told how many are done.

    Raises:
        what the function raises.
    """
    global _work
    jobs = min(jobs, os.cpu_count() or 1, len(items) // LEAST + 1)
    if jobs < 2 or not hasattr(os, "fork") or multiprocessing.current_process().daemon:
        return list(_counted((function(item) for item in items), progress))
    _work = (function, items)
    try:
        with warnings.catch_warnings():
            # threads that show progress hold no lock that a child needs
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begun) as pool:
                chunk = max(1, min(len(items) // (8 * jobs), MOST))
                return list(_counted(pool.map(_one, range(len(items)), chunksize=chunk), progress))
    finally:
        _work = None


def _counted(results: Iterable[R], progress: Callable[[int], None]) -> Iterator[R]:
    for done, result in enumerate(results, 1):
        progress(done)
        yield result


def _begun() -> None:
    """Quiet, and with one thread: OpenMP's other threads stayed with the parent, and a child would wait for them."""
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # for as long as the child lives
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def _one(number: int) -> Any:
    assert _work is not None
    function, items = _work
    return function(items[number])
