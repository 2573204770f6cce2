"""The zygote: clean, started from any copy of the package, gone with its grader."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from autograder.sandbox.grader.spawning import PACKAGE, Zygote, after, readable_paths


def test_the_zygote_has_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    zygote = Zygote.spawn()
    try:
        zygote.probe(after(30))
        environment = Path(f"/proc/{zygote.process.pid}/environ").read_bytes()
        assert b"hunter2" not in environment
        assert b"PYTHONHASHSEED=0" in environment
    finally:
        zygote.end()
    assert not os.path.exists(zygote.folder)


def test_the_working_tree_is_not_readable() -> None:
    paths = readable_paths()
    assert sys.prefix in paths
    assert not [path for path in paths if PACKAGE.parent.is_relative_to(path)]
    assert "/" not in paths


SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from autograder.sandbox.grader import box, spawning
from autograder.sandbox.wire.messages import Submission
from autograder.sandbox.wire.messages import Job, ProbeCall
assert str(spawning.PACKAGE).startswith({root!r})
with box.Sandbox.start() as sandbox:
    (zygote,) = sandbox.zygotes()
    print(zygote.folder, flush=True)
    with sandbox.session(Submission.of_text("hw.py", "hw", {text!r})) as session:
        job = Job("q", True, "hw", "def case(student, world):\\n    return student.f()\\n", (ProbeCall("case", 1),))
        (answer,) = session.run(job)
        print(answer.status, answer.message, answer.value, flush=True)
"""


def started(root: Path, text: str) -> subprocess.Popen[str]:
    script = SCRIPT.format(root=str(root), text=textwrap.dedent(text))
    return subprocess.Popen([sys.executable, "-P", "-c", script], stdout=subprocess.PIPE, text=True, cwd="/",
                            env={"PATH": "/usr/bin:/bin"})  # fmt: skip


def test_a_copy_of_five_folders_is_enough(tmp_path: Path) -> None:
    for part in ("__init__.py", "errors.py"):
        (tmp_path / "autograder").mkdir(exist_ok=True)
        shutil.copy(PACKAGE / part, tmp_path / "autograder" / part)
    for part in ("sandbox", "values", "authoring", "spec"):
        shutil.copytree(PACKAGE / part, tmp_path / "autograder" / part)
    process = started(tmp_path, "import autograder\ndef f():\n    return autograder.__file__\n")
    output, _ = process.communicate(timeout=60)
    assert f"returned  {tmp_path}/autograder/__init__.py" in output


def test_a_killed_grader_leaves_nothing() -> None:
    process = started(PACKAGE.parent, "def f():\n    while True: pass\n")
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.exists()
    assert processes_of(folder)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for _ in range(200):  # loading the libraries is not interrupted
        if not folder.exists() and not processes_of(folder):
            break
        time.sleep(0.05)
    assert not folder.exists()
    assert not processes_of(folder)


def processes_of(folder: Path) -> list[Path]:
    """Zygotes of that folder and what they forked."""
    return [p for p in Path("/proc").glob("[0-9]*/cmdline") if str(folder).encode() in read(p)]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
