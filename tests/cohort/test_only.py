"""`--only`: cases of some questions now, the others by a later run; together they are what one run gives."""

from __future__ import annotations

import pytest

from autograder.cohort import adding
from autograder.cohort.engine import grade_cohort
from autograder.cohort.store import Store
from autograder.cohort.tasks import task_key
from autograder.grading.grade import Settings
from autograder.intake.collecting import collect
from tests.cohort.support import Here, essence, run


def graded(store, bundle, folder, *only):
    found = collect([folder], bundle.spec.submission).hand_ins
    return grade_cohort(
        store, bundle, found, settings=Settings(only=only), mode="off", executor=Here, who="test"
    )  # fmt: skip


def test_the_others_wait_and_a_later_run_adds_them(tmp_path, bundle, folder):
    with Store(tmp_path / "whole") as store:
        run(store, bundle, folder)
        wanted = {e.who: (e.grade, e.evidence, e.points) for e in store.current()}
    with Store(tmp_path / "out") as store:
        first = graded(store, bundle, folder, "double")
        assert (first.exit_status, first.totals.waiting) == (0, 12)
        for grade in store.grades():
            states = {v.case: v.status.value for v in grade.verdicts}
            assert {states["mean_of_three"], states["mean_of_a_matrix"]} == {"waiting"}
            assert "waiting" not in {states["three_numbers"], states["a_matrix"]}
            waits = next(v for v in grade.verdicts if v.case == "mean_of_three")
            assert waits.explanation.message == "not run yet: this run was for double only; a later run judges it"
        second = graded(store, bundle, folder, "mean")
        assert (second.exit_status, second.totals.known, second.totals.waiting) == (0, 0, 0)
        assert {e.who: (e.grade, e.evidence, e.points) for e in store.current()} == wanted
        assert graded(store, bundle, folder).totals.known == 12


def test_only_these_cases_are_run(tmp_path, bundle, folder):
    marks = tmp_path / "ran"
    mark = f"    with open({str(marks)!r}, 'a') as file:\n        file.write(%r)\n"
    (folder / "s000.py").write_text(
        f"def double(x):\n{mark % 'double '}    return 2 * x\n\ndef mean(x):\n{mark % 'mean '}    return 0.0\n"
    )
    with Store(tmp_path / "out") as store:
        graded(store, bundle, folder, "mean")
    assert set(marks.read_text().split()) == {"mean"}


def test_it_changes_no_key(bundle):
    keys = {task_key("a", "0" * 64, bundle.digest, Settings(only=only), "off") for only in ((), ("mean",), ("double",))}
    assert len(keys) == 1


def test_a_poll_does_not_read_the_whole_history(tmp_path, bundle, folder, monkeypatch):
    """What a poll brings is looked up by its keys: a store of any size costs the same."""
    with Store(tmp_path / "out") as store:
        graded(store, bundle, folder, "double")
        monkeypatch.setattr(Store, "newest", lambda self: pytest.fail("the whole history was read"))
        results = [adding.added(store, [])]
        assert results == [[]]
        with monkeypatch.context() as patch:
            patch.setattr("autograder.cohort.engine._note_versions", lambda *rest: None)
            assert graded(store, bundle, folder, "mean").totals.graded == 12


def test_what_an_earlier_run_said_on_top_is_kept(tmp_path, bundle, folder):
    (folder / "s000.py").write_text(
        "def double(x):\n    return 2 * x\n\ndef mean(x):\n    return 0.0\n\nraise ValueError('x')\n"
    )
    with Store(tmp_path / "whole") as store:
        run(store, bundle, folder)
        wanted = essence(store)
    with Store(tmp_path / "out") as store:
        graded(store, bundle, folder, "double")
        graded(store, bundle, folder, "mean")
        newest = {e.who: e.grade for e in store.current()}
    assert newest == {row[3]: row[7] for row in wanted}
