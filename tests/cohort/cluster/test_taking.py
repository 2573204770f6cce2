"""Taking over from a shared folder: what is whole is taken, what is not is told, set aside, and graded again."""

from __future__ import annotations

import hashlib
import json
import os

import pytest
import zstandard

from autograder.cohort.cluster import taking
from autograder.cohort.cluster.folder import shared_of
from autograder.cohort.cluster.job import work
from autograder.cohort.cluster.taking import take_over
from autograder.cohort.spool import read_result
from autograder.cohort.store import Store
from autograder.cohort.tasks import task_of
from autograder.cohort.worker import Order
from autograder.errors import StoredError
from autograder.grading.grade import Settings
from autograder.intake.collecting import collect
from tests.cohort.cluster.support import FakeBatch, Here, on_cluster
from tests.cohort.support import essence, run
from tests.fakes import FakeSandbox


@pytest.fixture
def graded(tmp_path, bundle, folder):
    """A shared folder in which a job has graded two hand-ins: (shared, tasks, take)."""
    with Store(tmp_path / "out") as store:
        store.add_run("test", "grade", bundle, "test", {})
        order = Order(
            str(store.shelf.folder / bundle.digest), str(store.spool), str(store.blobs.folder), Settings(), "off"
        )
        shared = shared_of(store.folder, tmp_path / "spool", order)
        shared.open(order)
        hand_ins = collect([folder], bundle.spec.submission).hand_ins[:2]
        tasks = [task_of(h, bundle.spec.submission, bundle.digest, Settings(), "off") for h in hand_ins]
        assert work(shared, shared.lay(tasks), lambda mode: FakeSandbox(), Here) == 0

        def take(task=tasks[0]):
            return take_over(shared, task, bundle.digest, "off", store.blobs, store.spool)

        yield shared, tasks, take, store


def rewritten(shared, task, seal=True, **changes):
    """The row of a task with other fields, and its digest to fit."""
    path = shared.results / f"{task.key}.json"
    row = json.loads(path.read_bytes())["row"]
    for name, value in changes.items():
        place = row["handed"] if name in row["handed"] else row
        place[name] = value
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest() if seal else "0" * 64
    path.write_text(json.dumps({"row": row, "sha256": digest}))


def test_a_whole_result_is_taken_and_leaves_nothing_behind(graded):
    shared, tasks, take, store = graded
    assert shared.waiting_results() == sorted(t.key for t in tasks)
    taken = take()
    assert read_result(store.spool, tasks[0].key, store.blobs) == taken
    assert store.blobs.intact(taken.grade)
    assert store.blobs.intact(taken.evidence)
    assert shared.waiting_results() == [tasks[1].key]
    assert len([p for p in (shared.folder / "blobs").rglob("*") if p.is_file()]) == 2, "those of the other one"
    assert take() is None


def test_where_it_lay_is_said_by_the_head(graded):
    shared, tasks, take, _ = graded
    rewritten(shared, tasks[0], file="/etc/passwd", handed_in="1970-01-01T00:00:00Z")
    assert take().handed == tasks[0].handed(take_files(graded))


def take_files(graded):
    _, tasks, _, store = graded
    return read_result(store.spool, tasks[0].key, store.blobs).handed.files


@pytest.mark.parametrize(
    "changes",
    [
        {"points": "7"}, {"graded": False}, {"waiting": 3}, {"bundle": "0" * 64}, {"who": "s001"}, {"mode": "strict"},
        {"digest": "0" * 64}, {"version": "7"}, {"grade": "0" * 64}, {"grade": "../../x"}, {"evidence": "0" * 64},
        {"points": 10}, {"key": "0" * 64}, {"seal": False},
    ],
    ids=lambda c: "-".join(c),
)  # fmt: skip
def test_a_result_that_says_something_else_is_refused(graded, changes):
    shared, tasks, take, store = graded
    rewritten(shared, tasks[0], **changes)
    with pytest.raises(StoredError):
        take()
    assert list(store.spool.glob("*.json")) == []
    assert take(tasks[1]) is not None


def timed(shared, task, name, value):
    """The result of a task with another measurement."""
    row = json.loads((shared.results / f"{task.key}.json").read_bytes())["row"]
    times = row["times"]
    if name == "total":
        times["total"] = value
    elif name == "case":
        times["cases"][next(iter(times["cases"]))] = value
    elif name == "processor":
        times["processor"] = {next(iter(times["cases"])): value}
    else:
        times["attempts"] = {next(iter(times["cases"])): [{"status": "timeout", "seconds": value, "load": 0.5}]}
    rewritten(shared, task, times=times)


@pytest.mark.parametrize("name", ["total", "case", "processor", "attempts"])
@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -1.0, -1, 10**400, 1.1e7],
    ids=["nan", "inf", "below", "minus", "huge", "long"],
)
def test_a_time_that_nothing_can_take_is_refused(graded, name, value):
    shared, tasks, take, store = graded
    timed(shared, tasks[0], name, value)
    with pytest.raises(StoredError, match="no measurements"):
        take()
    assert list(store.spool.glob("*.json")) == []


@pytest.mark.parametrize("name", ["total", "case", "processor", "attempts"])
@pytest.mark.parametrize("value", [0, 0.0, 3, 86400.5])
def test_a_time_that_something_can_take_is_taken(graded, name, value):
    shared, tasks, take, _ = graded
    timed(shared, tasks[0], name, value)
    assert str(value) in json.dumps(take().times)


def blob(shared, task, name):
    row = json.loads((shared.results / f"{task.key}.json").read_bytes())["row"]
    return shared.blobs.path(row[name])


@pytest.mark.parametrize("name", ["grade", "evidence"])
@pytest.mark.parametrize("fault", ["cut", "changed", "gone", "link", "pipe", "folder"])
def test_a_blob_that_is_not_what_its_name_says_is_refused(graded, tmp_path, name, fault):
    shared, tasks, take, store = graded
    path = blob(shared, tasks[0], name)
    data = path.read_bytes()
    path.unlink()
    if fault in ("cut", "changed"):
        path.write_bytes(data[:-1] if fault == "cut" else data[:-1] + b"x")
    elif fault == "link":
        (tmp_path / "elsewhere").write_bytes(data)
        path.symlink_to(tmp_path / "elsewhere")
    elif fault == "pipe":
        os.mkfifo(path)
    elif fault == "folder":
        path.mkdir()
    with pytest.raises(StoredError):
        take()
    assert list(store.spool.glob("*.json")) == []


@pytest.mark.parametrize("fault", ["{", "[]", '{"row": 1}', "[" * 100_000, "", "\x00"])
def test_a_file_that_is_no_result_is_refused(graded, fault):
    shared, tasks, take, _ = graded
    (shared.results / f"{tasks[0].key}.json").write_text(fault)
    with pytest.raises(StoredError):
        take()


def test_a_grade_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(graded, monkeypatch):
    shared, tasks, take, _ = graded
    monkeypatch.setattr(taking, "MOST_GRADE", 1_000_000)
    digest = shared.blobs.put(zstandard.ZstdCompressor().compress(b" " * 1_000_001))
    rewritten(shared, tasks[0], grade=digest)
    with pytest.raises(StoredError, match="unpacks to more"):
        take()


def test_sizes_are_bounded_before_anything_is_read(graded, monkeypatch):
    _, _, take, _ = graded
    monkeypatch.setattr(taking, "MOST_RESULT", 100)
    with pytest.raises(StoredError, match="no plain file of at most 100 bytes"):
        take()
    monkeypatch.undo()
    monkeypatch.setattr(taking, "MOST_BLOB", 10)
    with pytest.raises(StoredError, match="at most 10 bytes"):
        take()
    monkeypatch.undo()
    assert take() is not None


class Damaging(FakeBatch):
    """A node that damages the first result that it writes."""

    def work_off(self, job, shared, shard, nodes):
        super().work_off(job, shared, shard, nodes)
        if len(self.ended) == 1:
            path = sorted(shared.results.glob("*.json"))[0]
            path.write_bytes(path.read_bytes()[:-9])


def test_the_executor_has_a_damaged_result_graded_again(tmp_path, bundle, folder):
    told = []
    with Store(tmp_path / "local") as store:
        run(store, bundle, folder)
        wanted = essence(store)
    with Store(tmp_path / "out") as store:
        outcome = on_cluster(store, bundle, folder, Damaging(), told)
        assert (outcome.exit_status, outcome.totals.graded, essence(store) == wanted) == (0, 12, True)
    assert sum("a result is damaged" in line for line in told) == 1
