"""What a confinement layer is, and what it is told about the worker that it confines."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Stage = Literal["session", "worker"]
libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """One worker's walls.

    `scratch` is its folder; `used` the bytes of address space and of data that the libraries take (None: look);
    `uid` the user it becomes (0: none); `search` says that this user needs the capability to enter folders that are
    closed to it; `readable` are the paths it may read besides, `keep` the descriptors that stay open. `devices` are
    those that it may use, as CUDA_VISIBLE_DEVICES names them ("": none; see `devices.py`).
    """

    scratch: str
    used: tuple[int, int] | None = None
    uid: int = 0
    search: bool = False
    readable: tuple[str, ...] = ()
    keep: tuple[int, ...] = ()
    memory_mb: int = 2048
    values_mb: int = 64
    disk_mb: int = 16
    threads: int = 8
    cpu_seconds: int = 600
    devices: str = ""
    layers: frozenset[str] = frozenset()


class Layer(Protocol):
    """One layer. `apply` runs in the process that is confined; a layer that cannot be put on raises OSError."""

    name: str
    stage: Stage
    stops: str
    remedy: str

    def probe(self) -> str:
        """Why this layer is not available here; empty when it is."""

    def apply(self, confinement: Confinement) -> None:
        """Confine this process for good."""


def checked(result: int, what: str) -> int:
    """The result of a libc call, or OSError with what was tried."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def tried(attempt: Callable[[], object]) -> str:
    """Run `attempt` in a child; why it failed, empty when it did not. The caller has one thread."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        reason = "unknown"
        try:
            attempt()
            reason = ""
        except BaseException as error:
            reason = str(error) or type(error).__name__
        finally:
            try:
                os.write(writer, reason.encode()[:4000])
            finally:  # whatever the attempt did to this pipe, the child must not go on as a second caller
                os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return text or ("" if status == 0 else f"a process that tried it ended with status {status}")
