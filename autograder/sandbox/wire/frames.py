"""Frames: length-prefixed, capped msgpack maps over a socket, with an absolute deadline.

The same channel serves the grader, the zygote, the sessions and the workers. What comes from a worker is hostile: the
length is checked before anything is read, ends of the socket are errors of their own, and `decode` bounds what msgpack
may build. File descriptors travel only between trusted processes; the kernel closes those that nobody asked for.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import msgpack

HEADER = struct.Struct("!I")
SMALL = 64 * 2**10
TRUSTED = 2**31
TICK = 0.1
MOST_FDS = 4


class Closed(ConnectionError):
    """The other end is gone."""


class TimeUp(TimeoutError):
    """The absolute deadline passed."""


class BadFrame(ValueError):
    """Bytes that are not a frame, or a frame above its cap."""


class Channel:
    """One end of a stream socket. `deadline` is always absolute, by `time.monotonic`; None waits for ever.

    `tick` is called about ten times a second while this end waits; what it raises ends the waiting.
    """

    def __init__(self, sock: socket.socket, tick: Callable[[], None] | None = None) -> None:
        self.sock = sock
        self.tick = tick
        sock.setblocking(False)
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(sock, select.POLLOUT)

    def close(self) -> None:
        """Close this end."""
        self.sock.close()

    def send(self, message: dict[str, Any], fds: tuple[int, ...] = (), deadline: float | None = None) -> None:
        """Send one frame.

        Raises:
            Closed, TimeUp: as their names say.
        """
        body = msgpack.packb(message, use_bin_type=True)
        data = memoryview(HEADER.pack(len(body)) + body)
        while data:
            try:
                sent = socket.send_fds(self.sock, [data], list(fds)) if fds else self.sock.send(data)
            except (BlockingIOError, InterruptedError):
                self._wait(self._writable, deadline)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            fds = ()
            data = data[sent:]

    def receive(self, cap: int, deadline: float | None = None) -> dict[str, Any]:
        """The next frame.

        Raises:
            Closed, TimeUp, BadFrame: as their names say.
        """
        return decode(self._exactly(self._length(self._exactly(HEADER.size, deadline), cap), deadline))

    def receive_with_fds(self, cap: int, deadline: float | None = None) -> tuple[dict[str, Any], list[int]]:
        """The next frame of a trusted peer, and the descriptors that came with it."""
        while True:
            try:
                header, fds, _, _ = socket.recv_fds(self.sock, HEADER.size, MOST_FDS)
                break
            except (BlockingIOError, InterruptedError):
                self._wait(self._readable, deadline)
            except OSError as error:
                raise Closed(str(error)) from None
        if not header:
            raise Closed("end of stream")
        header += self._exactly(HEADER.size - len(header), deadline)
        return decode(self._exactly(self._length(header, cap), deadline)), fds

    def quiet(self) -> bool:
        """Whether nothing lies unread."""
        return not self._readable.poll(0)

    @staticmethod
    def _length(header: bytes, cap: int) -> int:
        (length,) = HEADER.unpack(header)
        if length > cap:
            raise BadFrame(f"a frame of {length:,} bytes; at most {cap:,} are allowed")
        return int(length)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        parts: list[bytes] = []
        while count:
            try:
                part = self.sock.recv(min(count, 2**20))
            except (BlockingIOError, InterruptedError):
                self._wait(self._readable, deadline)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("end of stream")
            if deadline is not None and time.monotonic() > deadline:
                raise TimeUp  # a peer that always has one more byte
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait(self, poll: select.poll, deadline: float | None) -> None:
        """Sleep until the socket is ready."""
        while True:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeUp
            nap = left if self.tick is None else min(TICK, TICK if left is None else left)
            if poll.poll(None if nap is None else nap * 1000 + 1):
                return
            if self.tick is not None:
                self.tick()


def decode(body: bytes) -> dict[str, Any]:
    """The map in a frame: text keys, no extension types.

    Raises:
        BadFrame: anything else.
    """
    try:
        message = msgpack.unpackb(body, raw=False, strict_map_key=True, ext_hook=_no_extension, max_array_len=100_000,
                                  max_map_len=10_000)  # fmt: skip
    except Exception as error:  # msgpack raises a family of its own
        raise BadFrame(f"not a frame: {type(error).__name__}") from None
    if type(message) is not dict or not all(type(key) is str for key in message):
        raise BadFrame("not a map")
    return message


def _no_extension(code: int, data: bytes) -> Any:
    raise BadFrame(f"extension type {code}")


def anonymous_file(size: int) -> int:
    """A descriptor of memory that two processes may share, `size` bytes that neither can change in length."""
    if not hasattr(os, "memfd_create"):  # not Linux
        import tempfile

        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            return os.dup(file.fileno())
    import fcntl

    fd = os.memfd_create("values", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, size)
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return fd
