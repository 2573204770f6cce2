"""The session process: it holds one submission's files and forks the workers; it never runs student code itself."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.layers import LAYERS, Confinement
from autograder.sandbox.layers.identity import uid_of
from autograder.sandbox.layers.privileges import adopt_orphans, die_with_parent
from autograder.sandbox.layers.scratch import Scratch
from autograder.sandbox.wire.frames import SMALL, TRUSTED, Channel, Closed
from autograder.sandbox.worker.worker import run_worker
from autograder.sandbox.zygote.descendants import ended, kill_descendants, kill_strangers, moved, stop_and_wait


def keep_session(channel: Channel, plan: dict[str, Any]) -> None:
    """Serve one session; the process ends here."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        adopt_orphans()
        die_with_parent()
        layers = frozenset(plan["layers"])
        seed = Confinement(plan["scratch"], layers=layers, devices=plan["devices"])
        for layer in LAYERS:
            if layer.stage == "session" and layer.name in layers:
                layer.apply(seed)
        Keeper(channel, plan).serve()
    except Closed:
        pass
    finally:
        os._exit(0)


@dataclass(frozen=True)
class Child:
    """A worker as the keeper knows it; `slot` tells its user from those of the others that are there."""

    pid: int
    slot: int
    scratch: Scratch


class Keeper:
    """One session: `plan` has layers, scratch, number and readable paths; the files come with the first frame.

    The grader numbers the workers. One of them runs, others may be parked (stopped); each has its own folder.
    """

    def __init__(self, channel: Channel, plan: dict[str, Any]) -> None:
        self.channel, self.plan = channel, plan
        self.layers = frozenset(plan["layers"])
        self.children: dict[int, Child] = {}
        self.files: dict[str, bytes] = {}
        self.main, self.own = "", [""]

    def serve(self) -> None:
        """Obey the grader until it hangs up; then nothing of the session is left."""
        first = self.channel.receive(TRUSTED)
        self.files, self.main, self.own = first["files"], first["main"], first["own"]
        self.channel.send({"session": os.getpid()})
        try:
            while True:
                request, fds = self.channel.receive_with_fds(SMALL)
                self._obey(request, fds)
        finally:
            for number in list(self.children):
                self._stop(number)
            kill_descendants()
            with contextlib.suppress(OSError):
                os.rmdir(self.plan["scratch"])

    def _obey(self, request: dict[str, Any], fds: list[int]) -> None:
        number = request["worker"]
        if request["op"] == "start":
            self._start(number, request["limits"], *fds)
        elif request["op"] == "stop":
            self.channel.send(self._stop(number, request["grace"]))
        elif request["op"] == "park":
            stop_and_wait(self.children[number].pid)
            self.channel.send({"parked": number})
        else:
            child = self.children[number].pid
            report = {"moved": moved(child)}
            os.kill(child, signal.SIGCONT)
            self.channel.send(report)

    def _start(self, number: int, limits: dict[str, Any], sock_fd: int, values_fd: int) -> None:
        taken = {child.slot for child in self.children.values()}
        slot = next(n for n in range(len(taken) + 1) if n not in taken)
        uid = uid_of(self.plan["number"], slot) if "identity" in self.layers else 0
        scratch = Scratch(self.plan["scratch"], number, "namespaces" in self.layers, "scratch" in self.layers)
        scratch.fill(self.files, limits["disk_mb"], uid)
        confinement = Confinement(
            scratch.folder, tuple(self.plan["used"]), uid, self.plan["search"], tuple(self.plan["readable"]),
            (sock_fd, values_fd),
            layers=self.layers, devices=self.plan["devices"], **limits,
        )  # fmt: skip
        pid = os.fork()
        if pid == 0:
            self._become_worker(confinement)
        self.children[number] = Child(pid, slot, scratch)
        os.close(sock_fd)
        os.close(values_fd)
        handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
        self.channel.send({"started": pid}, () if handle is None else (handle,))
        if handle is not None:
            os.close(handle)

    def _become_worker(self, confinement: Confinement) -> None:
        """Put the layers on, in order; a layer that fails ends the worker before it has read anything."""
        name = "session"
        try:
            sock_fd, values_fd = confinement.keep
            sock = socket.socket(fileno=sock_fd)
            os.setsid()
            self.channel.close()
            try:
                for layer in LAYERS:
                    if layer.stage == "worker" and layer.name in self.layers:
                        name = layer.name
                        layer.apply(confinement)
            except Exception as error:
                Channel(sock).send({"id": 0, "status": "broken", "message": f"{name}: {error}"})
                raise
            run_worker(sock, values_fd, confinement.scratch, self.main, self.own)
        finally:
            os._exit(71)

    def _stop(self, number: int, grace: float = 0.0) -> dict[str, Any]:
        """Kill a worker and all it may have left, remove its scratch, and say how it ended.

        With `grace`, a worker that hung up gets these seconds to be dead by itself: its end is then its own.
        """
        report: dict[str, Any] = {"killed": False, "signal": 0, "exit": 0}
        child = self.children.pop(number, None)
        if child is None:
            return report
        report["killed"] = not ended(child.pid, grace)
        if report["killed"]:
            os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        if os.WIFSIGNALED(status):
            report["signal"] = os.WTERMSIG(status)
        else:
            report["exit"] = os.WEXITSTATUS(status)
        if "seccomp" not in self.layers:  # with it no worker has descendants
            kill_strangers({other.pid for other in self.children.values()})
        child.scratch.clear()
        return report
