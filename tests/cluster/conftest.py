"""The cluster of these tests: that in the folder AUTOGRADER_CLUSTER, or one that is brought up for them and ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent


class Machine:
    """A cluster of two nodes on this machine, whose daemons may be killed."""

    def __init__(self, folder, env):
        self.folder, self.env, self.started = folder, env, []

    def said(self, *words):
        """What a command of SLURM prints."""
        return subprocess.run(words, env=self.env, capture_output=True, text=True, check=True, timeout=60).stdout

    def pid(self, name):
        """Of a daemon."""
        return int((self.folder / f"{name}.pid").read_text())

    @contextlib.contextmanager
    def without_slurmd(self, node):
        """kill -9 of a node's daemon; it is started again in the end."""
        os.kill(self.pid(f"slurmd-{node}"), signal.SIGKILL)
        try:
            yield
        finally:
            with (self.folder / "log" / f"slurmd-{node}.out").open("ab") as log:
                command = ["slurmd", "-D", "-N", node]
                process = subprocess.Popen(
                    command, env=self.env, stdout=log, stderr=log, start_new_session=True, cwd=self.folder
                )
            (self.folder / f"slurmd-{node}.pid").write_text(str(process.pid))
            self.started.append(process)


@pytest.fixture(scope="session")
def machine(tmp_path_factory):
    if shutil.which("sbatch") is None or os.getuid() != 0:
        pytest.skip("no SLURM here, or nobody who may bring it up")
    given = os.environ.get("AUTOGRADER_CLUSTER")
    folder = Path(given) if given else tmp_path_factory.mktemp("cluster")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ports = {"CLUSTER_PORT": str(free.getsockname()[1])}
    done = subprocess.run(
        [HERE / "up", folder], env=os.environ | ports, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    env = os.environ | {"SLURM_CONF": str(folder / "etc" / "slurm.conf"), "PATH": os.environ["PATH"] + ":/usr/sbin"}
    machine = Machine(folder, env)
    yield machine
    if not given:
        subprocess.run([HERE / "down", folder], check=True, timeout=120)
    for process in machine.started:
        process.returncode = 0  # a daemon, which `down` ends; nobody here waits for it


@pytest.fixture
def idle(machine):
    """The cluster with all its nodes up and nothing to do, afterwards too."""
    until = time.monotonic() + 60
    while machine.said("sinfo", "-h", "-N", "-p", "grading", "-t", "idle", "-o", "%N").split() != ["n1", "n2"]:
        assert time.monotonic() < until, machine.said("sinfo", "-N")
        time.sleep(0.5)
    yield machine
    subprocess.run(["scancel", "--me"], env=machine.env, check=False)
    for node in ("n1", "n2"):
        subprocess.run(
            ["scontrol", "update", f"nodename={node}", "state=resume"],
            env=machine.env,
            check=False,
            capture_output=True,
        )
