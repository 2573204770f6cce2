"""Grading on a real SLURM: whatever is killed, no submission is lost, none graded twice, and the bytes are those of
this machine alone."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.cohort.store import Store
from tests.cohort.support import RIGHT, essence, write_submissions
from tests.small_course import write_course

pytestmark = pytest.mark.slurm
ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 8, 200
SMALL = ("memory_gb=3.5", "minutes=20", "parallel=2", "job_minutes=1")


class Head:
    """`autograder grade` as a process, with what it says in a file."""

    def __init__(self, machine, place, folder, out, spool, *more, cluster=SMALL, name="small"):
        self.log = place / f"{out.name}-{time.monotonic_ns()}.log"
        words = ["grade", name, str(folder), "-o", str(out), "--root", str(place / "course"), *more]
        if spool is not None:
            words += ["--executor", "slurm", "--spool", str(spool)]
            words += [w for pair in cluster for w in ("--cluster", pair)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "autograder", *words], env=machine.env | {"PYTHONPATH": str(ROOT)},
                stdout=log, stderr=subprocess.STDOUT, cwd=place, preexec_fn=_heeds_ctrl_c,
            )  # fmt: skip

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def end(self, status=0, seconds=400):
        assert self.process.wait(seconds) == status, self.said()
        return self.said()

    def until(self, condition, seconds=120):
        """Wait until something has happened."""
        until = time.monotonic() + seconds
        while not (found := condition()) and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.05)
        assert found, self.said()
        return found


def _heeds_ctrl_c():
    """As in a terminal: what a shell starts in the background does not heed it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Trial:
    """A course, hand-ins, what they come to on this machine alone, and a place for one run on the cluster."""

    def __init__(self, machine, place, count):
        self.machine, self.place = machine, place
        write_course(place / "course")
        self.folder = place / "in" if (place / "in").exists() else write_submissions(place / "in", count)
        Head(machine, place, self.folder, place / "local", None, "-j", "2").end()
        with Store(place / "local", create=False) as store:
            self.wanted = essence(store)
        self.count, self.runs = count, 0

    def head(self, *more, spool=None, **options):
        return Head(self.machine, self.place, self.folder, self.out, spool or self.spool, *more, **options)

    def fresh(self):
        self.runs += 1
        self.out, self.spool = self.place / f"out{self.runs}", self.place / f"spool{self.runs}"
        return self

    def check(self):
        """Lost 0, twice 0, equal bytes, and nothing left in the spool."""
        with Store(self.out, create=False) as store:
            events = store.history()
            assert essence(store) == self.wanted
            assert len({e.who for e in events}) == len(events) == self.count
            assert store.left_over().results == ()
        assert [p for p in self.spool.rglob("*") if p.is_file()] == []
        for name in ("grades", "gradescope"):
            theirs = {p.name: p.read_bytes() for p in (self.place / "local" / name).iterdir()}
            assert {p.name: p.read_bytes() for p in (self.out / name).iterdir()} == theirs

    def results(self):
        """Results that jobs have written and the head may have taken."""
        return list(self.spool.rglob("results/*.json")) + list(self.out.glob("spool/*.json"))

    def stories(self):
        """What jobs have said, shard by shard."""
        return [[json.loads(x) for x in p.read_text().splitlines()] for p in self.spool.rglob("logs/*.jsonl")]

    def at_work(self):
        """Process ids of jobs that have begun a submission."""
        begun = any("begun" in row for rows in self.stories() for row in rows)
        return job_processes(self.spool) if begun else []


def job_processes(spool):
    """Process ids of jobs that work in this spool."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if (
            b"submitit.core._submit" in words
            and any(str(spool).encode() in w for w in words)
            and b"srun" not in words[0]
        ):
            found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def trial(machine, tmp_path_factory):
    return Trial(machine, tmp_path_factory.mktemp("trial"), FEW)


@pytest.fixture
def one(trial, idle):
    return trial.fresh()


@pytest.fixture(scope="module")
def many(machine, tmp_path_factory):
    """200 hand-ins, each of which waits a tenth of a second whenever it is loaded."""
    place = tmp_path_factory.mktemp("many")
    for path in write_submissions(place / "in", MANY).iterdir():
        path.write_text(path.read_text() + "\nimport time\ntime.sleep(0.1)\n")
    return Trial(machine, place, MANY)


@pytest.mark.parametrize("slots", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_two_hundred_submissions_are_the_same_bytes(many, idle, slots):
    many.fresh()
    started = time.monotonic()
    many.head(cluster=(*SMALL[:2], f"parallel={slots}", "job_minutes=1")).end()
    took = time.monotonic() - started
    print(f"{MANY} submissions, {slots} at a time: {took:.0f} s")
    many.check()


def test_kill_9_of_a_job(one):
    head = one.head()
    pids = head.until(one.at_work)
    os.kill(pids[0], signal.SIGKILL)
    said = head.end()
    assert "killed or failed" in said
    one.check()


def test_kill_9_of_slurmd(one, machine):
    head = one.head()
    head.until(one.at_work)
    started = time.monotonic()
    with machine.without_slurmd("n1"):
        time.sleep(3)
    head.end()
    print(f"kill -9 of slurmd: {time.monotonic() - started:.0f} s to the end")
    one.check()


def test_a_node_that_goes_away_with_its_jobs(one, machine):
    """slurmd and what it had started die, and do not come back until the run is over."""
    head = one.head()
    pids = head.until(one.at_work)
    with machine.without_slurmd("n1"):
        for pid in pids:
            with contextlib.suppress(OSError):  # one that has ended meanwhile
                if b"SLURMD_NODENAME=n1" in Path(f"/proc/{pid}/environ").read_bytes():
                    step = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
                    os.kill(pid, signal.SIGKILL)
                    os.kill(step, signal.SIGKILL)
        said = head.end()
    assert "submissions go again" in said  # SLURM calls it NODE_FAIL, CANCELLED or FAILED, by who notices first
    one.check()


def test_kill_9_of_the_head(one):
    head = one.head()
    head.until(one.at_work)
    head.until(lambda: len(one.results()) > 0)
    head.process.kill()
    head.process.wait()
    said = one.head("--resume").end()
    assert "goes on with jobs of an earlier run" in said
    one.check()


def test_kill_9_of_the_head_while_it_sends(one):
    """Jobs that were taken and not yet noted are found by their name, cancelled, and sent again."""
    head = one.head()
    head.until(lambda: list(one.spool.rglob("shards/*.json")))
    head.process.kill()
    head.process.wait()
    one.head().end()
    one.check()


def test_ctrl_c_leaves_no_job_behind(one, machine):
    head = one.head()
    head.until(one.at_work)
    head.process.send_signal(signal.SIGINT)
    said = head.end(130)
    assert "--resume" in said
    assert machine.said("squeue", "-h", "--me") == ""
    assert job_processes(one.spool) == []
    one.head("--resume").end()
    one.check()


def test_a_drained_node_is_gone_round(one, machine):
    machine.said("scontrol", "update", "nodename=n1", "state=drain", "reason=test")
    one.head().end()
    one.check()


def test_a_node_that_drains_in_the_middle(one, machine):
    head = one.head()
    head.until(one.at_work)
    machine.said("scontrol", "update", "nodename=n1", "state=drain", "reason=test")
    head.end()
    one.check()


def test_a_job_that_is_preempted_goes_again(one, machine):
    head = one.head(cluster=(*SMALL, "partition=grading"))
    head.until(one.at_work)
    while head.process.poll() is None and "preempted" not in head.said():  # a job may be done before it is pushed aside
        for node in machine.said("squeue", "-h", "--me", "-t", "RUNNING", "-p", "grading", "-o", "%N").split():
            machine.said("sbatch", "-p", "urgent", "-w", node, "--mem", "3600", "-o", "/dev/null", "--wrap", "sleep 3")
        time.sleep(2)
    said = head.end()
    assert "preempted" in said
    one.check()


def test_a_job_that_somebody_cancels_goes_again(one, machine):
    head = one.head()
    head.until(one.at_work)
    machine.said("scancel", "--me", "--state", "RUNNING")
    said = head.end()
    assert "cancelled by somebody" in said
    one.check()


NO_SANDBOX = """
from autograder.errors import MachineError
from autograder.sandbox.grader.box import Sandbox

def start(*args, **options):
    raise MachineError("no Landlock on this node", where="sandbox")

Sandbox.start = start
"""


def test_a_node_without_a_sandbox_is_named_and_avoided(one, tmp_path):
    """n2 starts each Python with a module that refuses to start sandboxes, in the words of a real refusal."""
    (tmp_path / "sitecustomize.py").write_text(NO_SANDBOX)
    broken = f'[ "$SLURMD_NODENAME" != n2 ] || export PYTHONPATH={tmp_path}:$PYTHONPATH'
    said = one.head(cluster=(*SMALL, f"setup=[{json.dumps(broken)}]")).end()
    assert "node n2 is avoided: no sandbox starts there: sandbox: no Landlock on this node" in said
    one.check()


def test_a_full_spool_is_said_and_what_was_finished_is_kept(one, tmp_path):
    """The shared disk is full from the moment that jobs are sent; with room again all goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
    try:
        one.spool = disk / "spool"
        head = one.head()
        head.until(lambda: list(one.spool.rglob("sent/*.json")))
        with pytest.raises(OSError, match="No space left"):
            (disk / "ballast").write_bytes(b"x" * 8_000_000)
        said = head.end(2)
        assert "No space left" in said or "is full" in said
        assert "--resume" in said
        (disk / "ballast").unlink()
        one.head("--resume").end()
        one.check()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


class Boom:
    """A pickle that tells when it is loaded."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def test_no_pickled_result_is_ever_loaded(one, tmp_path):
    mark = tmp_path / "loaded"
    head = one.head()
    head.until(lambda: list(one.spool.rglob("jobs/*_submitted.pkl")))
    while head.process.poll() is None:
        for path in one.spool.rglob("jobs/*_submitted.pkl"):
            result = path.with_name(path.name.replace("_submitted", "_0_result"))
            try:
                result.write_bytes(pickle.dumps(Boom(mark)))
            except OSError:
                break  # the folder is gone: the run is over
        time.sleep(0.2)
    head.end()
    assert not mark.exists()
    pickle.loads(pickle.dumps(Boom(mark)))
    assert mark.exists(), "the control: loading it would have shown"


@pytest.mark.slow
def test_a_job_that_is_out_of_time_goes_again(machine, idle, tmp_path):
    """The first submission is quick, so that all others are put into one job, which is too short for them."""
    place = tmp_path / "trial"
    folder = write_submissions(place / "in", 16)
    for path in sorted(folder.iterdir())[1:]:
        path.write_text(
            RIGHT.replace("return 2 * x", "import time; time.sleep(2.5); return 2 * x") + f"# {path.name}\n"
        )
    trial = Trial(machine, place, 16).fresh()
    said = trial.head(cluster=("memory_gb=3.5", "minutes=1", "parallel=1")).end(0, 600)
    assert "out of time" in said
    trial.check()
