"""Frames: caps before reading, deadlines that are absolute, no end that hangs."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.wire.frames import HEADER, BadFrame, Channel, Closed, TimeUp, anonymous_file, decode

Pair = tuple[Channel, socket.socket]


def soon(seconds: float = 0.2) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()


def test_a_message_arrives_as_it_was_sent(pair: Pair) -> None:
    channel, other = pair
    message = {"id": 7, "text": "é", "bytes": b"\x00", "list": [1, None, 2.5], "map": {"a": True}}
    Channel(other).send(message)
    assert channel.receive(1000, soon()) == message


def test_a_large_message_arrives_although_the_socket_is_smaller(pair: Pair) -> None:
    channel, other = pair
    data = os.urandom(5 * 2**20)
    sender = threading.Thread(target=Channel(other).send, args=({"data": data},))
    sender.start()
    assert channel.receive(2**23, soon(10))["data"] == data
    sender.join()


def test_a_frame_above_the_cap_is_refused_before_it_is_read(pair: Pair) -> None:
    channel, other = pair
    other.sendall(HEADER.pack(2**32 - 1))
    with pytest.raises(BadFrame, match="at most 1,000"):
        channel.receive(1000, soon())


def test_silence_ends_at_the_deadline(pair: Pair) -> None:
    with pytest.raises(TimeUp):
        pair[0].receive(1000, soon(0.05))


def test_a_byte_now_and_then_does_not_move_the_deadline(pair: Pair) -> None:
    channel, other = pair
    other.sendall(HEADER.pack(1000))
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.01):
            other.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    with pytest.raises(TimeUp):
        channel.receive(1000, soon(0.2))
    assert time.monotonic() - started < 1
    stop.set()
    dripping.join()


def test_a_peer_that_does_not_read_ends_at_the_deadline(pair: Pair) -> None:
    with pytest.raises(TimeUp):
        pair[0].send({"data": bytes(2**23)}, deadline=soon(0.05))


def test_the_end_of_the_stream_is_told_apart(pair: Pair) -> None:
    channel, other = pair
    other.sendall(HEADER.pack(100) + b"half")
    other.close()
    with pytest.raises(Closed):
        channel.receive(1000, soon())
    with pytest.raises(Closed):
        channel.send({"data": bytes(2**20)}, deadline=soon())


def test_descriptors_travel_only_where_they_are_asked_for(pair: Pair) -> None:
    channel, other = pair
    reader, writer = os.pipe()
    sender = Channel(other)
    sender.send({"op": "start"}, (writer,))
    message, fds = channel.receive_with_fds(1000, soon())
    assert message == {"op": "start"}
    os.write(fds[0], b"x")
    assert os.read(reader, 1) == b"x"
    before = len(os.listdir("/proc/self/fd"))
    sender.send({"op": "plain"}, (writer,))
    assert channel.receive(1000, soon()) == {"op": "plain"}
    assert len(os.listdir("/proc/self/fd")) == before
    for fd in (reader, writer, *fds):
        os.close(fd)


def test_a_tick_may_end_the_waiting(pair: Pair) -> None:
    def tick() -> None:
        raise InterruptedError("enough")

    pair[0].tick = tick
    with pytest.raises(InterruptedError):
        pair[0].receive(1000, soon(5))


@pytest.mark.parametrize(
    "body",
    [b"", b"\xc1", b"\x91" * 5000, msgpack.packb([1]), msgpack.packb({1: 2}),
     msgpack.packb({"a": msgpack.ExtType(1, b"x")}), msgpack.packb({"a": 1}) + b"more", b"\xdf\xff\xff\xff\xff",
     msgpack.packb({"a": b"\xff"}).replace(b"\xc4\x01", b"\xd9\x01")],
)  # fmt: skip
def test_bytes_that_are_no_map_are_refused(body: bytes) -> None:
    with pytest.raises(BadFrame):
        decode(body)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_decode_or_are_refused(body: bytes) -> None:
    with contextlib.suppress(BadFrame):
        assert isinstance(decode(body), dict)


@pytest.mark.slow
@given(st.binary(max_size=2000))
@settings(max_examples=10_000, deadline=None)
def test_ten_thousand_frames_decode_or_are_refused(body: bytes) -> None:
    with contextlib.suppress(BadFrame):
        assert isinstance(decode(body), dict)


def test_shared_memory_keeps_its_length() -> None:
    fd = anonymous_file(4096)
    try:
        assert os.fstat(fd).st_size == 4096
        with pytest.raises(PermissionError):
            os.ftruncate(fd, 10)
    finally:
        os.close(fd)
