"""Parked workers: stopped, each in a folder of its own, and capped in memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.session import Session
from autograder.sandbox.grader.table import Table, Worker
from autograder.sandbox.wire.messages import Answer, Submission
from tests.sandbox.test_plans import job, jobs, text

COUNT = "calls.append(x); return len(calls)"


def run(sandbox: Sandbox, submission: str, parked_mb: int | None = None, **options: Any) -> dict[str, Answer]:
    with sandbox.session(Submission.of_text("hw.py", "hw", submission), torch=False) as session:
        if parked_mb is not None:
            session.table.parked_mb = parked_mb
        return {answer.case: answer for answer in session.run(*jobs(**options))}


def state(worker: Worker) -> str:
    stat = Path(f"/proc/{worker.conversation.meter.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0]


THREADS = """
import threading
def spin():
    while True:
        pass
calls = []
threading.Thread(target=spin, daemon=True).start()
"""


def test_a_parked_worker_is_stopped_with_all_its_threads(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, float]] = []
    start = Table.start

    def starting(table: Table, *arguments: Any) -> Worker:
        made = start(table, *arguments)  # the keeper has parked the ones before by now: it obeys in order
        for parked in table.parked.values():
            meter = parked.conversation.meter
            before = meter.processor()
            time.sleep(0.2)
            seen.append((state(parked), meter.processor() - before))
        return made

    monkeypatch.setattr(Table, "start", starting)
    found = run(sandbox, text(top=THREADS, one=COUNT))
    assert seen == [("T", 0.0)] * 3
    assert found["one_secret"].value == 2


def test_a_running_worker_with_such_a_thread_does_use_the_processor(sandbox: Sandbox) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", text(top=THREADS)), torch=False) as session:
        worker = session.table.start("one", job("one", True), 1)
        worker.conversation.prepare()
        worker.conversation.load()
        before = worker.conversation.meter.processor()
        time.sleep(0.3)
        assert worker.conversation.meter.processor() > before
        assert state(worker) != "T"
        session.table.end(worker)


BIG = "import numpy\ncalls = []\nheld = numpy.ones(2**22)\n"  # 32 MiB


@pytest.mark.parametrize(("parked_mb", "second", "started"), [(10, 1, 6), (150, 2, 3), (50, None, 5)])
def test_what_parked_workers_hold_is_capped_and_the_rest_is_loaded_again(
    sandbox: Sandbox, parked_mb: int, second: int | None, started: int
) -> None:
    """Three workers of 32 MiB each: none fits, all fit, one fits."""
    with sandbox.session(Submission.of_text("hw.py", "hw", text(top=BIG, one=COUNT, three=COUNT))) as session:
        session.table.parked_mb = parked_mb
        found = {answer.case: answer for answer in session.run(*jobs())}
        assert session.table.started == started
    assert {a.status for a in found.values()} == {"returned"}
    assert [found["one_secret"].value, found["three_secret"].value] == ([second, second] if second else [2, 1])


def test_each_worker_has_a_scratch_of_its_own_and_keeps_it_while_it_waits(sandbox: Sandbox) -> None:
    listing = "import os; open(f'{len(os.listdir())}.txt', 'w'); return sorted(os.listdir())"
    found = run(sandbox, text(one=listing, two=listing))
    assert found["one_shown"].value == found["two_shown"].value == ["1.txt", "hw.py"]
    assert found["one_secret"].value == found["two_secret"].value == ["1.txt", "2.txt", "hw.py"]


WAKES = """
import ctypes
libc = ctypes.CDLL(None)
calls = []
def alarm():
    event = (ctypes.c_int * 16)(0, 0, 18, 0)  # SIGEV_SIGNAL with SIGCONT
    timer = ctypes.c_void_p()
    spec = (ctypes.c_long * 4)(0, 0, 0, 20_000_000)
    assert libc.timer_create(1, event, ctypes.byref(timer)) == 0
    assert libc.timer_settime(timer, 0, spec, None) == 0
"""


@pytest.mark.parametrize(("when", "second"), [("alarm()", 1), ("pass", 2)])
def test_a_worker_that_wakes_itself_by_a_timer_is_replaced(sandbox: Sandbox, when: str, second: int) -> None:
    one = f"if not calls:\n    {when}\n{COUNT}"
    found = run(sandbox, text(top=WAKES, one=one, two="import time; time.sleep(0.2); return 1"))
    assert (found["one_shown"].value, found["one_secret"].value) == (1, second)


def test_nothing_is_parked_after_a_plan(sandbox: Sandbox) -> None:
    session: Session
    with sandbox.session(Submission.of_text("hw.py", "hw", text()), torch=False) as session:
        session.run(*jobs())
        assert session.table.parked == {}


def test_without_seccomp_what_a_worker_leaves_is_ended_and_parked_ones_stay() -> None:
    leaves = "import os\nif os.fork() == 0:\n    import time; time.sleep(60)\n    os._exit(0)\nreturn 1"
    with Sandbox.start(without=("seccomp",)) as box:
        found = run(box, text(top="calls = []", one=COUNT, two=leaves))
    assert {a.status for a in found.values()} == {"returned"}
    assert found["one_secret"].value == 2
