"""Top-level `await` in a worker, where no socket may be made: an event loop that needs no pipe to wake itself.

asyncio is imported when somebody awaits, which few do and which takes its time.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any


def run_to_the_end(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine; what it raises is raised."""
    import asyncio

    loop = _loop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(coroutine)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _loop() -> Any:
    """A loop of one thread. Nothing outside can wake it, and there is nothing outside."""
    import asyncio
    import selectors

    class PlainLoop(asyncio.SelectorEventLoop):
        def __init__(self) -> None:
            super().__init__(selectors.SelectSelector())

        def _make_self_pipe(self) -> None:
            self._ssock = self._csock = None

        def _close_self_pipe(self) -> None:
            return None

        def _write_to_self(self) -> None:
            return None

    return PlainLoop()
