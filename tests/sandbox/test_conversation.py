"""A worker that lies, stalls or babbles: the grader's side ends the conversation with the right verdict."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.grader.conversation import Conversation, Lost
from autograder.sandbox.wire.frames import HEADER, Channel, Closed, anonymous_file
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall
from autograder.spec.models import Limits
from autograder.values.codec import encode

Worker = Callable[[Channel, dict[str, Any], int], None]
LIMITS = Limits(seconds=0.3, load_seconds=0.3, values_mb=1, output_kb=1)


def converse(worker: Worker) -> Answer:
    """The answer to one case, as a fake worker gives it."""
    ours, theirs = socket.socketpair()
    values = anonymous_file(2**20)
    job = Job("q", True, "hw", "", (ProbeCall("case", 1),), LIMITS)

    def serve() -> None:
        channel = Channel(theirs)
        with contextlib.suppress(Closed):
            worker(channel, channel.receive(10**6), values)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        return Conversation(Channel(ours), values, job).call(job.calls[0])
    finally:
        ours.close()
        thread.join()
        theirs.close()
        os.close(values)


def loss(worker: Worker) -> Lost:
    with pytest.raises(Lost) as caught:
        converse(worker)
    return caught.value


def replying(**fields: Any) -> Worker:
    def worker(channel: Channel, request: dict[str, Any], values: int) -> None:
        channel.send({"id": request["id"], "status": "returned", "inline": encode(1), **fields})

    return worker


def test_an_honest_reply_is_an_answer() -> None:
    answer = converse(replying(inline=encode({"out": np.arange(3.0)}), trace=["f(x=1)"], stdout="hi"))
    assert (answer.status, answer.trace, answer.stdout) == ("returned", ("f(x=1)",), "hi")
    assert answer.value["out"].tolist() == [0, 1, 2]
    assert answer.payload == encode({"out": np.arange(3.0)})


def test_large_outputs_come_through_shared_memory() -> None:
    payload = encode(np.arange(1000.0))

    def worker(channel: Channel, request: dict[str, Any], values: int) -> None:
        os.pwrite(values, payload, 0)
        channel.send({"id": request["id"], "status": "returned", "shared": len(payload)})

    assert converse(worker).value.shape == (1000,)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": 1}, {"id": "x"}, {"id": None}, {"status": 3}, {"status": "passed"}, {"status": "timeout"},
        {"inline": None},
        {"inline": b""}, {"inline": b"\xc1"}, {"inline": "text"}, {"inline": None, "shared": 2**20 + 1},
        {"inline": None, "shared": -1}, {"inline": None, "shared": True}, {"shared": 5}, {"message": 5},
        {"message": ["x"]}, {"trace": "x"}, {"trace": [1]}, {"trace": ["x"] * 65}, {"stdout": b"x"},
        {"evidence": {"a": 1}},
        {"message": "x" * 2**20},
    ],
)  # fmt: skip
def test_a_malformed_reply_breaks_the_protocol(fields: dict[str, Any]) -> None:
    assert loss(replying(**fields)).loss == "protocol"


def test_raw_bytes_break_the_protocol() -> None:
    assert (
        loss(lambda channel, request, values: channel.sock.sendall(HEADER.pack(3) + b"\xc1\xc1\xc1") or None).loss
        == "protocol"
    )


def test_silence_is_a_timeout_and_a_hang_up_is_not() -> None:
    assert loss(lambda channel, request, values: None).loss == "timeout"
    assert loss(lambda channel, request, values: channel.close()).loss == "closed"


def test_a_hint_is_kept_for_the_message() -> None:
    def worker(channel: Channel, request: dict[str, Any], values: int) -> None:
        channel.send({"id": request["id"], "status": "at", "message": "hw.py, line 3"})

    assert (loss(worker).loss, loss(worker).hint) == ("timeout", "hw.py, line 3")


def test_hints_without_end_break_the_protocol() -> None:
    def worker(channel: Channel, request: dict[str, Any], values: int) -> None:
        for _ in range(100):
            channel.send({"id": request["id"], "status": "at", "message": ""})

    assert loss(worker).loss == "protocol"


def test_a_reply_that_was_sent_before_the_question_breaks_the_protocol() -> None:
    ours, theirs = socket.socketpair()
    job = Job("q", True, "hw", "", (), LIMITS)
    Channel(theirs).send({"id": 1, "status": "returned", "inline": encode(1)})
    with pytest.raises(Lost) as caught:
        Conversation(Channel(ours), -1, job).call(ProbeCall("case", 1))
    assert caught.value.loss == "protocol"
    ours.close()
    theirs.close()


def test_texts_are_cut() -> None:
    answer = converse(replying(message="x" * 10_000, stdout="y" * 5000, trace=["z" * 900]))
    assert (len(answer.message), len(answer.stdout), len(answer.trace[0])) == (4000, 1124, 500)
