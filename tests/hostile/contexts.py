"""Privilege contexts: where the grader runs, each as a way to start a grader process, or the reason why not here."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.layers.identity import out_of_reach

REPOSITORY = Path(__file__).parent.parent.parent
PLAIN_UID = 47113
NEEDED = ("msgpack", "zstandard", "rich")
CONTEXTS = ("root", "plain", "docker")


class Unavailable(Exception):
    """A context that this machine does not offer; the text says why."""


class Hang(Exception):
    """A grader that did not answer in time."""


@dataclass(frozen=True)
class Way:
    """How to start a Python in a context: `command` up to the interpreter, in `folder`, where the package lies."""

    command: tuple[str, ...]
    folder: str
    container: str = ""


class GraderProcess:
    """A grader in a context, asked by lines of JSON."""

    def __init__(self, way: Way, *options: str, seconds: float = 120.0) -> None:
        self.way = way
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self.process = subprocess.Popen(
            [*way.command, "-m", "tests.hostile.grader", *options],
            cwd=None if way.container else way.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.hello = self._next(seconds)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            said = self.said()
            self.kill()
            raise Hang(f"no answer within {seconds:g} s\n{said}") from None
        if not line:
            said = self.said()
            self.kill()
            raise RuntimeError(f"the grader ended with {self.process.returncode}:\n{said}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, do: str, seconds: float = 60.0, **request: Any) -> dict[str, Any]:
        """One request; Hang when it takes longer."""
        self.tell(do, **request)
        return self._next(seconds)

    def tell(self, do: str, **request: Any) -> None:
        """A request whose answer is not waited for."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self.process.stdin.flush()

    def said(self) -> str:
        """The end of its stderr."""
        if self.errors.closed:
            return ""
        self.errors.seek(0)
        return self.errors.read()[-3000:].decode(errors="replace")

    def kill(self) -> None:
        """SIGKILL."""
        if self.way.container:
            subprocess.run(["docker", "kill", self.way.container], capture_output=True, check=False)
        self.process.kill()
        self._release()

    def close(self) -> None:
        """Hang up and wait."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self._release()

    def _release(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.wait()
        self._reader.join(10)
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()


class Stage:
    """A copy of the package and of these tests that every user may read, and an interpreter that every user may run."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hostile-stage-"))
        self.folder.chmod(0o755)
        code = self.folder / "code"
        ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(REPOSITORY / "autograder", code / "autograder", ignore=ignore)
        shutil.copytree(REPOSITORY / "tests" / "hostile", code / "tests" / "hostile", ignore=ignore)
        self.code = str(code)
        subprocess.run(["chmod", "-R", "a+rX", str(code)], check=True)

    def way(self, context: str) -> Way:
        """How to start a grader in a context.

        Raises:
            Unavailable: not on this machine.
        """
        return {"root": self._root, "plain": self._plain, "docker": self._docker}[context]()

    def _root(self) -> Way:
        if os.geteuid() != 0:
            raise Unavailable("this is not root")
        return Way((sys.executable,), self.code)

    def _plain(self) -> Way:
        if os.geteuid() != 0:
            return Way((sys.executable,), self.code)
        if not shutil.which("setpriv"):
            raise Unavailable("there is no setpriv to become another user with")
        drop = ("setpriv", f"--reuid={PLAIN_UID}", f"--regid={PLAIN_UID}", "--clear-groups", "--no-new-privs")
        return Way((*drop, self._interpreter()), self.code)

    @functools.cache  # noqa: B019
    def _interpreter(self) -> str:
        """A Python that another user may run: this one, or a venv of the system's with hard links to our libraries."""
        if not out_of_reach({sys.executable, sys.prefix, sys.base_prefix, sysconfig.get_path("purelib")}):
            return sys.executable
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        system = shutil.which(f"python{version}", path="/usr/bin:/usr/local/bin")
        if system is None or out_of_reach([os.path.realpath(system)]):
            raise Unavailable(f"this Python lies in a closed folder, and the system has no python{version}")
        venv = self.folder / "venv"
        subprocess.run([system, "-m", "venv", "--without-pip", str(venv)], check=True, capture_output=True)
        target = venv / "lib" / f"python{version}" / "site-packages"
        shutil.rmtree(target)
        try:
            shutil.copytree(sysconfig.get_path("purelib"), target, copy_function=os.link, symlinks=True)
        except (OSError, shutil.Error) as error:
            raise Unavailable(f"the libraries cannot be linked for another user: {str(error)[:200]}") from None
        return str(venv / "bin" / "python")

    def _docker(self) -> Way:
        image = docker_image()
        name = f"{self.folder.name}-{os.urandom(3).hex()}"
        run = ("docker", "run", "--rm", "-i", "--name", name, "-v", f"{self.code}:/grader:ro", "-w", "/grader")
        return Way((*run, image, "/opt/venv/bin/python"), "/grader", name)

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def docker_image() -> str:
    """An image with Python in /opt/venv, torch and what the grader needs; made from a base image when it lacks some.

    Raises:
        Unavailable: no engine, or no base image.
    """
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        raise Unavailable("there is no Docker engine")
    listed = subprocess.run(
        ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"], capture_output=True, text=True, check=True
    )
    bases = [n for n in listed.stdout.split() if n.startswith("autograder-base:")]
    base = os.environ.get("AUTOGRADER_TEST_IMAGE") or (bases[0] if bases else "")
    if not base:
        raise Unavailable("no image with torch in /opt/venv; name one in AUTOGRADER_TEST_IMAGE")
    tag = "autograder-hostile:" + hashlib.sha256(repr((base, NEEDED)).encode()).hexdigest()[:12]
    if subprocess.run(["docker", "image", "inspect", tag], capture_output=True, check=False).returncode:
        recipe = f"FROM {base}\nRUN /opt/venv/bin/pip install -q --no-cache-dir {' '.join(NEEDED)}\n"
        environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
        made = subprocess.run(
            ["docker", "build", "-q", "-t", tag, "-"],
            input=recipe,
            text=True,
            capture_output=True,
            env=environment,
            check=False,
        )
        if made.returncode:
            raise Unavailable(f"the image cannot be built: {made.stderr[-300:]}")
    return tag
