"""Faults of machines and of heads on a cluster: no submission is charged with one, and what is said of them is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.cohort.cluster import executor
from autograder.cohort.cluster.causes import Cause, ending_of
from autograder.cohort.cluster.cutting import cost_of
from autograder.cohort.cluster.executor import SlurmExecutor
from autograder.cohort.cluster.folder import Sent, Shared, Story
from autograder.cohort.cluster.ledger import Ledger
from autograder.cohort.store import Store
from autograder.cohort.tasks import Task
from autograder.errors import MachineError
from autograder.intake.hand_in import HandIn
from autograder.spec.cluster import Cluster
from tests.cohort.cluster.support import FakeBatch, on_cluster
from tests.cohort.support import essence, run

NO_ROOM = MachineError("cannot be written: No space left on device", where="/scratch", fix="make room")


def single():
    """99 seconds each, two minutes a job: every submission is a job of its own."""
    return {"settings": Cluster(parallel=3, job_minutes=2), "cost": cost_of([99.0])}


@pytest.fixture
def out(tmp_path):
    with Store(tmp_path / "out") as store:
        yield store


@pytest.fixture
def wanted(tmp_path, bundle, folder):
    with Store(tmp_path / "local") as store:
        run(store, bundle, folder)
        return essence(store)


def in_spool(store):
    return sorted(p for p in (store.folder.parent / "spool").rglob("*") if p.is_file())


def failing(count):
    """`count` jobs that fail at their first submission because the machine does."""
    return [("FAILED", 0, NO_ROOM)] * count


# a fault of the machine


def test_a_machine_that_fails_now_and_then_costs_nobody_anything(out, bundle, folder, wanted):
    batch, told = FakeBatch(failing(3)), []
    outcome = on_cluster(out, bundle, folder, batch, told, **single())
    assert (outcome.exit_status, outcome.not_graded, essence(out) == wanted) == (0, {}, True)
    why = "/scratch: cannot be written: No space left on device; make room"
    assert f"job 100_0 the machine failed: {why} on n1: 1 of 1 submissions go again" in told


def test_a_machine_that_fails_at_everything_ends_the_run_and_blames_no_submission(out, bundle, folder):
    with pytest.raises(MachineError, match="4 jobs in a row failed, each at another submission") as caught:
        on_cluster(out, bundle, folder, FakeBatch(failing(100)), **single())
    assert "No space left on device" in caught.value.text()
    assert out.history() == []


def test_a_shared_folder_without_room_is_named_however_few_submissions_there_are(out, bundle, folder, monkeypatch):
    only(folder, "s000", "s001")
    monkeypatch.setattr(Shared, "room", lambda self: 4096)
    with pytest.raises(MachineError, match="the shared folder is full"):
        on_cluster(out, bundle, folder, FakeBatch(failing(100)), **single())
    assert out.history() == []


def test_one_submission_at_which_the_machine_always_fails_is_not_graded_with_what_was_said(out, bundle, folder):
    only(folder, "s000")
    outcome = on_cluster(out, bundle, folder, FakeBatch(failing(4)), **single())
    assert outcome.not_graded["s000"] == (
        "its job ended 4 times (4 × the machine failed): "
        "/scratch: cannot be written: No space left on device; make room"
    )


def only(folder, *names):
    for path in folder.glob("*.py"):
        if path.stem not in names:
            path.unlink()


@pytest.mark.parametrize(
    ("state", "story", "full", "cause"),
    [
        ("FAILED", Story(begun="a", failed="no disk"), False, Cause.MACHINE),
        ("GONE", Story(begun="a", failed="no disk"), False, Cause.MACHINE),
        ("FAILED", Story(begun="a"), True, Cause.MACHINE),
        ("FAILED", Story(begun="a"), False, Cause.FAILED),
        ("OUT_OF_MEMORY", Story(begun="a", failed="the sandbox ended"), False, Cause.MEMORY),
        ("TIMEOUT", Story(begun="a"), True, Cause.TIME),
        ("PREEMPTED", Story(begun="a", failed="the sandbox ended"), False, Cause.PREEMPTED),
    ],
)
def test_only_what_a_submission_may_have_done_is_blamed_on_it(state, story, full, cause):
    ending = ending_of(state, story, full)
    assert ending.cause is cause
    assert ending.cause.blames == (cause in (Cause.FAILED, Cause.MEMORY, Cause.TIME))


# logs


class WithLogs(FakeBatch):
    """Jobs end at once, and leave a log as submitit does."""

    def work_off(self, job, shared, shard, nodes):
        (shared.jobs / f"{job}_0_log.err").write_text("ModuleNotFoundError: No module named 'autograder'")
        self.ended[job] = "FAILED"


def test_the_logs_that_a_fault_names_are_there_to_be_read_until_the_next_run(out, bundle, folder, wanted):
    with pytest.raises(MachineError, match="before they began") as caught:
        on_cluster(out, bundle, folder, WithLogs(), **single())
    named = Path(caught.value.fix.removeprefix("read the logs in ").split(",")[0])
    assert next(p.read_text() for p in named.iterdir()).startswith("ModuleNotFoundError")
    assert {p.parent for p in in_spool(out)} == {named}, "nothing else is left"
    outcome = on_cluster(out, bundle, folder, FakeBatch(), **single())
    assert (outcome.exit_status, essence(out) == wanted, in_spool(out)) == (0, True, [])


# arrays


class Working(FakeBatch):
    """Notes how many jobs SLURM would have at work at most: of every array, as many as one array may."""

    def __init__(self, parallel):
        super().__init__()
        self.parallel, self.at_work = parallel, []

    def send(self, shared, shards, avoid):
        jobs = super().send(shared, shards, avoid)
        arrays = {}
        for job, *_ in self.pending:
            arrays.setdefault(job.split("_")[0], []).append(job)
        self.at_work.append(sum(min(len(a), self.parallel) for a in arrays.values()))
        return jobs


def test_several_arrays_together_keep_to_the_jobs_that_may_work_at_a_time(out, bundle, folder, wanted, monkeypatch):
    monkeypatch.setattr(executor, "MOST_IN_ARRAY", 5)
    batch = Working(3)
    outcome = on_cluster(out, bundle, folder, batch, **single())
    assert (outcome.totals.graded, essence(out) == wanted) == (12, True)
    assert max(batch.at_work) == 3
    first = [job for job, _ in batch.sent if job.startswith("100_")]
    assert len(first) == 5, "an array is as large as one may be"
    assert set(batch.at_work) == {3}, "places that are free are filled at once"


# heads that end


def killed(out, bundle, folder, batch, monkeypatch):
    """A head that ends without a word once its jobs are sent."""

    class Gone(BaseException):
        pass

    def states(jobs):
        raise Gone

    with monkeypatch.context() as patch:
        patch.setattr(batch, "states", states)
        patch.setattr(SlurmExecutor, "cancel", lambda self: None)
        with pytest.raises(Gone):
            on_cluster(out, bundle, folder, batch, **single())


def interrupted(out, bundle, folder, batch, monkeypatch, name, told):
    """The next head, with Ctrl-C in a question to the batch system."""
    plain, once = getattr(batch, name), [KeyboardInterrupt]

    def pressed(*asked):
        if once:
            raise once.pop()
        return plain(*asked)

    with monkeypatch.context() as patch:
        patch.setattr(batch, name, pressed)
        return on_cluster(out, bundle, folder, batch, told, **single())


def test_ctrl_c_before_earlier_jobs_are_taken_over_leaves_them_to_the_next_run(
    out, bundle, folder, wanted, monkeypatch
):
    batch, told = FakeBatch(), []
    killed(out, bundle, folder, batch, monkeypatch)
    before = in_spool(out)
    outcome = interrupted(out, bundle, folder, batch, monkeypatch, "named", told)
    assert (outcome.stopped, in_spool(out) == before, batch.cancelled) == (True, True, [])
    assert told == ["jobs of an earlier run go on: this one ended before it had taken them over; --resume does"]
    outcome = on_cluster(out, bundle, folder, batch, **single())
    assert (outcome.totals.graded, essence(out) == wanted, len(batch.sent)) == (12, True, 12), "nothing was sent twice"
    assert in_spool(out) == []


def test_ctrl_c_after_that_cancels_them(out, bundle, folder, monkeypatch):
    batch, told = FakeBatch(), []
    killed(out, bundle, folder, batch, monkeypatch)
    outcome = interrupted(out, bundle, folder, batch, monkeypatch, "states", told)
    assert (outcome.stopped, in_spool(out), len(batch.pending)) == (True, [], 0)
    assert len(set(batch.cancelled)) == 12
    assert told[0].startswith("goes on with jobs of an earlier run: 12")


# the ledger


def test_what_lies_there_is_gone_through_once_for_any_number_of_tasks():
    class Lying(list):
        looks = 0

        def __iter__(self):
            self.looks += 1
            return super().__iter__()

    ledger, keys = Ledger(), [f"{i:064x}" for i in range(100)]
    for key in keys:
        ledger.add(Task(key, HandIn("ada", Path("ada.py")), "d"))
    lying = Lying(keys[10:20])
    assert ledger.adopt([Sent("1", "s", tuple(keys[:10]))], lying) == 10
    assert list(ledger.queue) == keys[20:]
    assert lying.looks == 1


# nodes that do not see the submissions


class Blind(FakeBatch):
    """Nodes on which the folder of the submissions is not there."""

    def work_off(self, job, shared, shard, nodes):
        path = shared.folder / "shards" / f"{shard}.json"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            line["hand_in"]["path"] = line["hand_in"]["path"].replace("/in/", "/elsewhere/")
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        super().work_off(job, shared, shard, nodes)


def test_a_node_that_does_not_see_the_submissions_is_named_and_nobody_is_said_to_have_changed_a_file(
    out, bundle, folder
):
    outcome = on_cluster(out, bundle, folder, Blind(), **single())
    assert len(outcome.not_graded) == 12
    for why in outcome.not_graded.values():
        assert why.startswith(("on n1: ", "on n2: "))
        assert "cannot be read here as it was when the run began: there is no such file; look whether" in why
        assert "changed" not in why


def test_out_of_memory_says_so_where_the_kernel_ended_the_sandbox_itself(out, bundle, folder, monkeypatch):
    """A control: what a submission did to its job's memory is no fault of the machine."""
    from autograder.cohort.cluster import job

    only(folder, "s000")
    kills = iter(range(100))
    monkeypatch.setattr(job, "out_of_memory_kills", lambda: next(kills))
    monkeypatch.setattr(job, "PAUSE", 0.0)
    ended = MachineError("the sandbox ended", where="sandbox")
    outcome = on_cluster(out, bundle, folder, FakeBatch([("FAILED", 0, ended)] * 3), **single())
    assert outcome.not_graded["s000"].startswith("its job ended 3 times (3 × out of memory); give jobs more memory")
