"""Damage: truncated blobs, broken and forged rows, changed entries: named, nobody else pays, the next run mends."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
import sqlalchemy as sql

from autograder.cohort.outputs import write_report
from autograder.cohort.rejudge import rejudge
from autograder.cohort.spool import DAMAGED, keep, read_result, write_result
from autograder.cohort.store import STORE, Store
from autograder.errors import BundleError, MachineError, StoredError
from autograder.intake.layouts.versions import version_order
from autograder.sandbox.wire.messages import Attempt, Effort
from tests.cohort.support import RIGHT, Here, run
from tests.fakes import FakeSandbox


@pytest.fixture
def graded(tmp_path, source, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder, source=source)
        yield store


def event_of(store, who):
    return next(e for e in store.current() if e.who == who)


@pytest.mark.parametrize("part", ["grade", "evidence"])
@pytest.mark.parametrize("left", [b"", b"\x28\xb5\x2f\xfd", None])
def test_a_truncated_blob_is_named_and_the_next_run_grades_again(graded, bundle, folder, source, part, left):
    path = graded.blobs.path(getattr(event_of(graded, "s003"), part))
    path.write_bytes(path.read_bytes()[:-7] if left is None else left)
    written = write_report(graded, bundle.spec)
    others = [line for line in (graded.folder / "final_grades.csv").read_text().splitlines() if "s003" not in line]
    assert len(others) == 13
    assert list(written.damaged) == (["s003"] if part == "grade" else [])
    result = rejudge(graded, source, FakeSandbox)
    assert list(result.impossible) == ["s003"]
    outcome = run(graded, bundle, folder)
    assert (outcome.totals.known, outcome.totals.graded) == (11, 1)
    assert write_report(graded, bundle.spec).damaged == {}
    assert graded.evidence(event_of(graded, "s003")) is not None


def test_an_entry_that_was_changed_by_hand_is_not_believed(graded, bundle, folder):
    engine = sql.create_engine(f"sqlite:///{graded.folder / STORE}")
    with engine.begin() as connection:
        connection.execute(sql.text("DROP TRIGGER events_keep_update"))
        connection.execute(sql.text("UPDATE events SET points = '10', times = '{' WHERE who = 's001'"))
    engine.dispose()
    written = write_report(graded, bundle.spec)
    assert "the entry of `s001` has been changed" in written.damaged["s001"]
    json.loads((graded.folder / "times.json").read_text())
    assert run(graded, bundle, folder).totals.graded == 1
    assert write_report(graded, bundle.spec).damaged == {}


def alter(store, *statements):
    """Change the database as another program would."""
    engine = sql.create_engine(f"sqlite:///{store.folder / STORE}")
    with engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(sql.text(f"DROP TRIGGER IF EXISTS events_keep_{verb}"))
        for statement in statements:
            connection.execute(sql.text(statement))
    engine.dispose()


@pytest.mark.parametrize("column", ["points", "version", "times", "grade", "bundle", "waiting", "files"])
@pytest.mark.parametrize("value", ["x'ff00'", "1.5", "'../../etc'", "'a' || char(0)"])
def test_a_cell_of_another_kind_costs_that_entry_alone(graded, bundle, folder, source, column, value):
    alter(graded, f"UPDATE events SET {column} = {value} WHERE who = 's001'")
    written = write_report(graded, bundle.spec)
    assert list(written.damaged) == ["s001"]
    assert list(rejudge(graded, source, FakeSandbox).impossible) == ["s001"]
    assert run(graded, bundle, folder).totals.graded == 1
    assert write_report(graded, bundle.spec).damaged == {}


def test_a_version_of_many_digits_is_a_version(graded, bundle):
    alter(graded, f"UPDATE events SET version = 'v{'9' * 5000}' WHERE who = 's001'")
    assert list(write_report(graded, bundle.spec).damaged) == ["s001"]
    assert version_order("v10") > version_order("v009") > version_order("v1") > version_order("")


def test_entries_that_were_deleted_are_missed(graded, bundle):
    assert graded.removed() == []
    alter(graded, "DELETE FROM events WHERE who = 's001'")
    written = write_report(graded, bundle.spec)
    assert "1 entry has been deleted by another program" in written.damaged[STORE]
    assert "s001" not in {grade.submission for grade in written.grades}


def test_a_pipe_in_the_spool_is_set_aside(graded, bundle, folder):
    import os

    os.mkfifo(graded.spool / f"{'b' * 64}.json")
    left = graded.left_over()
    assert "it is no plain file" in left.damaged[0]
    assert run(graded, bundle, folder).totals.known == 12


def one_result(store, who="s000"):
    """A result as a worker writes it, with every measurement that there is, and the file that it is in."""
    event = event_of(store, who)
    handed = replace(event.handed, who="new")
    grade = replace(store.grade(event), submission="new")
    evidence = store.evidence(event)
    answers = {c: replace(a, effort=Effort(0.5, 10.0, 0.7)) for c, a in evidence.answers.items()}
    attempts = {c: (Attempt("timeout", 10.0, 0.9),) for c in answers}
    result = keep(store.blobs, "a" * 64, handed, grade, replace(evidence, answers=answers, attempts=attempts))
    assert result.times.keys() > {"total", "cases"}, "the control: there are measurements of more kinds"
    write_result(store.spool, result)
    return result, store.spool / f"{'a' * 64}.json"


def sealed(row):
    import hashlib

    return {"row": row, "sha256": hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()}


def test_a_result_comes_back_as_it_was_written(graded):
    result, _ = one_result(graded)
    assert read_result(graded.spool, result.key, graded.blobs) == result
    assert graded.left_over().results == (result,)


FORGERIES = {
    "other points": {"points": "99"},
    "more than there is": {"points": "10", "max_points": "1/0"},
    "no number": {"points": "ten"},
    "a number for a text": {"points": 10},
    "another name": {"handed": {"who": "somebody else"}},
    "a name that is no text": {"handed": {"who": 3}},
    "no name": {"handed": {"who": ""}},
    "files that are none": {"handed": {"files": [[1, 2, 3]]}},
    "a path for a digest": {"grade": "../../../etc/passwd"},
    "a blob that is not there": {"grade": "0" * 64},
    "evidence that is not there": {"evidence": "0" * 64},
    "graded as a number": {"graded": 1},
    "not graded at all": {"graded": False},
    "waiting": {"waiting": 3},
    "negative": {"waiting": -1},
    "another bundle": {"bundle": "0" * 64},
    "another key": {"key": "b" * 64},
    "times that are text": {"times": {"total": "0", "cases": {}}},
    "times that are none": {"times": []},
    "a field too many": {"extra": 1},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_row_is_set_aside_and_never_believed(graded, bundle, folder, forgery):
    result, path = one_result(graded)
    row = json.loads(json.dumps(asdict(result)))
    for name, value in FORGERIES[forgery].items():
        row[name] = row[name] | value if isinstance(value, dict) and name == "handed" else value
    path.write_text(json.dumps(sealed(row)))
    outcome = run(graded, bundle, folder)
    assert (graded.spool / DAMAGED / path.name).exists()
    assert outcome.exit_status == 0
    assert len(outcome.notes) == 1
    assert "damaged" in outcome.notes[0]
    assert "new" not in {e.who for e in graded.current()}
    assert outcome.totals.known == 12


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"text"', '{"row": {}}', "[" * 100_000, '{"row": 1, "sha256": 2}', "\x00\xff"]
)
def test_broken_json_in_the_spool_is_set_aside(graded, bundle, folder, text):
    (graded.spool / f"{'c' * 64}.json").write_bytes(text.encode("latin-1"))
    outcome = run(graded, bundle, folder)
    assert len(outcome.notes) == 1
    assert (graded.spool / DAMAGED / f"{'c' * 64}.json").exists()


def test_one_changed_letter_in_a_row_is_seen(graded):
    result, path = one_result(graded)
    path.write_text(path.read_text().replace('"mode": "off"', '"mode": "own"'))
    with pytest.raises(StoredError, match="its digest is another"):
        read_result(graded.spool, result.key, graded.blobs)


def test_a_worker_whose_row_is_damaged_is_tried_again_and_the_run_says_so(tmp_path, bundle, folder):
    class Spoils(Here):
        """The first result of s005 is cut in half."""

        spoilt = False

        def poll(self, seconds):
            reports = super().poll(seconds)
            for report in reports:
                path = store.spool / f"{report.key}.json"
                if '"s005"' in path.read_text() and not self.spoilt:
                    self.spoilt = True
                    path.write_text(path.read_text()[:100])
            return reports

    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder, executor=Spoils)
        assert (outcome.exit_status, outcome.totals.graded) == (0, 12)
        assert len(outcome.notes) == 1


def test_a_broken_note_of_origin_costs_time_and_no_grade(graded, source):
    (graded.shelf.folder / event_of(graded, "s000").bundle / "origin.json").write_text("{")
    result = rejudge(graded, source, FakeSandbox)
    assert not any(c.moved() for c in result.changes)


def test_a_bundle_that_was_changed_is_refused(graded):
    digest = event_of(graded, "s000").bundle
    for path in (graded.shelf.folder / digest).rglob("*"):
        if path.name.endswith(".py"):
            path.write_text(path.read_text().replace("close()", "close(1e9)"))
    with pytest.raises((StoredError, BundleError)):
        graded.bundle(digest)


def test_a_disk_that_is_full_in_the_middle_keeps_what_is_finished(tmp_path, bundle, folder, monkeypatch):
    from autograder.cohort import spool

    written, real = [], spool.write_file

    def full(path, data):
        if len(written) >= 5:
            raise MachineError("cannot be written: No space left on device", where=str(path))
        written.append(path)
        real(path, data)

    with Store(tmp_path / "out") as store:
        monkeypatch.setattr(spool, "write_file", full)
        with pytest.raises(MachineError, match="No space left"):
            run(store, bundle, folder)
        monkeypatch.undo()
        outcome = run(store, bundle, folder)
        assert (outcome.totals.total, outcome.totals.known + outcome.totals.graded) == (12, 12)
        assert outcome.totals.known >= 4
        assert list(store.folder.rglob("*.tmp")) == []


def test_versions_the_newest_counts_and_what_came_again_is_noted(tmp_path, bundle):
    from autograder.cohort.engine import grade_cohort
    from autograder.intake.hand_in import HandIn
    from tests.cohort.support import SQUARE, SUM

    for name, text in (("v2", SQUARE), ("v9", SUM), ("v10", RIGHT), ("again", SQUARE)):
        (tmp_path / f"{name}.py").write_text(text)

    def grade(store, *hand_ins):
        return grade_cohort(store, bundle, hand_ins, mode="off", who="test", executor=Here, jobs=1)

    ten = HandIn("ada", tmp_path / "v10.py", "2026-10-10T10:00:00+02:00", "v10")
    two = HandIn("ada", tmp_path / "v2.py", "2026-10-02T10:00:00+02:00", "v2")
    nine = HandIn("ada", tmp_path / "v9.py", "", "v9")
    with Store(tmp_path / "out") as store:
        grade(store, ten, two, nine)
        (current,) = store.current()
        assert (current.version, current.points, current.handed_in) == ("v10", "10", ten.at)
        assert [(path, len(d)) for path, d in current.handed.files] == [("small.py", 64)]
        grade(store, replace(nine, at="2026-10-09T10:00:00+02:00"))  # known work, now with its time
        noted = store.history("ada")[-1]
        assert (noted.kind, noted.version, noted.points, noted.handed_in[:10]) == ("noted", "v9", "4", "2026-10-09")
        assert store.current() == [current]
        assert grade(store, ten, two, nine).totals.known == 3
        assert store.history("ada")[-1] == noted, "nothing is noted twice"
        grade(store, replace(ten, path=tmp_path / "again.py", version="v11"))  # the work of v2 once more
        assert [(e.version, e.points, e.kind) for e in store.current()] == [("v11", "6", "noted")]


def test_a_grade_with_cases_that_wait_is_not_done(tmp_path, bundle, folder):
    from autograder.grading.grade_form import grade_from_table, grade_table

    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        event = event_of(store, "s000")
        table = grade_table(store.grade(event))
        table["verdicts"][0] |= {"status": "waiting", "credit": "0", "points": "0"}
        partial = keep(store.blobs, event.key, event.handed, grade_from_table(table), store.evidence(event))
        assert partial.waiting == 1
        store.add(event.run, "again", [partial])
        assert event.key not in store.done()
        assert run(store, bundle, folder).totals.graded == 1
        assert event.key in store.done()
