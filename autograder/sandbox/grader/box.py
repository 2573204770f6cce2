"""The sandbox: `Sandbox` owns the zygotes, `Session` one submission, and each question gets a fresh worker.

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
from autograder.sandbox.grader.effort import Brake
from autograder.sandbox.grader.floor import layers_in_force
from autograder.sandbox.grader.session import Session
from autograder.sandbox.grader.spawning import Zygote, after
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.layers.devices import RELAXED
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.wire.messages import Job, Mode, ProbeCall, Submission


class Sandbox:
    """Running zygotes with the layers that their sessions get. Threads may share it; each session belongs to one.

    There is one zygote with PyTorch and one without, each started when a submission first needs it; what comes out is
    the same, but without PyTorch a worker forks and ends faster (a small question: 10 ms in place of 17).

    `layers` are the names of the layers in force, `missing` the others with the reason.
    """

    def __init__(
        self,
        probed: Zygote,
        mode: Mode,
        layers: tuple[str, ...],
        missing: Mapping[str, str],
        seconds: float,
        brake: Brake = Brake(),  # noqa: B008  # frozen
        device: bool = False,
    ) -> None:
        self.mode, self.layers, self.missing, self.seconds = mode, layers, dict(missing), seconds
        self.brake, self.device = brake, device
        self._probed: Zygote | None = probed
        self._zygotes: dict[bool, Zygote] = {}
        self._on_device: Sandbox | None = None
        self._lock = threading.RLock()
        self._numbers = itertools.count(os.getpid() * 64)

    @classmethod
    def start(
        cls,
        mode: Mode = "standard",
        *,
        without: Collection[str] = (),
        seconds: float = 120.0,
        brake: Brake = Brake(),  # noqa: B008  # frozen
        device: bool = False,
    ) -> Sandbox:
        """Find out what this machine offers, and be ready to load libraries.

        Args:
            mode: the floor: `strict`, `standard`, or `off` for no layer at all.
            without: layers to leave off, for tests that show what each of them stops.
            seconds: how long the start of a zygote may take.
            brake: the wall time that a case may take beside its processor time.
            device: let the workers use a GPU; `layers.devices.RELAXED` says what that loosens.

        Raises:
            MachineError: a layer of the floor is missing here, or the zygote does not start.
        """
        zygote, missing = _spawned(seconds, device)
        try:
            layers = layers_in_force(mode, missing, without)
        except BaseException:
            zygote.end()
            raise
        return cls(zygote, mode, layers, {name: why for name, why in missing.items() if why}, seconds, brake, device)

    @property
    def relaxed(self) -> dict[str, str]:
        """Layer in force → what is loosened in it for a GPU; empty without one."""
        return {name: what for name, what in RELAXED.items() if self.device and name in self.layers}

    def on_device(self) -> Sandbox:
        """A sandbox of the same mode whose workers may use a GPU; started when it is first asked for, ended with this.

        Raises:
            MachineError: it does not start.
        """
        with self._lock:
            if self._on_device is None:
                without = {layer.name for layer in LAYERS} - {*self.layers, *self.missing}
                self._on_device = Sandbox.start(
                    self.mode, without=without, seconds=self.seconds, brake=self.brake, device=True
                )
            return self._on_device

    def session(
        self, submission: Submission, support: Mapping[str, bytes] | None = None, *, torch: bool = True
    ) -> Session:
        """A session for one submission; files of `support` (path beside the main file → bytes) win over its own.

        Args:
            torch: have PyTorch loaded beforehand (`libraries.needs_torch` tells when that pays).

        Raises:
            MachineError: the sandbox does not work here, or the zygote is gone.
        """
        return self._session_of(self._zygote(torch), submission, dict(support or {}))

    def load(self, torch: bool) -> None:
        """Load the libraries now, with PyTorch or without, and try them out.

        Raises:
            MachineError: the sandbox does not work here.
        """
        self._zygote(torch)

    def _zygote(self, torch: bool) -> Zygote:
        with self._lock:
            return self._zygotes.get(torch) or self._settled(torch)

    def _settled(self, torch: bool) -> Zygote:
        """A zygote with its libraries, after one harmless case through all layers together: what fails there would
        fail for every submission."""
        zygote, self._probed = self._probed or _spawned(self.seconds, self.device)[0], None
        try:
            zygote.settle(self.layers, torch, after(self.seconds), self.device)
            self._try_out(zygote)
        except BaseException:
            zygote.end()
            raise
        self._zygotes[torch] = zygote
        return zygote

    def _try_out(self, zygote: Zygote) -> None:
        probe = "def trial(student, world):\n    return student.double(world.normal())\n"
        submission = Submission.of_text("trial", "trial", "def double(x):\n    return 2 * x\n")
        with self._session_of(zygote, submission, {}) as session:
            (answer,) = session.run(Job("trial", True, "trial", probe, (ProbeCall("trial", 1),)))
        if answer.status != "returned" or answer.value != 2 * World(1).normal():
            raise MachineError("the sandbox does not work here", where="sandbox", found=answer.message,
                               fix="run `autograder doctor`")  # fmt: skip

    def _session_of(self, zygote: Zygote, submission: Submission, support: dict[str, bytes]) -> Session:
        number = next(self._numbers)
        scratch = Path(zygote.folder) / str(number)
        scratch.mkdir(mode=0o711)
        scratch.chmod(0o711)
        ours, theirs = socket.socketpair()
        request = {"scratch": str(scratch), "number": number}
        try:
            with self._lock:
                zygote.channel.send(request, (theirs.fileno(),), after(30))
                zygote.channel.receive(SMALL, after(30))
        except (Closed, TimeUp, BadFrame):
            ours.close()
            raise MachineError("the sandbox process is gone", where="sandbox", fix="start the grading again") from None
        finally:
            theirs.close()
        return Session(Channel(ours), submission, support, str(scratch), self.layers, self.brake)

    def zygotes(self) -> tuple[Zygote, ...]:
        """Those that are running."""
        waiting = () if self._probed is None else (self._probed,)
        return (*waiting, *self._zygotes.values())

    def close(self) -> None:
        """End the zygotes and every session of theirs."""
        for zygote in self.zygotes():
            zygote.end()
        if self._on_device is not None:
            self._on_device.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self.close()


def _spawned(seconds: float, device: bool) -> tuple[Zygote, dict[str, str]]:
    """A zygote that waits for its settings, and layer → why it is missing here."""
    zygote = Zygote.spawn(device)
    try:
        return zygote, zygote.probe(after(seconds))
    except BaseException:
        zygote.end()
        raise
