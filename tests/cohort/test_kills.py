"""kill -9 at random moments, then resumed: no grade lost, none twice, the store as after an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.cohort.store import Store
from tests.cohort.support import essence, write_submissions

HEAD = Path(__file__).with_name("head.py")


def start_head(course, folder, out, kind="fake"):
    command = [sys.executable, str(HEAD), str(course), str(folder), str(out), "2", kind]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return process


def kill_at_random(course, folder, out, rng, kind):
    """Start a head, wait until it grades, kill it somewhat later; True if it was still at work then."""
    process = start_head(course, folder, out, kind)
    process.stdout.readline()
    spool = out / "spool"
    deadline = time.monotonic() + 60
    before = {p.name for p in spool.glob("*.json")}
    moment = time.monotonic() + rng.uniform(0, 1.0)
    while time.monotonic() < min(deadline, moment) and process.poll() is None:
        time.sleep(0.01)
    if rng.random() < 0.7:  # most kills fall where results are flowing, not where workers are starting
        while (
            process.poll() is None and {p.name for p in spool.glob("*.json")} <= before and time.monotonic() < deadline
        ):
            time.sleep(0.001)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()
    return alive


def workers_of(folder):
    """Processes of fake workers that are still there."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
                status = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if b"fake_worker.py" in words and status != "Z" and _works_in(entry, folder):
                found.append(int(entry.name))
    return found


def _works_in(entry, folder):
    try:
        return os.readlink(entry / "cwd") == str(folder)
    except OSError:
        return False


def check_kills(tmp_path, course, count, submissions, seed, kind="fake"):
    folder = write_submissions(tmp_path / "in", submissions)
    undisturbed = start_head(course, folder, tmp_path / "undisturbed", kind)
    _, errors = undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0, errors.decode()
    with Store(tmp_path / "undisturbed", create=False) as store:
        wanted = essence(store)
    assert len(wanted) == submissions
    rng, kills, round_ = random.Random(seed), 0, 0
    while kills < count:
        out = tmp_path / f"out{round_}"
        round_ += 1
        while kills < count and kill_at_random(course, folder, out, rng, kind):
            kills += 1
        finished = start_head(course, folder, out, kind)
        _, errors = finished.communicate(timeout=120)
        assert finished.returncode == 0, errors.decode()
        with Store(out, create=False) as store:
            assert essence(store) == wanted
            names = [e.who for e in store.history()]
            assert len(names) == len(set(names))
            assert store.left_over().results == ()
            assert [store.grade(e).submission for e in store.current()] == sorted(names)


def test_three_kills(tmp_path, course):
    check_kills(tmp_path, course, 3, 24, seed=1)


@pytest.mark.slow
def test_a_hundred_kills(tmp_path, course):
    check_kills(tmp_path, course, 100, 60, seed=2)


@pytest.mark.slow
def test_twenty_kills_with_the_real_sandbox(tmp_path, course):
    check_kills(tmp_path, course, 20, 60, seed=3, kind="real")
    assert not [f for f in Path(tempfile.gettempdir()).glob("autograder-*") if f.is_dir() and sandboxes_end(f)]


def sandboxes_end(folder, seconds=20.0):
    """Whether a sandbox's folder is still there after some patience; its zygote removes it once its grader is gone."""
    until = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.1)
    return folder.exists()


def test_workers_end_with_a_head_that_is_killed(tmp_path, course, monkeypatch):
    folder = write_submissions(tmp_path / "in", 2)
    (folder / "slow.py").write_text("import time\ntime.sleep(300)\n")
    monkeypatch.chdir(tmp_path)
    head = start_head(course, folder, tmp_path / "out")
    head.stdout.readline()
    deadline = time.monotonic() + 60
    while not workers_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers_of(tmp_path)
    time.sleep(1)
    head.kill()
    head.communicate()
    while workers_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers_of(tmp_path) == []
