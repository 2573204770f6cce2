"""The store: append-only, one head at a time, and plain words for what it cannot open."""

from __future__ import annotations

import pytest
import sqlalchemy as sql

from autograder.cohort.store import Store
from autograder.errors import UsageError
from tests.cohort.support import run
from tests.fakes import FakeSandbox
from tests.small_course import write_course


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET points = '10'", "DELETE FROM events", "UPDATE runs SET who = 'x'"]
)
def test_history_cannot_be_rewritten(tmp_path, bundle, folder, statement):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
    engine = sql.create_engine(f"sqlite:///{tmp_path / 'out' / 'grades.sqlite'}")
    with pytest.raises(sql.exc.IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(sql.text(statement))
    engine.dispose()


def test_every_score_says_who_when_and_by_what(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        event = store.history("s000")[0]
        only = store.runs()[0]
    assert only.who == "test"
    assert only.at.startswith("20")
    assert event.bundle == only.bundle == bundle.digest
    assert event.tool == only.tool
    assert event.run == only.id


def test_evidence_and_bundle_give_the_grade_again(tmp_path, bundle, folder):
    from autograder.grading.judging import InProcess

    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        for event in store.current():
            evidence = store.evidence(event)
            verdicts = InProcess().verdicts(store.bundle(event.bundle), evidence.answers, evidence.worlds)
            assert sum(v.points for v in verdicts) == store.grade(event).points


def test_two_heads_at_once_are_refused(tmp_path):
    with Store(tmp_path / "out"), pytest.raises(UsageError, match="another command"):
        Store(tmp_path / "out")
    Store(tmp_path / "out").close()


def test_another_assignment_is_refused(tmp_path, bundle, folder):
    from autograder.grading.record import build_bundle
    from autograder.grading.source import load_source
    from tests.small_course import SPEC

    root = write_course(tmp_path / "other", spec=SPEC.replace('id = "small"', 'id = "large"'))
    for part in ("assignments", "solutions"):
        (root / part / "small").rename(root / part / "large")
    other = build_bundle(FakeSandbox(), load_source(root, "large"))
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        with pytest.raises(UsageError, match="holds grades of `small`"):
            run(store, other, folder)


def test_a_folder_without_grades_is_refused_where_some_are_needed(tmp_path):
    with pytest.raises(UsageError, match="there are no grades here"):
        Store(tmp_path / "nothing", create=False)
    assert not (tmp_path / "nothing").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    (tmp_path / "grades.sqlite").write_bytes(b"no database " * 100)
    with pytest.raises(UsageError, match="is no store of grades"):
        Store(tmp_path)
    assert (tmp_path / "grades.sqlite").read_bytes().startswith(b"no database")


def test_half_written_results_are_swept_away(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        (store.spool / "abc.77.tmp").write_text('{"key": "abc"')
        assert run(store, bundle, folder).totals.graded == 12
        assert list(store.spool.iterdir()) == []


def test_evidence_has_no_times_so_that_it_is_the_same_in_every_run(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        event = store.current()[0]
        assert {a.seconds for a in store.evidence(event).answers.values()} == {0.0}
        assert any(v.seconds > 0 for v in store.grade(event).verdicts)


def test_a_folder_that_is_made_is_closed_and_one_that_holds_something_keeps_its_rights(tmp_path, bundle, folder):
    for name in ("new", "empty", "used"):
        if name != "new":
            (tmp_path / name).mkdir(mode=0o755)
        if name == "used":
            (tmp_path / name / "notes.txt").touch(0o644)
        with Store(tmp_path / name) as store:
            run(store, bundle, folder)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("new", "empty", "used")}
    assert modes == {"new": 0o700, "empty": 0o700, "used": 0o755}
    own = [p for n in modes for p in (tmp_path / n).rglob("*") if p.name != "notes.txt"]
    assert [p for p in own if p.stat().st_mode & 0o077] == []
