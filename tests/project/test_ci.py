"""`.ci/run`: a stage that fails hides no other, what is skipped is named, and the exit status keeps it all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKE = """#!/bin/sh
echo "make $*" >>"{log}"
case "$*" in
  test) echo "==== 3 passed, 1 deselected in 10.20s ====";;
  exam) echo "==== 1 failed, 2 passed in 3.00s ===="; exit {status};;
  "-s has-docker") exit 1;;
esac
"""


def ci(folder: Path, status: int) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run it with a `make` that only says what it was asked, and hardly another tool."""
    (folder / "bin").mkdir()
    log, tools = folder / "log", folder / "bin"
    (tools / "make").write_text(MAKE.format(log=log, status=status))
    (tools / "make").chmod(0o755)
    for name in ("bash", "cat", "dirname", "grep", "mktemp", "rm", "tee"):
        (tools / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        [str(tools / "bash"), str(ROOT / ".ci" / "run")],
        env={"PATH": str(tools), "HOME": os.environ.get("HOME", "/"), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done, log.read_text().splitlines()


def test_every_stage_runs_and_one_failure_is_kept(tmp_path: Path) -> None:
    done, asked = ci(tmp_path, status=2)
    assert done.returncode == 1, done.stderr
    assert asked == ["make test", "make exam", "make venv", "make -s has-docker"]
    closing = done.stdout.split("make venv")[1]
    assert "passed   test" in closing
    assert "FAILED   exam" in closing
    assert "==== 1 failed, 2 passed in 3.00s ====" in closing
    assert "==== 3 passed, 1 deselected in 10.20s ====" in closing


def test_what_is_not_here_is_skipped_with_the_reason(tmp_path: Path) -> None:
    done, _ = ci(tmp_path, status=0)
    assert done.returncode == 0, done.stderr
    for stage, reason in {"browser": "Chromium", "slurm": "sbatch", "gpu": "CUDA", "e2e": "Docker"}.items():
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"skipped  {stage}")]
        assert reason in line
