"""What student code prints: kept up to a cap, the rest dropped, so that a flood costs nothing."""

from __future__ import annotations

import io
import sys
from typing import Any

CUT = "\n[… output cut]"


class CappedBytes(io.RawIOBase):
    """A sink that keeps its first `cap` bytes."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.kept = bytearray()
        self.dropped = False

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Keep what fits; all of `data` counts as written."""
        view = memoryview(data).cast("B")
        room = self.cap - len(self.kept)
        self.kept += view[:room]
        self.dropped = self.dropped or len(view) > room
        return len(view)


class Capture:
    """Stands in for sys.stdout; sys.stderr is dropped, because warnings never change a score."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._sink = CappedBytes(cap)
        self.restart()

    def restart(self) -> None:
        """Begin anew, whatever student code did to sys.stdout."""
        self._sink = CappedBytes(self._cap)
        sys.stdout = sys.__stdout__ = _text(self._sink)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = _text(CappedBytes(0))  # type: ignore[misc]

    def text(self) -> str:
        """What was printed since `restart`."""
        text = bytes(self._sink.kept[: self._cap]).decode(errors="replace")
        return text + CUT if self._sink.dropped else text


def _text(sink: CappedBytes) -> io.TextIOWrapper:
    raw: Any = sink
    return io.TextIOWrapper(raw, encoding="utf-8", errors="replace", write_through=True)
