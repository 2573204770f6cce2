"""The grader's side of one worker: requests with an id and a deadline, replies checked field by field.

Whatever a worker sends is a claim by student code. A reply that is late, malformed or has another id ends the
conversation, because a stale reply would otherwise answer the next question.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from typing import Any, Literal

from autograder.errors import MachineError
from autograder.sandbox.grader.course_code import compiled_probes
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer, Job, ProbeCall
from autograder.values.codec import BadValue, decode

MOST_LINES, LINE_CAP, MESSAGE_CAP = 64, 500, 4000
MOST_HINTS = 16
MOST_INDEX = 8 * 2**20  # some 80,000 lines of text
Loss = Literal["timeout", "protocol", "closed", "disk"]


class Lost(Exception):
    """The worker cannot be talked to any more; `message` is the sandbox's own text, `hint` the worker's."""

    def __init__(self, loss: Loss, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.loss, self.message, self.hint = loss, message, hint


class DiskFull(Exception):
    """The scratch folder holds more than it may."""


@dataclass(frozen=True)
class Ready:
    """What a worker made before it ran student code, or why the probes do not load.

    `code` is the submission compiled, for the workers that come after; nothing here looks into it. `index` is its text
    read, where that was asked for.
    """

    broken: str = ""
    code: bytes = b""
    index: Index | None = None


class Conversation:
    """Talks to one worker about one job. `values` is the memory that large outputs come through."""

    def __init__(self, channel: Channel, values: int, job: Job) -> None:
        self.channel, self.values, self.job = channel, values, job
        self._cap = job.limits.output_kb * 4096 + 8 * SMALL
        self._request = 0
        self._hint = ""
        self._started = 0.0

    def elapsed(self) -> float:
        """Seconds since the case in hand was asked for."""
        return time.monotonic() - self._started

    def greet(self, deadline: float) -> None:
        """Wait until the worker's walls stand. What goes wrong until then is not the student's doing."""
        self._request = 0
        try:
            reply = self._reply(deadline)
        except (Closed, TimeUp, BadFrame) as error:
            raise MachineError("the sandbox could not confine a worker", where="sandbox", found=str(error)) from None
        if reply["status"] != "up":
            raise MachineError("the sandbox could not confine a worker", where="sandbox",
                               found=_text(reply, "message", MESSAGE_CAP))  # fmt: skip

    def prepare(self, code: bytes = b"", read: bool = False) -> Ready:
        """Send the job; the worker reads the submission's text and loads the probes.

        Args:
            code: the submission compiled by an earlier worker, or nothing.
            read: ask for the index of the submission's text.
        """
        limits = self.job.limits
        deadline = time.monotonic() + limits.load_seconds
        self._ask("load", deadline, module=self.job.module, forbidden=list(self.job.forbidden),
                  source=self.job.source, probes=compiled_probes(self.job.source), code=code, read=read,
                  seconds=limits.seconds, load_seconds=limits.load_seconds, output_bytes=limits.output_kb * 1024,
                  values_bytes=limits.values_mb * 2**20)  # fmt: skip
        late = f"reading the submission took longer than {limits.load_seconds:g} s"
        reply = self._answer(deadline, late, MOST_INDEX if read else 0)
        try:
            if reply["status"] == "broken":
                return Ready(broken=_text(reply, "message", MESSAGE_CAP))
            return Ready("", _bytes(reply, "code"), Index.from_bytes(_bytes(reply, "index")) if read else None)
        except ValueError as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None

    def load(self) -> None:
        """Wait until the submission's top level has run."""
        seconds = self.job.limits.load_seconds
        reply = self._answer(time.monotonic() + seconds, f"loading the submission took longer than {seconds:g} s")
        if reply["status"] != "loaded":
            raise Lost("protocol", "the worker answered out of turn")

    def more(self, job: Job) -> None:
        """Go on with another job. Student code has run by then: a failure says nothing about the probes."""
        seconds = job.limits.load_seconds
        deadline = time.monotonic() + seconds
        self.job = job
        self._ask("more", deadline, source=job.source, probes=compiled_probes(job.source))
        if self._answer(deadline, f"taking more cases took longer than {seconds:g} s")["status"] != "more":
            raise Lost("protocol", "the worker answered out of turn")

    def call(self, call: ProbeCall) -> Answer:
        """Run one case."""
        limits = self.job.limits
        self._started = time.monotonic()
        deadline = self._started + limits.seconds
        late = f"this did not finish within {limits.seconds:g} s"
        try:
            self._ask("call", deadline, case=call.case, seed=call.seed)
            reply = self._answer(deadline, late)
            return self._read(call, reply)
        except (BadFrame, BadValue) as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None

    def _ask(self, op: str, deadline: float, **fields: Any) -> None:
        if not self.channel.quiet():
            raise Lost("protocol", "the worker sent something that nobody asked for")
        self._request, self._hint = secrets.randbits(62) + 1, ""
        try:
            self.channel.send({"id": self._request, "op": op, **fields}, deadline=deadline)
        except Closed:
            raise Lost("closed", "the worker ended") from None
        except TimeUp:
            raise Lost("timeout", "the worker did not read its request") from None

    def _answer(self, deadline: float, late: str, most: int = 0) -> dict[str, Any]:
        """The reply to the request in hand; it may have `most` bytes where that is more than others have."""
        try:
            for _ in range(MOST_HINTS):
                reply = self._reply(deadline, most)
                if reply["status"] != "at":
                    return reply
                self._hint = _text(reply, "message", 200)
        except TimeUp:
            raise Lost("timeout", late, self._hint) from None
        except Closed:
            raise Lost("closed", "the worker ended", self._hint) from None
        except BadFrame as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None
        except DiskFull:
            raise Lost("disk", f"more than {self.job.limits.disk_mb} MB, or too many files, were written") from None
        raise Lost("protocol", "the worker sent too many frames")

    def _reply(self, deadline: float, most: int = 0) -> dict[str, Any]:
        reply = self.channel.receive(max(self._cap, most), deadline)
        if type(reply.get("id")) is not int or reply["id"] != self._request or type(reply.get("status")) is not str:
            raise BadFrame("a reply to something else")
        return reply

    def _read(self, call: ProbeCall, reply: dict[str, Any]) -> Answer:
        common: dict[str, Any] = {
            "message": _text(reply, "message", MESSAGE_CAP),
            "trace": _lines(reply, "trace"),
            "stdout": _text(reply, "stdout", self.job.limits.output_kb * 1024 + 100),
            "evidence": _lines(reply, "evidence"),
        }
        status = reply["status"]
        if status in ("error", "memory"):
            return Answer(call.case, status, seconds=self.elapsed(), **common)
        if status != "returned":
            raise BadFrame("a reply of no known kind")
        payload = self._payload(reply)
        value = decode(payload)
        return Answer(call.case, "returned", value, payload, seconds=self.elapsed(), **common)

    def _payload(self, reply: dict[str, Any]) -> bytes:
        inline, shared = reply.get("inline"), reply.get("shared")
        if type(inline) is bytes and shared is None:
            return inline
        if type(shared) is not int or inline is not None or not 0 < shared <= self.job.limits.values_mb * 2**20:
            raise BadFrame("a reply without outputs")
        parts: list[bytes] = []
        while shared > sum(map(len, parts)):  # a copy: what is decoded cannot be changed meanwhile
            done = sum(map(len, parts))
            part = os.pread(self.values, shared - done, done)
            if not part:
                raise BadFrame("outputs shorter than announced")
            parts.append(part)
        return b"".join(parts)


def _text(reply: dict[str, Any], key: str, cap: int) -> str:
    text = reply.get(key, "")
    if type(text) is not str:
        raise BadFrame(f"{key} is no text")
    return text[:cap]


def _bytes(reply: dict[str, Any], key: str) -> bytes:
    data = reply.get(key, b"")
    if type(data) is not bytes:
        raise BadFrame(f"{key} is no bytes")
    return data


def _lines(reply: dict[str, Any], key: str) -> tuple[str, ...]:
    lines = reply.get(key, [])
    if type(lines) is not list or len(lines) > MOST_LINES or not all(type(line) is str for line in lines):
        raise BadFrame(f"{key} is no list of lines")
    return tuple(line[:LINE_CAP] for line in lines)
