"""Forgetting and pruning: what is asked for goes, wherever it lay; nothing of anybody else does."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sql

from autograder.cohort.forgetting import forget, prune
from autograder.cohort.outputs import write_report
from autograder.cohort.spool import DAMAGED
from autograder.cohort.store import STORE, Store
from autograder.cohort.upgrade import COPY
from autograder.errors import UsageError
from tests.cohort.support import RIGHT, SQUARE, run

ADA = "ada_lovelace_1815"


@pytest.fixture
def graded(tmp_path, bundle, folder):
    """A store with pages; one of thirteen handed in twice, a name that stands nowhere else."""
    (folder / f"{ADA}.py").write_text(SQUARE)
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        (folder / f"{ADA}.py").write_text(RIGHT + "\n# better\n")
        run(store, bundle, folder)
        write_report(store, bundle.spec)
        yield store


def traces(folder, text):
    """Files in whose name or bytes a text stands, compressed ones unpacked."""
    import zstandard

    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".zst":
            data = zstandard.ZstdDecompressor().decompress(data)
        if text.encode() in data or text in path.name:
            found.append(str(path.relative_to(folder)))
    return sorted(found)


def test_nothing_of_a_forgotten_person_is_left_and_everything_of_others_is(graded, bundle):
    out = graded.folder
    (out / COPY).write_bytes(b"an old copy with " + ADA.encode())
    (out / "spool" / DAMAGED).mkdir()
    (out / "spool" / DAMAGED / "x.json").write_text(f"half a row of {ADA}")
    (out / "canvas.csv").write_text(f"{ADA},10\n")
    (out / "similar.html").write_text(f"code of {ADA}\n")
    others = {e.who: graded.grade(e) for e in graded.current() if e.who != ADA}
    assert len(traces(out, ADA)) >= 12, "the control: it stood in many places"
    gone = forget(graded, ADA, "instructor", "0.2.0")
    assert (gone.events, gone.blobs) == (2, 4)
    write_report(graded, bundle.spec)
    assert traces(out, ADA) == []
    assert {e.who: graded.grade(e) for e in graded.current()} == others
    assert len((out / "final_grades.csv").read_text().splitlines()) == 2 + len(others)


def test_a_tombstone_keeps_the_count_and_that_somebody_was_there(graded):
    before = graded.history()
    forget(graded, ADA, "instructor", "0.2.0")
    after = graded.history()
    assert len(after) == len(before)
    own = [e for e in after if e.kind == "forgotten"]
    assert [(e.id, e.run, e.at, e.bundle) for e in own] == [
        (e.id, e.run, e.at, e.bundle) for e in before if e.who == ADA
    ]
    assert {(e.who, e.file, e.inside, e.files, e.digest, e.points, e.times) for e in own} == {
        ("forgotten-1", "", "{}", "[]", "", "", "{}")
    }
    assert all(graded.sound(e) for e in after)
    assert graded.forgotten() == 1
    assert [r.what for r in graded.runs()] == ["grade", "grade", "forget"]
    forget(graded, "s000", "instructor", "0.2.0")
    assert graded.forgotten() == 2


def test_a_dry_run_says_the_same_and_changes_nothing(graded):
    before = {p: p.read_bytes() for p in graded.folder.rglob("*") if p.is_file()}
    said = forget(graded, ADA, "instructor", "0.2.0", dry_run=True)
    assert {p: p.read_bytes() for p in graded.folder.rglob("*") if p.is_file()} == before
    assert said == forget(graded, ADA, "instructor", "0.2.0")


def test_files_that_others_share_stay(graded, bundle, tmp_path):
    ada, other = graded.history(ADA)[-1], graded.history("s000")[-1]
    engine = sql.create_engine(f"sqlite:///{graded.folder / STORE}")
    with engine.begin() as connection:  # as if both had the same blob
        connection.execute(sql.text("DROP TRIGGER events_keep_update"))
        connection.execute(sql.text("UPDATE events SET grade = :g WHERE id = :i"), {"g": other.grade, "i": ada.id})
    engine.dispose()
    forget(graded, ADA, "instructor", "0.2.0")
    assert graded.blobs.intact(other.grade)
    assert not graded.blobs.intact(ada.evidence)


def test_a_name_that_nobody_has_is_refused_with_names_like_it(graded):
    with pytest.raises(UsageError, match="names like it: ada_lovelace_1815"):
        forget(graded, "ada_lovelace", "instructor", "0.2.0")
    forget(graded, ADA, "instructor", "0.2.0")
    with pytest.raises(UsageError, match="nobody of this name"):
        forget(graded, ADA, "instructor", "0.2.0")
    with pytest.raises(UsageError, match="nobody of this name"):
        forget(graded, "forgotten-1", "instructor", "0.2.0")


@pytest.mark.parametrize(
    "change",
    [
        "points = '10'",
        "kind = 'forgotten'",
        "kind = 'forgotten', who = 'forgotten-1'",
        "grade = ''",
        "who = 'forgotten-1'",
    ],
)
def test_the_store_lets_through_forgetting_and_no_other_change(graded, change):
    connection = sqlite3.connect(graded.folder / STORE)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(f"UPDATE events SET {change} WHERE who = '{ADA}'")
    connection.close()


def test_even_a_tombstone_cannot_be_given_other_points_or_another_time(graded):
    forget(graded, ADA, "instructor", "0.2.0")
    connection = sqlite3.connect(graded.folder / STORE)
    for change in ("points = '10'", "at = '2030'", "graded = 0", "bundle = ''", "who = 'ada'", "who = 'forgotten-x'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(f"UPDATE events SET {change} WHERE kind = 'forgotten'")
    connection.close()


def test_somebody_who_is_forgotten_can_hand_in_again(graded, bundle, folder):
    forget(graded, ADA, "instructor", "0.2.0")
    outcome = run(graded, bundle, folder)
    assert (outcome.totals.known, outcome.totals.graded) == (12, 1)
    assert [e.points for e in graded.current() if e.who == ADA] == ["10"]


def test_a_prune_takes_old_gradings_that_do_not_count_and_keeps_their_points(graded, bundle):
    later = datetime.now(UTC) + timedelta(days=31)
    old, _ = graded.history(ADA)
    said = prune(graded, 30, later, "instructor", "0.2.0", dry_run=True)
    assert graded.blobs.intact(old.evidence)
    gone = prune(graded, 30, later, "instructor", "0.2.0")
    assert said == gone
    assert (gone.events, gone.blobs) == (1, 2)
    assert not graded.blobs.intact(old.evidence)
    assert not graded.blobs.intact(old.grade)
    assert [e.points for e in graded.history(ADA)] == ["6", "10"]
    assert write_report(graded, bundle.spec).damaged == {}
    assert prune(graded, 30, later, "instructor", "0.2.0").blobs == 0


def test_a_prune_takes_nothing_that_is_young_or_counts(graded):
    later = datetime.now(UTC) + timedelta(days=29)
    assert prune(graded, 30, later, "instructor", "0.2.0").blobs == 0
    prune(graded, 0, datetime.now(UTC) + timedelta(days=9999), "instructor", "0.2.0")
    for event in graded.current():
        assert graded.blobs.intact(event.grade)
        assert graded.blobs.intact(event.evidence)


def test_pruned_work_that_comes_again_is_graded_again(graded, bundle, folder):
    prune(graded, 0, datetime.now(UTC) + timedelta(days=1), "instructor", "0.2.0")
    (folder / f"{ADA}.py").write_text(SQUARE)
    assert run(graded, bundle, folder).totals.graded == 1
    assert [e.points for e in graded.current() if e.who == ADA] == ["6"]
