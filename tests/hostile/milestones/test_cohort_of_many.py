"""150 hand-ins with weights: killed and resumed, a run comes to every grade, and memory does not grow with them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograder.cohort.store import Store
from autograder.grading.source import AssignmentSource
from tests.milestone_course import grade_command, write_hand_ins

pytestmark = pytest.mark.slow
MANY = 150
GROWTH = 1.1
"""Memory while the last fifth of the hand-ins is graded over that while the second fifth is: by then all libraries are
loaded, however long a busy machine takes for that."""


@pytest.fixture
def hand_ins(toy: AssignmentSource, tmp_path: Path) -> Path:
    """Honest work with weights of its own each."""
    return write_hand_ins(tmp_path / "in", toy, MANY)


def processes_below(pid: int) -> set[int]:
    """This process and all that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def memory_mb(pid: int) -> float:
    """What these processes hold, shared pages counted by their share."""
    total = 0.0
    for one in processes_below(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def blobs(out: Path) -> int:
    """Files of evidence and weights that a run has kept so far."""
    return len(list((out / "blobs").rglob("*.zst")))


def watched(command: list[str], out: Path, stop_at: int = 0) -> tuple[list[tuple[int, float]], int]:
    """Files kept and memory every half second, and the exit status; killed when `stop_at` files are kept."""
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    seen = []
    while run.poll() is None:
        kept = blobs(out)
        if stop_at and kept >= stop_at:
            os.killpg(run.pid, signal.SIGKILL)
        seen.append((kept, memory_mb(run.pid)))
        time.sleep(0.5)
    return seen, run.wait()


def curve(seen: list[tuple[int, float]], first: int, last: int) -> list[float]:
    """The median of the memory while each fifth of the files from `first` to `last` came."""
    ends = np.linspace(first, last, 6)
    return [float(np.median([mb for kept, mb in seen if low < kept < high])) for low, high in pairwise(ends)]


def test_150_hand_ins_survive_a_kill_with_flat_memory(toy: AssignmentSource, hand_ins: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [*grade_command(toy, hand_ins), "-o", str(out)]
    _, status = watched([*command, "-j", "1"], out, stop_at=MANY // 5)
    assert status == -signal.SIGKILL
    kept = blobs(out)
    seen, status = watched([*command, "-j", "1", "--resume"], out)
    assert status == 0
    assert 0 < kept < blobs(out)
    with Store(out, create=False) as store:
        found = {e.who: store.grade(e) for e in store.current()}
    assert len(found) == MANY
    assert {g.points + g.waiting for g in found.values()} == {10}
    assert all(g.points > 0 and g.waiting > 0 for g in found.values())
    found_mb = curve(seen, kept, blobs(out))
    print(
        f"\n{kept} of {blobs(out)} files before the kill; MB by fifths of the others: {[round(mb) for mb in found_mb]}"
    )
    assert found_mb[-1] < GROWTH * found_mb[1]
