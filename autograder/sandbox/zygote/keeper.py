"""The session process: it holds one submission's files and forks the workers; it never runs student code itself."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from typing import Any

from autograder.sandbox.layers import LAYERS, Confinement
from autograder.sandbox.layers.privileges import adopt_orphans, die_with_parent
from autograder.sandbox.layers.scratch import Scratch
from autograder.sandbox.wire.frames import SMALL, TRUSTED, Channel, Closed
from autograder.sandbox.worker.worker import run_worker


def keep_session(channel: Channel, plan: dict[str, Any]) -> None:
    """Serve one session; the process ends here."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        adopt_orphans()
        die_with_parent()
        layers = frozenset(plan["layers"])
        seed = Confinement(plan["scratch"], layers=layers)
        for layer in LAYERS:
            if layer.stage == "session" and layer.name in layers:
                layer.apply(seed)
        Keeper(channel, plan).serve()
    except Closed:
        pass
    finally:
        os._exit(0)


class Keeper:
    """One session: `plan` has layers, scratch, uid and readable paths; the files come with the first frame."""

    def __init__(self, channel: Channel, plan: dict[str, Any]) -> None:
        self.channel, self.plan = channel, plan
        self.layers = frozenset(plan["layers"])
        self.child = 0
        self.files: dict[str, bytes] = {}
        self.main, self.own = "", [""]
        self.scratch = Scratch(plan["scratch"], "namespaces" in self.layers, "scratch" in self.layers)

    def serve(self) -> None:
        """Obey the grader until it hangs up; then nothing of the session is left."""
        first = self.channel.receive(TRUSTED)
        self.files, self.main, self.own = first["files"], first["main"], first["own"]
        self.channel.send({"session": os.getpid()})
        try:
            while True:
                request, fds = self.channel.receive_with_fds(SMALL)
                if request["op"] == "start":
                    self._start(request, *fds)
                else:
                    self.channel.send(self._stop(request["grace"]))
        finally:
            self._stop()
            self.scratch.remove()

    def _start(self, request: dict[str, Any], sock_fd: int, values_fd: int) -> None:
        uid = self.plan["uid"] if "identity" in self.layers else 0
        self.scratch.fill(self.files, request["limits"]["disk_mb"], uid)
        confinement = Confinement(
            self.scratch.folder, tuple(self.plan["used"]), uid, self.plan["search"], tuple(self.plan["readable"]),
            (sock_fd, values_fd),
            layers=self.layers, **request["limits"],
        )  # fmt: skip
        self.child = os.fork()
        if self.child == 0:
            self._become_worker(confinement)
        os.close(sock_fd)
        os.close(values_fd)
        self.channel.send({"started": self.child})

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

    def _stop(self, grace: float = 0.0) -> dict[str, Any]:
        """Kill the worker and all it may have left, empty the scratch, and say how it ended.

        With `grace`, a worker that hung up gets these seconds to be dead by itself: its end is then its own.
        """
        report: dict[str, Any] = {"killed": False, "signal": 0, "exit": 0}
        if self.child:
            report["killed"] = not ended(self.child, grace)
            if report["killed"]:
                os.kill(self.child, signal.SIGKILL)
            _, status = os.waitpid(self.child, 0)
            if os.WIFSIGNALED(status):
                report["signal"] = os.WTERMSIG(status)
            else:
                report["exit"] = os.WEXITSTATUS(status)
            self.child = 0
            kill_descendants()
        self.scratch.clear()
        return report


def ended(child: int, grace: float) -> bool:
    """Whether the child ends by itself within `grace` seconds."""
    until = time.monotonic() + grace
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.001)
    return True


def kill_descendants() -> None:
    """End every process below this one. Without the no-fork filter a worker may have left some."""
    if os.getpid() == 1:  # init of its own pid namespace: everyone else in it
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    while True:
        try:
            found = [int(p) for p in _children()]
            for pid in found:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0 if found or os.getpid() == 1 else os.WNOHANG)
        except ChildProcessError:
            return
        except ProcessLookupError:
            continue


def _children() -> list[str]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return file.read().split()
    except OSError:
        return []
