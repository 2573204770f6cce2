"""Work spread over processors: pure functions of what this process knows already, in forked children.

A child sees all that was read, recorded and judged before the fork, so only an item's number goes in and its result
comes back. What a child remembers ends with it. It prints nothing: warnings of a judgement are nobody's to read there.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LEAST = 8
"""Fewer items are not worth a fork."""
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def spread(function: Callable[[T], R], items: Sequence[T], jobs: int) -> list[R]:
    """[function(item) for item in items], by `jobs` processes.

    Raises:
        what the function raises.
    """
    global _work
    jobs = min(jobs, os.cpu_count() or 1, len(items) // LEAST + 1)
    if jobs < 2 or not hasattr(os, "fork") or multiprocessing.current_process().daemon:
        return [function(item) for item in items]
    _work = (function, items)
    try:
        with warnings.catch_warnings():
            # threads that show progress hold no lock that a child needs
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _quiet) as pool:
                return list(pool.map(_one, range(len(items)), chunksize=max(1, len(items) // (8 * jobs))))
    finally:
        _work = None


def _quiet() -> None:
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # for as long as the child lives


def _one(number: int) -> Any:
    assert _work is not None
    function, items = _work
    return function(items[number])
