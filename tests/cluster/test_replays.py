"""200 hand-ins whose training is replayed on the cluster: the same bytes as here, sooner with two slots than one."""

from __future__ import annotations

import time

import pytest

from autograder.cohort.store import Store
from autograder.sandbox.grader.box import Sandbox
from tests import milestone_course
from tests.cluster.test_grading import Head, essence

pytestmark = [pytest.mark.slurm, pytest.mark.slow]
MANY = 200


@pytest.fixture(scope="module")
def place(machine, tmp_path_factory):
    """A course with trained weights, and hand-ins that are all different."""
    place = tmp_path_factory.mktemp("replays")
    with Sandbox.start() as sandbox:
        source = milestone_course.write_course(place / "course", sandbox, seconds=20)
    milestone_course.write_hand_ins(place / "in", source, MANY)
    return place


@pytest.fixture(scope="module")
def wanted(machine, place):
    """What they come to on this machine alone."""
    Head(machine, place, place / "in", place / "local", None, "--replay", "-j", "2", name="toy").end(seconds=1200)
    with Store(place / "local", create=False) as store:
        return essence(store)


@pytest.mark.parametrize("slots", [2, 1])
def test_two_hundred_replays_are_the_same_bytes(machine, idle, place, wanted, slots):
    out, spool = place / f"out{slots}", place / f"spool{slots}"
    cluster = ("memory_gb=3.5", "minutes=20", f"parallel={slots}", "job_minutes=1")
    started = time.monotonic()
    head = Head(machine, place, place / "in", out, spool, "--replay", cluster=cluster, name="toy")
    head.end(seconds=1800)
    print(f"{MANY} replays, {slots} at a time: {time.monotonic() - started:.0f} s")
    with Store(out, create=False) as store:
        assert essence(store) == wanted
        assert len({e.who for e in store.history()}) == len(store.history()) == MANY
