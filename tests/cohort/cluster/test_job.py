"""What runs on a node: it skips what is done, says what it does, and writes nothing that a signal may have spoilt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cohort.cluster import job
from autograder.cohort.cluster.folder import shared_of
from autograder.cohort.cluster.job import JobEnded, out_of_memory_kills, work
from autograder.cohort.store import Store
from autograder.cohort.tasks import task_of
from autograder.cohort.worker import Order
from autograder.errors import MachineError
from autograder.grading.grade import Settings
from autograder.intake.collecting import collect
from tests.cohort.cluster.support import Here
from tests.cohort.support import write_submissions
from tests.fakes import FakeSandbox

ROOT = Path(__file__).resolve().parents[3]


def start(mode):
    return FakeSandbox()


@pytest.fixture
def laid(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        store.add_run("test", "grade", bundle, "test", {})
        order = Order(
            str(store.shelf.folder / bundle.digest), str(store.spool), str(store.blobs.folder), Settings(), "off"
        )
    shared = shared_of(tmp_path / "out", tmp_path / "spool", order)
    shared.open(order)
    hand_ins = collect([folder], bundle.spec.submission).hand_ins[:3]
    tasks = [task_of(h, bundle.spec.submission, bundle.digest, Settings(), "off") for h in hand_ins]
    return shared, shared.lay(tasks), tasks


def test_it_says_where_it_runs_and_what_it_began(laid, monkeypatch):
    shared, shard, tasks = laid
    monkeypatch.setenv("SLURMD_NODENAME", "n17")
    assert work(shared, shard, start, Here) == 0
    story = shared.story(shard)
    assert (story.node, story.begun, story.refused, story.stopped, story.lost) == ("n17", tasks[-1].key, "", "", {})


def test_what_is_done_is_not_done_again(laid):
    shared, shard, tasks = laid
    assert work(shared, shard, start, Here) == 0
    times = {p: p.stat().st_mtime_ns for p in shared.results.iterdir()}
    assert work(shared, shard, start, Here) == 0
    (shared.results / f"{tasks[1].key}.json").unlink()
    assert work(shared, shard, start, Here) == 0
    after = {p: p.stat().st_mtime_ns for p in shared.results.iterdir()}
    assert {p.stem for p in after if after[p] != times.get(p)} == {tasks[1].key}


def test_a_shard_that_was_taken_back_is_not_begun(laid):
    shared, shard, _ = laid
    shared.take_back(shard)
    assert work(shared, shard, start, Here) == 0
    assert shared.waiting_results() == []


def test_no_sandbox_is_said_with_its_reason(laid):
    shared, shard, _ = laid

    def refuses(mode):
        raise MachineError("no Landlock", where="sandbox", fix="a newer kernel")

    assert work(shared, shard, refuses, Here) == 3
    assert shared.story(shard).refused == "sandbox: no Landlock; a newer kernel"


def test_a_file_that_has_changed_is_said_and_the_others_are_graded(laid):
    shared, shard, tasks = laid
    tasks[0].hand_in.path.write_text("x = 1\n")
    assert work(shared, shard, start, Here) == 0
    assert shared.waiting_results() == sorted(t.key for t in tasks[1:])
    assert "has changed since the run began" in shared.story(shard).lost[tasks[0].key]


def test_a_log_that_cannot_be_written_stops_nobody(laid):
    shared, shard, tasks = laid
    (shared.folder / "logs" / f"{shard}.jsonl").mkdir()
    assert work(shared, shard, start, Here) == 0
    assert len(shared.waiting_results()) == len(tasks)
    assert shared.story(shard).begun == ""


@pytest.mark.parametrize("line", ['{"begun": 7}', "[1]", "{", "[" * 100_000, '{"node": null}'])
def test_a_line_that_is_none_is_passed_over(laid, line):
    shared, shard, _ = laid
    shared.say(shard, node="n1")
    with (shared.folder / "logs" / f"{shard}.jsonl").open("a") as file:
        file.write(line + "\n")
    shared.say(shard, begun="abc")
    assert (shared.story(shard).node, shared.story(shard).begun) == ("n1", "abc")


def crashing(bundle, tasks, monkeypatch, meanwhile):
    """Grade as a node whose student process dies, while `meanwhile` happens."""
    plain = job.graded_task

    def dies(*args):
        result, grade = plain(*args)
        verdict = grade.verdicts[0]
        outcome = type(verdict.outcome).without_credit(job.Status.CRASHED, verdict.outcome.max_points)
        return result, replace(grade, verdicts=(replace(verdict, outcome=outcome), *grade.verdicts[1:]))

    monkeypatch.setattr(job, "graded_task", dies)
    monkeypatch.setattr(job.time, "sleep", lambda seconds: meanwhile())


def test_a_crash_beside_a_signal_is_no_result(laid, bundle, monkeypatch):
    shared, shard, tasks = laid

    def signalled():
        raise JobEnded("SIGTERM")

    crashing(bundle, tasks, monkeypatch, signalled)
    assert work(shared, shard, start, Here) == 4
    assert shared.waiting_results() == []
    assert (shared.story(shard).stopped, shared.story(shard).begun) == ("SIGTERM", tasks[0].key)


def test_a_crash_without_a_signal_is_one(laid, bundle, monkeypatch):
    shared, shard, tasks = laid
    crashing(bundle, tasks, monkeypatch, lambda: None)
    assert work(shared, shard, start, Here) == 0
    assert len(shared.waiting_results()) == len(tasks)


def test_what_the_kernel_killed_for_memory_is_no_result(laid, monkeypatch):
    shared, shard, tasks = laid
    kills = iter([0, 0, 0, 1])
    monkeypatch.setattr(job, "out_of_memory_kills", lambda: next(kills))
    assert work(shared, shard, start, Here) == 4
    assert shared.waiting_results() == [tasks[0].key]
    assert shared.story(shard).stopped == "memory"


@pytest.mark.parametrize(
    ("groups", "path", "text"),
    [
        ("0::/slurm/job_7/step_0\n", "slurm/job_7/step_0/memory.events", "low 0\noom 3\noom_kill 2\n"),
        (
            "9:cpu:/x\n4:memory:/slurm/job_7\n0::/\n",
            "memory/slurm/job_7/memory.oom_control",
            "under_oom 0\noom_kill 2\n",
        ),
    ],
)
def test_kills_of_both_kinds_of_control_groups_are_counted(tmp_path, groups, path, text):
    (tmp_path / "groups").write_text(groups)
    file = tmp_path / "mount" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert out_of_memory_kills(str(tmp_path / "groups"), str(tmp_path / "mount")) == 2
    file.unlink()
    assert out_of_memory_kills(str(tmp_path / "groups"), str(tmp_path / "mount")) == 0
    assert out_of_memory_kills(str(tmp_path / "none"), str(tmp_path / "mount")) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGUSR2, marks=pytest.mark.slow)])
def test_a_signal_to_all_processes_of_a_job_leaves_no_verdict(tmp_path, bundle, course, number):
    """The real sandbox: the signal of a batch system reaches the student's process too, and is no crash of its code."""
    folder = write_submissions(tmp_path / "slow", 1)
    (folder / "s000.py").write_text(
        "import time\n\ndef double(x):\n    time.sleep(6)\n    return 2 * x\n\ndef mean(x):\n    return 0.0\n"
    )
    with Store(tmp_path / "out") as store:
        store.add_run("test", "grade", bundle, "test", {})
        places = (store.shelf.folder / bundle.digest, store.spool, store.blobs.folder)
        order = Order(*map(str, places), Settings(), "standard")
    shared = shared_of(tmp_path / "out", tmp_path / "spool", order)
    shared.open(order)
    hand_ins = collect([folder], bundle.spec.submission).hand_ins
    tasks = [task_of(h, bundle.spec.submission, bundle.digest, Settings(), "standard") for h in hand_ins]
    shard = shared.lay(tasks)
    code = f"from autograder.cohort.cluster.job import run_shard; run_shard({str(shared.folder)!r}, {shard!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True
    )
    until = time.monotonic() + 60
    while not shared.story(shard).begun and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1.0)
    for pid in family(process.pid):
        os.kill(pid, number)
    assert process.wait(60) == 4
    assert shared.waiting_results() == []
    assert shared.story(shard).stopped == number.name
    again = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
    assert again.returncode == 0, "the control: undisturbed, the same shard has a result"
    assert shared.waiting_results() == [tasks[0].key]


def family(pid):
    """A process and all below it, the youngest first: the order in which a signal does most harm."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[::-1]
