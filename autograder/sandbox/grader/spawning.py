"""The zygote as the grader holds it: started, asked what the machine offers, told what to put on, ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from autograder.errors import MachineError
from autograder.sandbox.layers import devices
from autograder.sandbox.layers.environment import clean_environment
from autograder.sandbox.layers.identity import out_of_reach
from autograder.sandbox.layers.scratch import remove_all
from autograder.sandbox.wire.frames import SMALL, BadFrame, Channel, Closed, TimeUp
from autograder.sandbox.zygote.zygote import BOOT

PACKAGE = Path(__file__).resolve().parents[2]


def after(seconds: float) -> float:
    """The deadline so many seconds from now."""
    return time.monotonic() + seconds


class Zygote:
    """The process, the channel to it, and the folder below which the scratches lie."""

    def __init__(self, process: subprocess.Popen[bytes], channel: Channel, errors: IO[bytes], folder: str) -> None:
        self.process, self.channel, self.errors, self.folder = process, channel, errors, folder

    @classmethod
    def spawn(cls, device: bool = False) -> Zygote:
        """Exec it: isolated as by `-I`, but PYTHONHASHSEED of the clean environment counts, so that gradings repeat.

        Args:
            device: for workers that use a GPU: the driver's libraries are looked for where this process looks.

        Raises:
            MachineError: Python cannot be started.
        """
        ours, theirs = socket.socketpair()
        folder = tempfile.mkdtemp(prefix="autograder-")
        os.chmod(folder, 0o711)
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the zygote
        arguments = [str(PACKAGE), str(theirs.fileno()), folder]
        command = [sys.executable, "-P", "-s", "-B", "-X", "utf8", "-c", BOOT, *arguments]
        environment = clean_environment() | {"TMPDIR": folder}
        if device and devices.library_paths():
            environment["LD_LIBRARY_PATH"] = devices.library_paths()
        try:
            process = subprocess.Popen(
                command, env=environment, cwd="/", stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, pass_fds=(theirs.fileno(),), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            ours.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise MachineError("the sandbox cannot be started", where="sandbox", found=str(error)) from None
        finally:
            theirs.close()
        return cls(process, Channel(ours), errors, folder)

    def probe(self, deadline: float) -> dict[str, str]:
        """Layer → why it is missing here, empty where it is not."""
        reply = self._receive(deadline)
        return {str(name): str(why) for name, why in reply["layers"].items()}

    def settle(self, layers: tuple[str, ...], torch: bool, deadline: float, device: bool = False) -> None:
        """Tell it its layers and wait until its libraries are loaded, PyTorch among them or not.

        Args:
            device: its workers may use a GPU.
        """
        readable = readable_paths(devices.library_paths().split(os.pathsep) if device else ())
        search = {"identity", "landlock"} <= set(layers) and bool(out_of_reach([*readable, self.folder]))
        plan = {"layers": list(layers), "readable": readable, "search": search, "torch": torch}
        self.channel.send(plan | {"devices": devices.visible() if device else ""}, deadline=deadline)
        self._receive(deadline)

    def _receive(self, deadline: float) -> dict[str, dict[str, str]]:
        try:
            return self.channel.receive(SMALL, deadline)
        except (Closed, TimeUp, BadFrame) as error:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
            self.errors.seek(0)
            tail = self.errors.read()[-600:].decode(errors="replace").strip()
            found = "it did not answer in time" if isinstance(error, TimeUp) else tail or "it ended at once"
            raise MachineError("the sandbox process did not start", where="sandbox", found=found,
                               fix="run `autograder doctor`") from None  # fmt: skip

    def end(self) -> None:
        """Hang up, wait, and remove its folder. Nothing of it is left."""
        self.channel.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.errors.close()
        self._remove_folder()

    def _remove_folder(self) -> None:
        """Sessions that are still cleaning up may be in the way for a moment."""
        for _ in range(50):
            remove_all(self.folder)
            if not os.path.exists(self.folder):
                return
            time.sleep(0.02)


def readable_paths(more: Iterable[str] = ()) -> list[str]:
    """What a worker may read: the system's libraries, this Python, a few harmless files, and `more` folders of
    libraries. Never the working tree."""
    system = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts",
              "/proc/cpuinfo", "/sys/devices/system/cpu", "/dev/null", "/dev/zero",
              "/dev/random", "/dev/urandom"]  # fmt: skip
    prefixes: Iterable[str] = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    return sorted({path for path in [*system, *prefixes, *more] if path and os.path.exists(path)})
