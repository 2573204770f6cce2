"""The sandbox: `Sandbox` owns a zygote, `Session` one submission, and each job of a session a fresh worker.

with Sandbox.start(mode="standard") as sandbox:
    with sandbox.session(submission) as session:
        answers = session.run(job)
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType

from autograder.authoring.world import World
from autograder.errors import MachineError
from autograder.sandbox.floor import layers_in_force
from autograder.sandbox.frames import SMALL, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.layers.identity import FIRST_UID, UIDS
from autograder.sandbox.messages import Job, Mode, ProbeCall, Submission
from autograder.sandbox.reading import submission_from_text
from autograder.sandbox.session import Session
from autograder.sandbox.spawning import Zygote, after


class Sandbox:
    """A running zygote with the layers that its sessions get. Threads may share it; each session belongs to one.

    `layers` are the names of the layers in force, `missing` the others with the reason.
    """

    def __init__(self, zygote: Zygote, mode: Mode, layers: tuple[str, ...], missing: Mapping[str, str]) -> None:
        self.mode, self.layers, self.missing = mode, layers, dict(missing)
        self._zygote = zygote
        self._lock = threading.Lock()
        self._numbers = itertools.count(os.getpid() * 64)

    @classmethod
    def start(cls, mode: Mode = "standard", *, without: Collection[str] = (), seconds: float = 120.0) -> Sandbox:
        """Start a zygote (over a second: it imports torch).

        Args:
            mode: the floor: `strict`, `standard`, or `off` for no layer at all.
            without: layers to leave off, for tests that show what each of them stops.
            seconds: how long the start may take.

        Raises:
            MachineError: a layer of the floor is missing here, or the zygote does not start.
        """
        zygote = Zygote.spawn()
        try:
            missing = zygote.probe(after(seconds))
            layers = layers_in_force(mode, missing, without)
            zygote.settle(layers, after(seconds))
        except BaseException:
            zygote.end()
            raise
        sandbox = cls(zygote, mode, layers, {name: why for name, why in missing.items() if why})
        try:
            sandbox._try_out()
        except BaseException:
            sandbox.close()
            raise
        return sandbox

    def _try_out(self) -> None:
        """One harmless case through all layers together: what fails here would fail for every submission."""
        probe = "def trial(student, world):\n    return student.double(world.normal())\n"
        submission = submission_from_text("trial", "trial", "def double(x):\n    return 2 * x\n")
        with self.session(submission) as session:
            (answer,) = session.run(Job("trial", True, "trial", probe, (ProbeCall("trial", 1),)))
        if answer.status != "returned" or answer.value != 2 * World(1).normal():
            raise MachineError("the sandbox does not work here", where="sandbox", found=answer.message,
                               fix="run `autograder doctor`")  # fmt: skip

    def session(self, submission: Submission, support: Mapping[str, bytes] | None = None) -> Session:
        """A session for one submission; files of `support` (path beside the main file → bytes) win over its own.

        Raises:
            MachineError: the zygote is gone.
        """
        number = next(self._numbers)
        scratch = Path(self._zygote.folder) / str(number)
        scratch.mkdir(mode=0o711)
        scratch.chmod(0o711)
        ours, theirs = socket.socketpair()
        request = {"scratch": str(scratch), "uid": FIRST_UID + number % UIDS}
        try:
            with self._lock:
                self._zygote.channel.send(request, (theirs.fileno(),), after(30))
                self._zygote.channel.receive(SMALL, after(30))
        except (Closed, TimeUp, BadFrame):
            ours.close()
            raise MachineError("the sandbox process is gone", where="sandbox", fix="start the grading again") from None
        finally:
            theirs.close()
        return Session(Channel(ours), submission, dict(support or {}), str(scratch), self.layers)

    def close(self) -> None:
        """End the zygote and every session of it."""
        self._zygote.end()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self.close()
