"""Where a folder lies, what [cluster] says, how work is cut, and what the batch system is told."""

from __future__ import annotations

import errno
import os
import subprocess

import pytest

from autograder.cli.executors import cluster_of, executor_for, refuse_little_memory, with_pairs
from autograder.cohort.cluster import batch as batches
from autograder.cohort.cluster.batch import Refused, Slurm, load_submitit
from autograder.cohort.cluster.causes import is_out
from autograder.cohort.cluster.cutting import MOST_TASKS, Cost, cost_of, cut, size_of
from autograder.cohort.cluster.folder import Shared
from autograder.cohort.cluster.places import NETWORK, kind_of, refuse_network
from autograder.cohort.local import LocalPool
from autograder.errors import MachineError, SpecError, UsageError
from autograder.spec.cluster import Cluster
from tests.small_course import write_course

COURSE = """
title = "A course"
zone = "UTC"
part = [{ id = "small", group = "all", due = "2026-09-21T23:59" }]
groups = { all = { weight = 100 } }
"""


@pytest.mark.parametrize(("kind", "name"), sorted(NETWORK.items()))
def test_a_network_file_system_is_refused_for_grades(tmp_path, kind, name):
    with pytest.raises(UsageError) as caught:
        refuse_network(tmp_path, kind)
    text = caught.value.text()
    assert f"lies on a network file system ({name})" in text
    assert str(tmp_path) in text
    assert "-o" in text


def test_a_local_disk_is_not(tmp_path):
    told = int(
        subprocess.run(["stat", "-f", "-c", "%t", tmp_path], capture_output=True, text=True, check=True).stdout, 16
    )
    assert kind_of(tmp_path) == told
    refuse_network(tmp_path)


def test_a_memory_disk_is_told_by_its_number():
    assert kind_of("/dev/shm") == 0x01021994


def test_course_toml_says_how_jobs_are_asked_for(tmp_path):
    root = write_course(tmp_path / "course")
    (root / "course.toml").write_text(COURSE + '[cluster]\nspool = "shared"\npartition = "gpu"\nminutes = 30\n')
    found = cluster_of(root)
    assert (found.spool, found.partition, found.minutes, found.memory_gb) == (str(root / "shared"), "gpu", 30, 8.0)
    assert cluster_of(root / "assignments") == found
    assert cluster_of(tmp_path) == Cluster()


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ("minuts = 3", "cluster.minuts", "unknown key"),
        ("minutes = 0", "cluster.minutes", "a number of at least 1"),
        ('partition = "a; rm -rf x"', "cluster.partition", "match pattern"),
        ("gpus = -1", "cluster.gpus", "a number of at least 0"),
        ('memory_gb = "much"', "cluster.memory_gb", "number"),
        ('setup = ["a\\nb"]', "cluster", "line break"),
    ],
)
def test_a_fault_names_the_key(tmp_path, line, key, said):
    root = write_course(tmp_path / "course")
    (root / "course.toml").write_text(COURSE + f"[cluster]\n{line}\n")
    with pytest.raises(SpecError) as caught:
        cluster_of(root)
    assert key in caught.value.text()
    assert said in caught.value.text()
    assert "course.toml" in caught.value.text()


def test_flags_go_before_course_toml():
    given = with_pairs(
        Cluster(partition="cpu"), ["partition=gpu", "gpus=1", "memory_gb=12.5", 'setup=["module load x"]']
    )
    assert (given.partition, given.gpus, given.memory_gb, given.setup) == ("gpu", 1, 12.5, ("module load x",))
    assert with_pairs(Cluster(), ["account=1234"]).account == "1234"


@pytest.mark.parametrize(
    ("pair", "said"),
    [("minuts=3", "partition"), ("minutes", "KEY=VALUE"), ("minutes=many", "integer"), ("gpus=99", "16")],
)
def test_a_wrong_flag_is_told(pair, said):
    with pytest.raises(UsageError) as caught:
        with_pairs(Cluster(), [pair])
    assert said in caught.value.text()
    assert "--cluster" in caught.value.text()


def test_flags_of_a_cluster_are_refused_without_one(tmp_path):
    assert executor_for("local", None, (), None, tmp_path, print)(None, None, None) is LocalPool
    with pytest.raises(UsageError, match="--executor slurm"):
        executor_for("local", tmp_path, (), None, tmp_path, print)
    with pytest.raises(UsageError, match="--executor slurm"):
        executor_for("local", None, ("gpus=1",), None, tmp_path, print)
    with pytest.raises(UsageError, match="no shared folder") as caught:
        executor_for("slurm", None, (), tmp_path, tmp_path, print)
    assert "--spool" in caught.value.text()


def test_without_the_library_or_the_commands_it_is_said_what_is_missing(monkeypatch):
    monkeypatch.setattr(batches.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="cannot send jobs") as caught:
        Slurm(Cluster())
    assert "sbatch" in caught.value.text()

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(batches.importlib, "import_module", missing)
    with pytest.raises(UsageError, match="not installed") as caught:
        load_submitit()
    assert "autograder-dl[slurm]" in caught.value.text()


def test_a_job_must_have_the_memory_that_a_question_may_take(bundle):
    refuse_little_memory(Cluster(memory_gb=3.5), bundle)
    with pytest.raises(UsageError, match="less memory") as caught:
        refuse_little_memory(Cluster(memory_gb=3.4), bundle)
    assert "memory_gb=3.5" in caught.value.text()


@pytest.mark.parametrize(
    ("seconds", "left", "settings", "size"),
    [
        (1.0, 10_000, Cluster(parallel=10), MOST_TASKS),
        (1.0, 640, Cluster(parallel=64), 30),  # a job that is shorter than that is not worth its start
        (60.0, 640, Cluster(parallel=64), 10),
        (200.0, 640, Cluster(parallel=64), 3),  # ten minutes
        (200.0, 640, Cluster(parallel=64, minutes=10), 1),  # half of the time limit
        (5000.0, 640, Cluster(parallel=64), 1),
        (2.0, 3, Cluster(parallel=2), 15),
    ],
)
def test_work_is_cut_by_what_it_costs(seconds, left, settings, size):
    assert size_of(cost_of([seconds]), settings, left) == size


def test_who_goes_alone_goes_alone():
    assert cut(list("abcde"), ["b", "e"], 2) == [["b"], ["e"], ["a", "c"], ["d"]]
    assert cut([], [], 3) == []


def test_a_cost_follows_what_is_measured():
    cost = Cost()
    assert not cost.known
    for seconds in (1.0, 3.0):
        cost.add(seconds)
    assert cost.seconds == 2.0
    for _ in range(500):
        cost.add(10.0)
    assert cost.seconds == pytest.approx(10.0, rel=0.01)


@pytest.mark.parametrize(
    "state", ["PENDING", "RUNNING", "COMPLETING", "UNKNOWN", "", "REQUEUED", "SUSPENDED", "RUNNING+"]
)
def test_jobs_that_are_out(state):
    assert is_out(state)


@pytest.mark.parametrize(
    "state", ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED by 1000", "PREEMPTED", "NODE_FAIL", "GONE"]
)
def test_jobs_that_have_ended(state):
    assert not is_out(state)


def test_what_the_batch_system_is_told(monkeypatch):
    monkeypatch.setattr(batches.shutil, "which", lambda name: f"/usr/bin/{name}")
    settings = Cluster(partition="gpu", account="course", gpus=1, minutes=30, memory_gb=3.5, setup=("module load x",))
    told = Slurm(settings).parameters("autograder-x", ["n2", "n1"])
    assert {k: told[k] for k in ("partition", "account", "gpus_per_node", "time", "mem", "exclude", "job_name")} == {
        "partition": "gpu", "account": "course", "gpus_per_node": 1, "time": 30, "mem": "3584MB", "exclude": "n1,n2",
        "job_name": "autograder-x",
    }  # fmt: skip
    assert told["additional_parameters"] == {"no-requeue": True}
    assert told["setup"][-1] == "module load x"
    assert "qos" not in told


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_what_submitit_cannot_write_is_told(tmp_path, monkeypatch, number):
    monkeypatch.setattr(batches.shutil, "which", lambda name: f"/usr/bin/{name}")
    slurm, shared = Slurm(Cluster()), Shared(tmp_path / "id" / "order")

    class Full:
        def __init__(self, folder, python):
            pass

        def update_parameters(self, **options):
            pass

        def map_array(self, function, *texts):
            raise OSError(number, "what the system says")

    monkeypatch.setattr(slurm._submitit, "SlurmExecutor", Full)
    with pytest.raises(MachineError, match="what the system says") as caught:
        slurm.send(shared, ["a"], [])
    assert str(shared.jobs) in caught.value.text()


def test_the_batch_systems_own_words_are_quoted(tmp_path, monkeypatch):
    """sbatch refuses, in a real process: its words come through, without those of the library."""
    for name in ("sbatch", "srun", "squeue", "scancel"):
        tool = tmp_path / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text("#!/bin/sh\necho 'sbatch: error: Batch job submission failed: Invalid account' >&2\nexit 1\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    shared = Shared(tmp_path / "id" / "order")
    shared.jobs.mkdir(parents=True)
    with pytest.raises(Refused) as caught:
        Slurm(Cluster()).send(shared, ["a", "b"], [])
    assert str(caught.value) == "Batch job submission failed: Invalid account"
