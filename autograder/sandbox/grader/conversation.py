"""The grader's side of one worker: requests with an id and a deadline, replies checked field by field.

Whatever a worker sends is a claim by student code. A reply that is late, malformed or has another id ends the
conversation, because a stale reply would otherwise answer the next question.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from autograder.errors import MachineError
from autograder.sandbox.grader.course_code import compiled_probes
from autograder.sandbox.grader.effort import Brake, Meter, Stint
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.wire.index import Index
from autograder.sandbox.wire.messages import Answer, Effort, Job, ProbeCall
from autograder.sandbox.worker.measuring import Measured
from autograder.values.codec import BadValue, decode

MOST_LINES, LINE_CAP, MESSAGE_CAP = 64, 500, 4000
LONG_LINE_CAP = 1200
MOST_HINTS = 16
MOST_INDEX = 8 * 2**20  # some 80,000 lines of text
Loss = Literal["timeout", "protocol", "closed", "disk"]


class Lost(Exception):
    """The worker cannot be talked to any more; `message` is the sandbox's own text, `hint` the worker's."""

    def __init__(self, loss: Loss, message: str, hint: str = "", effort: Effort = Effort()) -> None:  # noqa: B008
        super().__init__(message)
        self.loss, self.message, self.hint, self.effort = loss, message, hint, effort


class DiskFull(Exception):
    """The scratch folder holds more than it may."""


class Spent(Exception):
    """The processor time of a request is used up."""


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
    """Talks to one worker about one job after the other.

    Args:
        values: the memory that large outputs come through.
        meter: the clocks of the worker's process.
        look: raises DiskFull; called about ten times a second where the kernel does not cap the scratch.
    """

    def __init__(
        self,
        channel: Channel,
        values: int,
        job: Job,
        meter: Meter = Meter(),  # noqa: B008  # frozen
        brake: Brake = Brake(),  # noqa: B008  # frozen
        look: Callable[[], None] | None = None,
    ) -> None:
        self.channel, self.values, self.job, self.meter, self.brake = channel, values, job, meter, brake
        self._look = look
        self._cap = job.limits.output_kb * 4096 + 8 * SMALL
        self._request = 0
        self._hint = ""
        self._stint: Stint | None = None
        channel.tick = self._tick

    def elapsed(self) -> float:
        """Seconds of wall time since the request in hand was sent."""
        return self._stint.elapsed() if self._stint is not None else 0.0

    def _tick(self) -> None:
        if self._look is not None:
            self._look()
        if self._stint is not None:
            self._stint = self._stint.watched()
            if self._stint.spent():
                raise Spent

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
        stint = self._begin(limits.load_seconds)
        self._ask("load", stint, module=self.job.module, forbidden=list(self.job.forbidden),
                  source=self.job.source, probes=compiled_probes(self.job.source), code=code, read=read,
                  seconds=limits.seconds, load_seconds=limits.load_seconds, brake=self.brake.seconds(limits.seconds),
                  load_brake=self.brake.seconds(limits.load_seconds), output_bytes=limits.output_kb * 1024,
                  values_bytes=limits.values_mb * 2**20)  # fmt: skip
        reply = self._answer(stint, "reading the submission took longer than {:g} s", MOST_INDEX if read else 0)
        try:
            if reply["status"] == "broken":
                return Ready(broken=_text(reply, "message", MESSAGE_CAP))
            return Ready("", _bytes(reply, "code"), Index.from_bytes(_bytes(reply, "index")) if read else None)
        except ValueError as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None

    def measure(self) -> Measured:
        """The submission's text measured; nothing of it runs."""
        stint = self._begin(self.job.limits.load_seconds)
        self._ask("measure", stint, module=self.job.module)
        reply = self._answer(stint, "reading the submission took longer than {:g} s", MOST_INDEX)
        try:
            if reply["status"] == "measured":
                return Measured.from_bytes(_bytes(reply, "measured"))
        except ValueError as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None
        raise Lost("protocol", "the worker answered out of turn")

    def load(self) -> tuple[str, ...]:
        """Wait until the submission's top level has run; what went wrong, as the worker tells it."""
        stint = self._begin(self.job.limits.load_seconds)
        reply = self._answer(stint, "loading the submission took longer than {:g} s")
        try:
            if reply["status"] == "loaded":
                return _lines(reply, "problems", LONG_LINE_CAP)
        except BadFrame as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}") from None
        raise Lost("protocol", "the worker answered out of turn")

    def more(self, job: Job) -> None:
        """Go on with another job. Student code has run by then: a failure says nothing about the probes."""
        self.job = job
        stint = self._begin(job.limits.load_seconds)
        self._ask("more", stint, source=job.source, probes=compiled_probes(job.source))
        if self._answer(stint, "taking more cases took longer than {:g} s")["status"] != "more":
            raise Lost("protocol", "the worker answered out of turn")

    def call(self, call: ProbeCall) -> Answer:
        """Run one case."""
        stint = self._begin(self.job.limits.seconds)
        try:
            self._ask("call", stint, case=call.case, seed=call.seed, given=call.given, stand_ins=call.stand_ins)
            reply = self._answer(stint, "this did not finish within {:g} s")
            return self._read(call, reply, stint)
        except (BadFrame, BadValue) as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}", effort=stint.effort()) from None

    def _begin(self, limit: float) -> Stint:
        self._stint = Stint.begin(self.meter, limit, self.brake)
        return self._stint

    def _ask(self, op: str, stint: Stint, **fields: Any) -> None:
        if not self.channel.quiet():
            raise Lost("protocol", "the worker sent something that nobody asked for")
        self._request, self._hint = secrets.randbits(62) + 1, ""
        try:
            self.channel.send({"id": self._request, "op": op, **fields}, deadline=stint.deadline)
        except Closed:
            raise Lost("closed", "the worker ended") from None
        except (TimeUp, Spent):
            raise Lost("timeout", "the worker did not read its request", effort=self._effort(True)) from None
        except DiskFull:
            raise self._disk_full() from None

    def _answer(self, stint: Stint, late: str, most: int = 0) -> dict[str, Any]:
        """The reply to the request in hand; it may have `most` bytes where that is more than others have.

        Args:
            late: the message of a timeout, with a place for the seconds.
        """
        try:
            for _ in range(MOST_HINTS):
                reply = self._reply(stint.deadline, most)
                if reply["status"] != "at":
                    if stint.spent():  # between two looks
                        raise Spent
                    return reply
                self._hint = _text(reply, "message", 200)
        except Spent:
            raise Lost("timeout", late.format(stint.limit), self._hint, self._effort()) from None
        except TimeUp:
            raise Lost("timeout", late.format(stint.brake), self._hint, self._effort(braked=True)) from None
        except Closed:
            raise Lost("closed", "the worker ended", self._hint, self._effort()) from None
        except BadFrame as error:
            raise Lost("protocol", f"the worker broke the protocol: {error}", effort=self._effort()) from None
        except DiskFull:
            raise self._disk_full() from None
        raise Lost("protocol", "the worker sent too many frames")

    def _effort(self, braked: bool = False) -> Effort:
        return self._stint.effort(braked) if self._stint is not None else Effort()

    def _disk_full(self) -> Lost:
        return Lost("disk", f"more than {self.job.limits.disk_mb} MB, or too many files, were written")

    def _reply(self, deadline: float, most: int = 0) -> dict[str, Any]:
        reply = self.channel.receive(max(self._cap, most), deadline)
        if type(reply.get("id")) is not int or reply["id"] != self._request or type(reply.get("status")) is not str:
            raise BadFrame("a reply to something else")
        return reply

    def _read(self, call: ProbeCall, reply: dict[str, Any], stint: Stint) -> Answer:
        common: dict[str, Any] = {
            "seconds": stint.elapsed(),
            "effort": stint.effort(),
            "message": _text(reply, "message", MESSAGE_CAP),
            "trace": _lines(reply, "trace"),
            "stdout": _text(reply, "stdout", self.job.limits.output_kb * 1024 + 100),
            "evidence": _lines(reply, "evidence"),
            "draws": _lines(reply, "draws"),
        }
        status = reply["status"]
        if status in ("error", "memory"):
            return Answer(call.case, status, **common)
        if status != "returned":
            raise BadFrame("a reply of no known kind")
        payload = self._payload(reply)
        value = decode(payload)
        return Answer(call.case, "returned", value, payload, **common)

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


def _lines(reply: dict[str, Any], key: str, cap: int = LINE_CAP) -> tuple[str, ...]:
    lines = reply.get(key, [])
    if type(lines) is not list or len(lines) > MOST_LINES or not all(type(line) is str for line in lines):
        raise BadFrame(f"{key} is no list of lines")
    return tuple(line[:cap] for line in lines)
