"""The executor of a cluster, with a batch system that is none: what is out comes back, once, and as the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.cli.graders import tell_outcome
from autograder.cohort.cluster.cutting import cost_of
from autograder.cohort.cluster.executor import SlurmExecutor
from autograder.cohort.engine import grade_cohort
from autograder.cohort.store import Store
from autograder.errors import MachineError
from autograder.grading.grade import Settings
from autograder.intake.collecting import collect
from autograder.spec.cluster import Cluster
from tests.cohort.cluster.support import AT_ONCE, FakeBatch, fault, on_cluster
from tests.cohort.support import essence, run


def cheap():
    """Eight seconds each: four submissions make a job worth its start."""
    return {"cost": cost_of([8.0])}


@pytest.fixture
def wanted(tmp_path, bundle, folder):
    """What the same hand-ins come to without a cluster."""
    with Store(tmp_path / "local") as store:
        run(store, bundle, folder)
        return essence(store)


@pytest.fixture
def out(tmp_path):
    with Store(tmp_path / "out") as store:
        yield store


def left_in_spool(store):
    return [p for p in (store.folder.parent / "spool").rglob("*") if p.is_file()]


def test_a_cluster_gives_what_this_machine_gives(out, bundle, folder, wanted):
    batch, told = FakeBatch(), []
    outcome = on_cluster(out, bundle, folder, batch, told)
    assert (outcome.exit_status, outcome.totals.graded, outcome.notes) == (0, 12, ())
    assert essence(out) == wanted
    assert left_in_spool(out) == []
    assert out.left_over().results == ()
    assert told[0] == "sent 3 submissions in 3 jobs (100)"  # pilots: as many as work at a time


def test_jobs_are_cut_by_what_a_submission_costs(out, bundle, folder):
    batch = FakeBatch()
    on_cluster(out, bundle, folder, batch, **cheap())
    assert [len(names) for _, names in batch.sent] == [4, 4, 4]


@pytest.mark.parametrize("done", [0, 1, 3])
@pytest.mark.parametrize(
    ("state", "stopped", "said", "alone"),
    [
        ("PREEMPTED", "SIGTERM", "preempted", False),
        ("NODE_FAIL", "", "its node failed", False),
        ("TIMEOUT", "", "out of time", True),
        ("FAILED", "SIGUSR2", "out of time", True),
        ("OUT_OF_MEMORY", "", "out of memory", True),
        ("FAILED", "memory", "out of memory", True),
        ("FAILED", "", "killed or failed", True),
        ("CANCELLED by 0", "SIGTERM", "cancelled by somebody", False),
        ("UNHEARD_OF", "", "lost by the batch system", False),
    ],
)
def test_a_job_that_ends_early_loses_nothing(out, bundle, folder, wanted, state, stopped, said, alone, done):
    batch, told = FakeBatch([fault(state, done, stopped)]), []
    outcome = on_cluster(out, bundle, folder, batch, told, **cheap())
    assert (outcome.exit_status, outcome.totals.graded) == (0, 12)
    assert essence(out) == wanted
    assert f"job 100_0 {said} on n1: {4 - done} of 4 submissions go again" in told
    again = [names for _, names in batch.sent[3:]]
    begun = f"s{done:03d}"
    assert ([begun] in again) == (alone or done == 3), "only what may be to blame goes alone"
    assert sorted(n for names in again for n in names) == [f"s{i:03d}" for i in range(done, 4)]


def test_a_submission_that_ends_its_job_every_time_is_not_graded_and_takes_none_with_it(out, bundle, folder):
    batch = FakeBatch()
    batch.deadly = {"s005"}
    outcome = on_cluster(out, bundle, folder, batch, **cheap())
    why = outcome.not_graded["s005"]
    assert why == "its job ended 3 times (3 × killed or failed)"
    assert (outcome.exit_status, outcome.totals.graded, outcome.totals.not_graded) == (1, 11, 1)
    assert [names for _, names in batch.sent if "s005" in names][1:] == [["s005"], ["s005"]]
    grade = next(out.grade(e) for e in out.current() if e.who == "s005")
    assert not grade.graded
    assert {v.status.value for v in grade.verdicts} == {"broken"}


@pytest.mark.parametrize(
    ("state", "fix"), [("TIMEOUT", "[cluster] minutes = 60"), ("OUT_OF_MEMORY", "[cluster] memory_gb = 8")]
)
def test_out_of_time_or_memory_alone_says_what_to_change(out, bundle, folder, state, fix):
    (folder / "s000.py").rename(folder / "one.py")
    for path in folder.glob("s*.py"):
        path.unlink()
    outcome = on_cluster(out, bundle, folder, FakeBatch([fault(state, 0)] * 3))
    assert fix in outcome.not_graded["one"]


def test_preemption_is_nobodys_fault_but_ends_somewhere(out, bundle, folder, wanted):
    told = []
    outcome = on_cluster(out, bundle, folder, FakeBatch([fault("PREEMPTED", 0, "SIGTERM")] * 10), told, **cheap())
    assert (outcome.totals.graded, essence(out) == wanted) == (12, True)
    assert sum("preempted" in line for line in told) == 10


def test_a_node_without_a_sandbox_is_named_and_avoided(out, bundle, folder, wanted):
    batch, told = FakeBatch(), []
    batch.bad = {"n2": "no Landlock here"}
    outcome = on_cluster(out, bundle, folder, batch, told, **cheap())
    assert (outcome.exit_status, essence(out) == wanted) == (0, True)
    assert sum(line.startswith("node n2 is avoided: no sandbox starts there:") for line in told) == 1
    assert "no Landlock here" in "".join(told)
    assert batch.orders[-1] == {"n2"}


def test_no_node_with_a_sandbox_ends_the_run_with_their_names(out, bundle, folder):
    batch = FakeBatch()
    batch.bad = {"n1": "no Landlock", "n2": "no seccomp"}
    with pytest.raises(MachineError, match="no node is left") as caught:
        on_cluster(out, bundle, folder, batch)
    assert "n1: sandbox: no Landlock" in caught.value.text()
    assert "n2: sandbox: no seccomp" in caught.value.text()
    assert out.history() == []


def test_jobs_that_never_begin_end_the_run(out, bundle, folder, monkeypatch):
    batch = FakeBatch()
    monkeypatch.setattr(batch, "work_off", lambda job, *rest: batch.ended.update({job: "FAILED"}))
    with pytest.raises(MachineError, match="4 jobs in a row ended before they began") as caught:
        on_cluster(out, bundle, folder, batch)
    assert "--resume" in caught.value.text()
    assert "jobs" in caught.value.text()


def test_a_limit_on_jobs_is_waited_for(out, bundle, folder, wanted):
    told = []
    outcome = on_cluster(
        out, bundle, folder, FakeBatch(most=2), told, settings=Cluster(parallel=3, job_minutes=2), cost=cost_of([99.0])
    )
    assert (outcome.totals.graded, essence(out) == wanted) == (12, True)
    assert any("takes no more jobs for now" in line for line in told)


def test_a_batch_system_that_takes_nothing_is_quoted(out, bundle, folder):
    with pytest.raises(MachineError, match="takes no job") as caught:
        on_cluster(out, bundle, folder, FakeBatch(most=0))
    assert "job submit limit" in caught.value.text()
    assert "[cluster]" in caught.value.text()


class Interrupting(FakeBatch):
    """Ctrl-C after some questions about states."""

    def __init__(self, after):
        super().__init__()
        self.after = after

    def states(self, jobs):
        self.after -= 1
        if self.after < 0:
            raise KeyboardInterrupt
        return super().states(jobs)


def test_ctrl_c_cancels_what_is_out_and_keeps_what_is_finished(out, bundle, folder, wanted):
    batch = Interrupting(2)
    outcome = on_cluster(out, bundle, folder, batch, **cheap())
    assert (outcome.stopped, outcome.exit_status, outcome.totals.graded) == (True, 130, 8)
    assert batch.pending == type(batch.pending)()
    assert "100_2" in batch.cancelled
    assert left_in_spool(out) == []
    resumed = on_cluster(out, bundle, folder, FakeBatch(), **cheap())
    assert (resumed.totals.known, resumed.totals.graded, essence(out) == wanted) == (8, 4, True)


class HeadDies(BaseException):
    """kill -9 of the head."""


def die(out, bundle, folder, batch, monkeypatch, after):
    """A head that is killed after it has asked for states so often: nothing is cancelled, nothing tidied up."""
    plain, count = batch.states, [after]

    def states(jobs):
        count[0] -= 1
        if count[0] < 0:
            raise HeadDies
        return plain(jobs)

    with monkeypatch.context() as patch:
        patch.setattr(batch, "states", states)
        patch.setattr(SlurmExecutor, "cancel", lambda self: None)
        with pytest.raises(HeadDies):
            on_cluster(out, bundle, folder, batch, **cheap())


@pytest.mark.parametrize("after", [0, 1, 2])
def test_the_next_head_goes_on_with_the_jobs_of_one_that_was_killed(out, bundle, folder, wanted, monkeypatch, after):
    batch, told = FakeBatch(), []
    die(out, bundle, folder, batch, monkeypatch, after)
    outcome = on_cluster(out, bundle, folder, batch, told, **cheap())
    assert (outcome.exit_status, essence(out) == wanted) == (0, True)
    assert len(batch.sent) == 3, "no job was sent twice"
    assert told[0].startswith("goes on with jobs of an earlier run: ")
    assert batch.cancelled == []
    assert left_in_spool(out) == []


def test_jobs_that_no_head_has_noted_are_cancelled_and_sent_again(out, bundle, folder, wanted, monkeypatch):
    batch = FakeBatch()
    die(out, bundle, folder, batch, monkeypatch, 0)
    for note in (out.folder.parent / "spool").rglob("sent/*.json"):
        note.unlink()
    outcome = on_cluster(out, bundle, folder, batch, **cheap())
    assert sorted(batch.cancelled) == ["100_0", "100_1", "100_2"]
    assert (outcome.totals.graded, essence(out) == wanted) == (12, True)


def test_jobs_of_another_order_are_cancelled(out, bundle, folder, monkeypatch):
    batch, told = FakeBatch(), []
    die(out, bundle, folder, batch, monkeypatch, 1)
    again = on_grading(out, bundle, folder, batch, told, Settings(replay=True))
    assert again.totals.total == 12
    assert "an earlier run with another bundle or other settings was cancelled (2 jobs)" in told
    assert left_in_spool(out) == []


def on_grading(store, bundle, folder, batch, told, settings):
    """As `on_cluster`, with settings of the grading itself."""

    def make(order, jobs):
        spool = Path(store.folder).parent / "spool"
        own = {"settings": Cluster(parallel=3), "batch": batch, "tell": told.append, "pace": AT_ONCE}
        return SlurmExecutor(order, jobs, out=store.folder, spool=spool, **own)

    found = collect([folder], bundle.spec.submission).hand_ins
    return grade_cohort(store, bundle, found, settings=settings, mode="off", executor=make, who="test")


class Clock:
    """Goes an hour on whenever it is asked."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 600.0
        return self.now


def test_what_is_still_out_waits_and_the_next_run_takes_it_over(out, bundle, folder, wanted, capsys):
    batch = FakeBatch()
    batch.silent = True
    outcome = on_cluster(
        out, bundle, folder, batch, settings=Cluster(parallel=3, wait_hours=2), clock=Clock(), **cheap()
    )
    assert (outcome.exit_status, outcome.totals.out, outcome.totals.graded) == (1, 12, 0)
    assert batch.cancelled == []
    tell_outcome(out, bundle, outcome, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["out"], said["not_graded"], len(said["grades"])) == (12, {}, 12)
    grades = list(out.grades())
    assert {v.status.value for g in grades for v in g.verdicts} == {"waiting"}
    assert {(g.graded, g.points) for g in grades} == {(True, 0)}
    assert "is still out on the cluster" in grades[0].verdicts[0].explanation.message
    batch.silent = False
    sent = len(batch.sent)
    outcome = on_cluster(out, bundle, folder, batch, **cheap())
    assert (outcome.exit_status, outcome.totals.graded, len(batch.sent)) == (0, 12, sent)
    newest = {e.who: (e.grade, e.evidence) for e in out.current()}
    assert newest == {row[3]: (row[7], row[8]) for row in wanted}


def test_a_known_grade_is_not_replaced_by_one_that_waits(out, bundle, folder, wanted):
    on_cluster(out, bundle, folder, FakeBatch(), **cheap())
    batch = FakeBatch()
    batch.silent = True
    options = {"settings": Cluster(parallel=3, wait_hours=2), "clock": Clock(), "again": True}
    outcome = on_cluster(out, bundle, folder, batch, **options, **cheap())
    assert outcome.totals.out == 12
    assert essence(out) == wanted


def test_what_is_noted_of_an_out_is_a_name_and_the_spool(out, bundle, folder):
    on_cluster(out, bundle, folder, FakeBatch(), **cheap())
    note = json.loads((out.folder / "cluster.json").read_text())
    assert set(note) == {"id", "spool"}
