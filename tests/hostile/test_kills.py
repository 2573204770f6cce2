"""A grader, zygote or session that is killed: nothing stays behind, no zero is given, and the next grading is right."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.hostile.den import descendants, parents
from tests.hostile.test_hostile import HONEST

LINE = 3  # below the zygote: init of its namespace, the session, the worker
FULL = {q: ["10", "10"] for q in ("energy", "weights", "slope", "ranks")}


@pytest.fixture(scope="module")
def grader(graders):
    process = graders.fresh("root")
    yield process
    process.kill()


def gone(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def line_of(grader, length):
    """The processes from the zygote down to the worker whose case sleeps; others may still be ending beside it."""
    zygote, found = grader.hello["zygote"], []

    def there():
        found[:] = deepest(zygote, parents())
        return len(found) > length and asleep(found[-1])

    assert gone(there)
    return found


def deepest(pid, table):
    """The longest line of processes below `pid`, itself first."""
    lines = [deepest(child, table) for child, parent in table.items() if parent == pid]
    return [pid, *max(lines, key=len, default=[])]


def asleep(pid):
    """Whether a process is in time.sleep()."""
    try:
        return "nanosleep" in Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return False


def test_a_killed_grader_leaves_no_process_and_no_file(graders):
    grader = graders.fresh("root")
    grader.tell("grade", name="faults/sleeps.py", limit=8.0)
    line = line_of(grader, LINE)
    family = descendants(grader.process.pid)
    assert set(line) <= family
    grader.kill()
    assert gone(lambda: not family & set(parents()))
    assert gone(lambda: not os.path.exists(grader.hello["folder"]))


def test_a_killed_session_is_no_zero_of_a_student(grader):
    grader.tell("grade", name="faults/sleeps.py", limit=8.0)
    _, _, session, *_ = line_of(grader, LINE)
    os.kill(session, signal.SIGKILL)
    record = grader._next(90)
    grader.hello |= record["told"]
    assert not record["graded"], record
    assert "broken" in {v[2] for v in record["verdicts"]}
    assert grader.ask("grade", name=HONEST)["points"] == FULL


def test_a_killed_zygote_is_a_fault_of_the_machine_and_it_is_replaced(grader):
    grader.tell("grade", name="faults/sleeps.py", limit=8.0)
    line_of(grader, LINE)
    os.kill(grader.hello["zygote"], signal.SIGKILL)
    record = grader._next(90)
    grader.hello |= record["told"]
    assert "machine" in record or not record["graded"]
    assert grader.ask("grade", name=HONEST)["points"] == FULL


def test_a_killed_worker_costs_its_case_only(grader):
    grader.tell("grade", name="faults/sleeps.py", limit=8.0)
    worker = line_of(grader, LINE)[-1]
    os.kill(worker, signal.SIGSEGV)
    record = grader._next(90)
    grader.hello |= record["told"]
    assert record["graded"]
    assert record["points"] == FULL | {"energy": ["0", "10"]}
    assert {v[2] for v in record["verdicts"] if v[0] == "energy"} == {"crashed", "timeout"}
