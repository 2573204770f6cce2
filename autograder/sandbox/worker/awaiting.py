"""An event loop for top-level `await` in a worker, where no socket may be made: it wakes itself by no pipe."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class PlainLoop(asyncio.SelectorEventLoop):
    """A loop of one thread. Nothing outside can wake it, and there is nothing outside."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None

    def _close_self_pipe(self) -> None:
        return None

    def _write_to_self(self) -> None:
        return None


def run_to_the_end(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine; what it raises is raised."""
    loop = PlainLoop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(coroutine)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
