"""The worker: one question's probes beside one submission, behind all walls; it answers values and is never believed.

Order matters: the walls first, then the submission's text and the probes (nothing of the student's has run, so a
failure there is the grader's own), then the submission, then case by case. Hidden probes come last, when all public
answers are out: student code cannot carry anything of them into what a student is shown.
"""

from __future__ import annotations

import marshal
import mmap
import os
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from sympy import Symbol

from autograder.authoring.world import World
from autograder.sandbox.wire.frames import SMALL, TRUSTED, Channel, Closed
from autograder.sandbox.wire.messages import PROBES
from autograder.sandbox.worker.alarms import Alarms
from autograder.sandbox.worker.capture import Capture
from autograder.sandbox.worker.cells import Cell
from autograder.sandbox.worker.explaining import Origin, explain
from autograder.sandbox.worker.given import Given
from autograder.sandbox.worker.loading import Loaded, compiled, load, packed, prepare, remember, texts_of
from autograder.sandbox.worker.magics import plain_cell
from autograder.sandbox.worker.measuring import measure
from autograder.sandbox.worker.numpy_calls import NumpyCalls
from autograder.sandbox.worker.operators import Operators
from autograder.sandbox.worker.running import Watcher, run_case, seed_libraries
from autograder.sandbox.worker.standins import without_graders
from autograder.sandbox.worker.state import State, keep, restore
from autograder.sandbox.worker.student import traced
from autograder.sandbox.worker.tamed import tame
from autograder.sandbox.worker.uses import Text, index_of
from autograder.values.codec import decode, encode

HINT_AT = 0.7
MOST_CODE = 4 * SMALL


class Worker:
    """What a worker knows. `channel` leads to the grader, `values` is memory shared with it."""

    def __init__(self, sock: socket.socket, values_fd: int, scratch: str, main: str, own: Sequence[str]) -> None:
        self.channel = Channel(sock)
        self.alarms = Alarms()
        self.values_fd = values_fd
        self.scratch, self.main, self.own = scratch, main, own
        self.job: dict[str, Any] = {}
        self.probes: dict[str, Any] = {}
        self.loaded: Loaded | None = None
        self.state: State | None = None
        self.request = 0
        self.capture = Capture(SMALL)
        self.loading = True

    def serve(self) -> None:
        """Answer requests until the grader hangs up."""
        self._reply("up")
        while True:
            try:
                message = self.channel.receive(TRUSTED)
            except Closed:
                return
            self.request = message["id"]
            if message["op"] == "load":
                self._load(message)
            elif message["op"] == "more":
                self._more(message)
            elif message["op"] == "measure":
                self._measure(message["module"])
            else:
                self._call(message["case"], message["seed"], message["given"], message["stand_ins"])

    def _reply(self, status: str, **fields: Any) -> None:
        if status != "at":
            self.alarms.clear()  # a hint must not fall into the middle of a frame
        self.channel.send({"id": self.request, "status": status, **fields})

    def _load(self, job: dict[str, Any]) -> None:
        self.job = job
        self.capture = Capture(job["output_bytes"])
        loaded, cells = prepare(self.scratch, self.main, job["module"])
        self.loaded = loaded
        index = index_of(self._texts(cells)).to_bytes() if job["read"] else b""
        try:
            self._take(job)
        except BaseException as error:
            self._reply("broken", message=explain(error, loaded.origin))
            return
        units = compiled(loaded, cells, job["code"])
        code = b"" if job["code"] else packed(units)  # like the index, sent before anything of the student's has run
        self._reply("ready", code=code if len(code) <= MOST_CODE else b"", index=index)
        self._watch(job["load_seconds"], job["load_brake"])
        without_graders("otter", "selfcheck")
        if "torch" in sys.modules:
            tame(self._own_bytes(), self._say)
        load(loaded, units, cells)
        self.loading = False
        self.state = keep()
        self._reply("loaded", problems=loaded.problems, stdout=self.capture.text())

    def _measure(self, module: str) -> None:
        """Measure the text; nothing of the student's has run, and nothing of it runs in this worker."""
        loaded, cells = prepare(self.scratch, self.main, module)
        pieces: list[tuple[str, str | bytes]] = [(label, text) for label, text in texts_of(loaded, cells)]
        if not pieces:
            with open(os.path.join(self.scratch, self.main), "rb") as file:
                pieces = [(os.path.basename(self.main), file.read())]
        self._reply("measured", measured=measure(pieces).to_bytes())

    def _own_bytes(self) -> bytes:
        """All that the student wrote, in one piece."""
        parts = []
        for path in self.own:
            if path.endswith((".py", ".ipynb")):
                with open(os.path.join(self.scratch, path), "rb") as file:
                    parts.append(file.read())
        return b"\n".join(parts)

    def _say(self, sentence: str) -> None:
        """Tell the student what was done otherwise than asked: on top while loading, then with what a case prints."""
        if self.loading and self.loaded is not None:
            self.loaded.remarks.append(sentence)
        else:
            print(sentence)

    def _more(self, job: dict[str, Any]) -> None:
        """Other probes for the submission that is loaded."""
        self._take(job)
        self._reply("more")

    def _take(self, job: dict[str, Any]) -> None:
        self.probes = {}
        remember(PROBES, job["source"])
        exec(marshal.loads(job["probes"]), self.probes)

    def _texts(self, cells: list[Cell]) -> list[Text]:
        """The submission's own Python, in cells and files; files of the course are not the student's."""
        assert self.loaded is not None
        texts = [Text(label, text) for label, text in texts_of(self.loaded, cells)]
        for path in self.own:
            if path.endswith(".py") and not (cells and path == self.main):
                with open(os.path.join(self.scratch, path), "rb") as file:
                    texts.append(Text(path, file.read()))
        return texts

    def _call(self, case: str, seed: int, given: bytes, stand_ins: bool) -> None:
        assert self.loaded is not None
        assert self.state is not None
        self.alarms.clear()  # those that the case before has set for itself, too
        restore(self.state)
        self.capture.restart()
        forbidden = tuple(self.job["forbidden"])
        watchers: list[Watcher] = [Operators(forbidden, backward=not stand_ins), NumpyCalls(forbidden)]
        self._watch(self.job["seconds"], self.job["brake"])
        world = World(seed)
        place = world if not given else _given(given)
        most = self.job["values_bytes"]
        ran = run_case(self.loaded, self.probes[case], place, watchers, seed=seed, most_bytes=most, stand_ins=stand_ins)
        common = {"message": ran.message, "trace": ran.trace, "stdout": self.capture.text(), "evidence": ran.evidence}
        common["draws"] = tuple(world.draws)
        if ran.status != "returned":
            self._reply(ran.status, **common)
        elif len(ran.payload) <= SMALL:
            self._reply(ran.status, **common, inline=ran.payload)
        else:
            with mmap.mmap(self.values_fd, self.job["values_bytes"]) as memory:
                memory[: len(ran.payload)] = ran.payload
            self._reply(ran.status, **common, shared=len(ran.payload))

    def _watch(self, seconds: float, brake: float) -> None:
        """Shortly before the processor time ends, and shortly before the brake, tell the grader which line is running,
        for the message of a timeout."""
        assert self.loaded is not None
        self.alarms.set(_hint(self._reply, self.loaded.origin), seconds * HINT_AT, brake * HINT_AT)


def _given(data: bytes) -> Given:
    table = decode(data)
    return Given(table["values"], table["weights"])


def _hint(reply: Callable[..., None], origin: Origin) -> Callable[[int, FrameType | None], None]:
    def tell(number: int, frame: FrameType | None) -> None:
        while frame is not None:
            label = origin.label(frame.f_code.co_filename)
            if label:
                reply("at", message=f"{label}, line {frame.f_lineno}")
                return
            frame = frame.f_back

    return tell


def rehearse() -> None:
    """Do once, in the zygote, what every worker does: lazy imports and caches are then there before the fork."""
    plain_cell("%matplotlib inline")
    restore(keep())
    seed_libraries(1)
    world = World(1)
    trace: list[str] = []
    values = {"array": world.normal((2,)), "formula": Symbol("x")}
    torch = sys.modules.get("torch")
    if torch is not None:
        with Operators(("torch.softmax",)):  # the first recorded operator imports hundreds of modules, for seconds
            values["tensor"] = torch.softmax(torch.zeros(2), dim=0)
    traced("rehearse", encode, trace)(values)


def run_worker(sock: socket.socket, values_fd: int, scratch: str, main: str, own: Sequence[str]) -> None:
    """The whole life of a worker; the process ends here."""
    status = 70
    try:
        sys.dont_write_bytecode = True
        Worker(sock, values_fd, scratch, main, own).serve()
        status = 0
    finally:
        os._exit(status)
