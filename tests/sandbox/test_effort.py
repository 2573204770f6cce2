"""Processor time decides, wall time is a brake, and a busy machine is the grader's trouble."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.effort import BUSY_SHARE, Brake, Meter, Stint
from autograder.sandbox.grader.session import Session
from autograder.sandbox.wire.messages import Answer, Submission
from tests.sandbox.conftest import job_for

PROBE = "def case(student, world):\n    return student.f(world.normal())\n"
WORKS = "import time\ndef f(x):\n    while time.process_time() < {}: pass\n    return 1\n"
SLEEPS = "import time\ndef f(x):\n    time.sleep({})\n    return 1\n"


class Burners:
    """Processes that keep every processor busy several times over."""

    def __init__(self) -> None:
        loop = [sys.executable, "-c", "while True: pass"]
        many = range(4 * (os.cpu_count() or 1))  # each in a session of its own: Linux shares processors among sessions
        self.processes = [subprocess.Popen(loop, start_new_session=True) for _ in many]

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        self.processes = []


@pytest.fixture
def burners() -> Iterator[Burners]:
    made = Burners()
    yield made
    made.end()


def run(sandbox: Sandbox, text: str, brake: Brake | None = None, **limits: Any) -> Answer:
    with sandbox.session(Submission.of_text("hw.py", "hw", text), torch=False) as session:
        session.table.brake = brake or session.table.brake
        (answer,) = session.run(job_for(PROBE, **limits))
        return answer


def test_the_brake_is_ten_seconds_or_five_times_the_limit() -> None:
    assert [Brake().seconds(limit) for limit in (0.5, 2, 10)] == [10, 10, 50]


def test_a_meter_reads_all_threads_of_another_process() -> None:
    code = "import threading, time\nfor _ in range(2): threading.Thread(target=time.sleep, args=(60,)).start()"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        meter = Meter.of(process.pid)
        assert meter.pid == process.pid
        until = time.monotonic() + 20
        while len(meter.waited()) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(meter.waited()) == 3
        assert meter.processor() > 0
        assert meter.resident() > 2**20
    finally:
        process.kill()
        process.wait()
    assert meter.processor() == 0
    assert meter.waited() == {}


def test_where_the_kernel_tells_nothing_wall_time_counts() -> None:
    meter = Meter.of(2**22 + 1)  # above any number that a process can have
    assert meter.pid == 0
    stint = Stint.begin(meter, 0.05, Brake())
    assert not stint.spent()
    time.sleep(0.1)
    assert stint.spent()


def test_a_busy_loop_ends_when_its_processor_time_is_used_up(sandbox: Sandbox) -> None:
    answer = run(sandbox, "def f(x):\n    while True: pass\n", seconds=0.5)
    assert (answer.status, answer.effort.brake) == ("timeout", 0)
    assert "this did not finish within 0.5 s; it was last seen at hw.py, line 2" in answer.message
    assert 0.5 <= answer.effort.processor < 1.5


def test_all_threads_count(sandbox: Sandbox) -> None:
    text = """
import threading, time
def f(x):
    threads = [threading.Thread(target=lambda: sum(range(10**10))) for _ in range(3)]
    for thread in threads: thread.start()
    time.sleep(60)
"""
    answer = run(sandbox, text, seconds=0.5)
    assert (answer.status, answer.effort.brake) == ("timeout", 0)


def test_who_waits_is_not_charged_for_it(sandbox: Sandbox) -> None:
    answer = run(sandbox, SLEEPS.format(0.8), seconds=0.2)
    assert (answer.status, answer.attempts) == ("returned", ())
    assert answer.seconds >= 0.8
    assert answer.effort.processor < 0.2


def test_who_waits_too_long_meets_the_brake(sandbox: Sandbox) -> None:
    answer = run(sandbox, SLEEPS.format(60), Brake(0.5, 0.1), seconds=0.3)
    assert (answer.status, answer.effort.busy, answer.attempts) == ("timeout", False, ())
    assert "this did not finish within 0.5 s; it was last seen at hw.py, line 3" in answer.message
    assert answer.effort.brake == 0.5


def test_a_slow_import_has_its_own_limit_in_processor_time(sandbox: Sandbox) -> None:
    asleep = "import time; time.sleep(0.6)\n" + WORKS.format(0)
    assert run(sandbox, asleep, load_seconds=0.3).status == "returned"
    busy = "while True: pass\n"
    assert "loading the submission took longer than 0.3 s" in run(sandbox, busy, load_seconds=0.3).message


def test_other_programs_do_not_decide(sandbox: Sandbox, burners: Burners) -> None:
    """With its processor shared by four others, this takes longer on the clock than its limit."""
    answer = run(sandbox, WORKS.format(0.5), seconds=0.9)
    assert answer.status == "returned"
    assert answer.effort.processor < 0.9


def test_a_case_that_a_busy_machine_braked_is_run_again_alone(
    sandbox: Sandbox, burners: Burners, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Session._alone

    def quiet_again(session: Session, *arguments: Any) -> Answer:
        burners.end()
        session.table.brake = Brake()
        return alone(session, *arguments)

    monkeypatch.setattr(Session, "_alone", quiet_again)
    answer = run(sandbox, WORKS.format(0.6), Brake(0.7, 0.01), seconds=5, load_seconds=70)
    assert (answer.status, answer.value) == ("returned", 1)
    (before,) = answer.attempts
    assert before.status == "timeout"
    assert before.load > BUSY_SHARE


def test_a_machine_that_stays_busy_is_the_graders_fault(sandbox: Sandbox, burners: Burners) -> None:
    answer = run(sandbox, WORKS.format(5), Brake(0.7, 0.01), seconds=6, load_seconds=70)
    assert (answer.status, len(answer.attempts), answer.effort.busy) == ("broken", 1, True)
    assert "the machine was too busy" in answer.message
