"""Upgrade: an output folder that version 0.1.0 made works on, and no moment is a bad one to be killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.cohort.changes import Change
from autograder.cohort.outputs import write_report
from autograder.cohort.rejudge import rejudge
from autograder.cohort.store import STORE, Store
from autograder.cohort.upgrade import COPY, upgrade
from autograder.errors import UsageError
from autograder.grading.source import load_source
from tests.cohort.support import run
from tests.cohort.test_rejudge import LOOSE
from tests.fakes import FakeSandbox
from tests.small_course import write_course

FIXTURE = Path(__file__).parents[1] / "fixtures_0_1_0"
GRADED = {"ada": "10", "bela": "10", "carl": "10", "dora_square": "6", "emil_sum": "4", "fay_damaged": "0"}


@pytest.fixture
def old(tmp_path):
    """A copy of the folder that 0.1.0 left."""
    shutil.copytree(FIXTURE / "out", tmp_path / "old")
    (tmp_path / "old" / "spool").mkdir(exist_ok=True)
    return tmp_path / "old"


def version(path):
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return found


def test_an_old_folder_is_refused_with_the_command_that_helps(old):
    before = (old / STORE).read_bytes()
    with pytest.raises(UsageError, match=f"autograder upgrade {old}"):
        Store(old)
    assert (old / STORE).read_bytes() == before


def test_an_upgrade_takes_over_every_grading_and_says_so(old):
    done = upgrade(old, "instructor", "0.2.0")
    assert done is not None
    assert (done.events, done.spooled, version(old / STORE), version(done.copy)) == (14, 0, 2, 1)
    with Store(old, create=False) as store:
        assert {e.who: e.points for e in store.current() if e.graded} == GRADED
        assert [e.kind for e in store.history("ada")] == ["graded", "graded", "rejudged"]
        assert all(store.sound(e) for e in store.history())
        assert [r.what for r in store.runs()] == ["grade", "grade", "rejudge", "upgrade"]
        assert [r.tool for r in store.runs()] == ["0.1.0", "0.1.0", "0.1.0", "0.2.0"]


def test_a_second_upgrade_has_nothing_to_do(old):
    assert upgrade(old, "instructor", "0.2.0") is not None
    before = (old / STORE).read_bytes()
    assert upgrade(old, "instructor", "0.2.0") is None
    assert (old / STORE).read_bytes() == before


def test_what_was_open_to_others_is_closed(old):
    (old / "grades" / "ada.json").chmod(0o644)
    assert upgrade(old, "instructor", "0.2.0").closed > 0
    assert [p for p in [old, *old.rglob("*")] if p.stat().st_mode & 0o077] == []


def test_a_newer_store_and_what_is_none_are_refused(old, tmp_path):
    connection = sqlite3.connect(old / STORE)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(UsageError, match="newer version"):
        upgrade(old, "instructor", "0.2.0")
    (old / STORE).write_bytes(b"no database " * 100)
    with pytest.raises(UsageError, match="no store of grades"):
        upgrade(old, "instructor", "0.2.0")
    with pytest.raises(UsageError, match="there are no grades here"):
        upgrade(tmp_path / "nothing", "instructor", "0.2.0")


def test_two_commands_at_once_are_refused(old):
    upgrade(old, "instructor", "0.2.0")
    with Store(old), pytest.raises(UsageError, match="another command"):
        upgrade(old, "instructor", "0.2.0")


def test_the_report_of_an_upgraded_folder_has_the_points_of_the_old_one(old):
    upgrade(old, "instructor", "0.2.0")
    before = (old / "final_grades.csv").read_bytes()
    with Store(old, create=False) as store:
        spec = store.bundle(store.current()[0].bundle).spec
        written = write_report(store, spec)
    assert written.damaged == {}
    assert (old / "final_grades.csv").read_bytes() == before
    assert "autograder 0.2.0" in (old / "report" / "students" / "ada.html").read_text()


def test_an_upgraded_folder_can_be_rejudged(old, tmp_path):
    upgrade(old, "instructor", "0.2.0")
    course = write_course(tmp_path / "course")
    with Store(old, create=False) as store:
        same = rejudge(store, load_source(course, "small"), FakeSandbox)
        assert [c.name for c in same.changes if c.moved()] == []
        assert same.impossible == {"gil_lost": "it was never graded; grade it again"}
        write_course(course, cases=LOOSE.replace("close(1e-2)", "close(10.0)"))
        looser = rejudge(store, load_source(course, "small"), FakeSandbox)
        moved: list[Change] = [c for c in looser.changes if c.moved()]
        assert [c.name for c in moved] == ["dora_square"]
        assert store.history("dora_square")[-1].points == "10"


def test_what_was_graded_counts_as_graded_and_the_rest_is_graded(old, tmp_path):
    connection = sqlite3.connect(old / STORE)  # the hand-ins lie elsewhere than when the fixture was made
    connection.execute("DROP TRIGGER events_keep_update")
    place = f"{FIXTURE / 'submissions'}/"
    connection.execute("UPDATE events SET file = replace(file, '/tmp/small-0.1.0/submissions/', ?)", [place])
    connection.commit()
    connection.close()
    upgrade(old, "instructor", "0.2.0")
    with Store(old, create=False) as store:
        bundle = store.bundle(store.history("ada")[0].bundle)
        outcome = run(store, bundle, FIXTURE / "submissions", mode="standard")
        events = {e.who: e for e in store.current()}
    assert (outcome.totals.known, outcome.totals.graded) == (6, 1)
    assert (events["gil_lost"].graded, events["gil_lost"].kind) == (True, "graded")
    assert {who: events[who].points for who in GRADED} == GRADED


def test_results_that_a_stopped_run_had_finished_are_taken_over(old):
    connection = sqlite3.connect(old / STORE)
    connection.row_factory = sqlite3.Row
    row = dict(connection.execute("SELECT * FROM events WHERE name = 'bela' AND kind = 'graded'").fetchone())
    connection.close()
    import json

    fields = [
        "key",
        "name",
        "content",
        "digest",
        "bundle",
        "grade",
        "evidence",
        "points",
        "max_points",
        "graded",
        "tool",
        "mode",
        "times",
    ]
    row = {f: row[f] for f in fields} | {"times": json.loads(row["times"]), "name": "hana", "key": "f" * 64}
    (old / "spool" / f"{'f' * 64}.json").write_text(json.dumps(row | {"graded": True}))
    (old / "spool" / f"{'e' * 64}.json").write_text('{"key": ')
    done = upgrade(old, "instructor", "0.2.0")
    assert (done.events, done.spooled) == (15, 1)
    with Store(old, create=False) as store:
        assert [e.points for e in store.history("hana")] == ["8"]
        assert len(store.left_over().damaged) == 1
    assert [p.name for p in (old / "spool").rglob("*.json")] == [f"{'e' * 64}.json"]


SLOWED = """
import sqlite3, sys, time
from pathlib import Path
from autograder.cohort import upgrade as u
def slow(*_):
    time.sleep(0.0005)
connect = sqlite3.connect
def slowly(*a, **k):
    connection = connect(*a, **k)
    connection.set_progress_handler(slow, 20)
    return connection
u.sqlite3.connect = slowly
print("begin", flush=True)
u.upgrade(Path(sys.argv[1]), "instructor", "0.2.0")
"""


def test_killed_at_any_moment_it_is_the_old_folder_or_the_new_one(old, tmp_path):
    seen = set()
    for number, delay in enumerate([0.0, 0.03, 0.06, 0.1, 0.2, 3.0]):
        out = tmp_path / f"out{number}"
        shutil.copytree(old, out)
        process = subprocess.Popen([sys.executable, "-c", SLOWED, str(out)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        found = version(out / STORE)
        seen.add(found)
        upgrade(out, "instructor", "0.2.0")  # the next try goes through, whatever the first one left
        with Store(out, create=False) as store:
            assert {e.who: e.points for e in store.current() if e.graded} == GRADED
            assert len(store.history()) == 14
        assert version(out / COPY) == 1
    assert seen == {1, 2}, "no kill fell before the end, or none after it"


def test_a_disk_that_cannot_be_written_leaves_the_old_folder(old, monkeypatch):
    if os.getuid() == 0:
        from autograder.cohort import upgrade as module

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(module.os, "fsync", full)
    else:
        old.chmod(0o500)
    with pytest.raises(Exception, match="cannot be written"):
        upgrade(old, "instructor", "0.2.0")
    old.chmod(0o700)
    assert version(old / STORE) == 1
