"""The cluster of these tests: that in the folder AUTOGRADER_CLUSTER, or one that is brought up for them and ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
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

    def start(self, name, *command):
        """Start a daemon once more."""
        with (self.folder / "log" / f"{name}.out").open("ab") as log:
            process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)
        (self.folder / f"{name}.pid").write_text(str(process.pid))
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
    yield machine
    subprocess.run(["scancel", "--me"], env=machine.env, check=False)
    for node in ("n1", "n2"):
        subprocess.run(
            ["scontrol", "update", f"nodename={node}", "state=resume"],
            env=machine.env,
            check=False,
            capture_output=True,
        )
