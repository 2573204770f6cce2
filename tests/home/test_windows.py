"""What a handout carries is imported without the modules and the names that Windows lacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from autograder.release.handout import _ROOTS
from autograder.release.vendor import closure

ROOT = Path(__file__).parents[2]
MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "posix", "_posixsubprocess", "syslog", "readline")
OF_OS = ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_DIRECTORY", "fork", "geteuid", "getuid", "setuid", "killpg",
         "uname", "sched_getaffinity", "mkfifo", "getpgid", "statvfs")  # fmt: skip
OF_SIGNAL = ("SIGKILL", "SIGALRM", "SIGPROF", "SIGXCPU", "SIGUSR1", "setitimer", "pthread_kill", "alarm")
BLOCKED = f"""
import os, signal, subprocess, sys, tempfile, shutil, zipfile, tarfile
import multiprocessing.connection, multiprocessing.context
import charset_normalizer, msgpack, mpmath, numpy, pydantic, sympy  # libraries know what system they are on
for name in {MODULES}:
    sys.modules[name] = None
for name in {OF_OS}:
    delattr(os, name)
for name in {OF_SIGNAL}:
    delattr(signal, name)
"""


def blocked(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BLOCKED + code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_module_of_a_handout_is_imported_without_them() -> None:
    done = blocked("".join(f"import {name}\n" for name in closure(_ROOTS)))
    assert done.returncode == 0, done.stderr
    assert {"autograder.sandbox.worker.running", "autograder.home.child"} <= set(closure(_ROOTS))


def test_the_block_is_felt() -> None:
    assert "resource" in blocked("import autograder.sandbox.layers.rlimits").stderr
    assert "O_DIRECTORY" in blocked("import os; os.open('/', os.O_DIRECTORY)").stderr
