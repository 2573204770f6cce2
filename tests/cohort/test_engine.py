"""The engine: nothing twice, nothing lost, and the same results whoever was first."""

from __future__ import annotations

import pytest

from autograder.cohort.outputs import write_report
from autograder.cohort.store import Store
from tests.cohort.support import DEADLY, RIGHT, essence, fake_pool, run


def results_of(out):
    """Every file of an output folder that a person reads, but for the times."""
    parts = ("grades", "gradescope", "report", "final_grades.csv")
    paths = [p for part in parts for p in [out / part, *sorted((out / part).rglob("*"))] if p.is_file()]
    return {str(p.relative_to(out)): p.read_bytes() for p in paths}


def test_grades_come_out_as_the_submissions_deserve(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder)
        points = {g.submission: str(g.points) for g in store.grades()}
    assert outcome.exit_status == 0
    assert outcome.totals.graded == 12
    assert [points[f"s{i:03d}"] for i in range(6)] == ["10", "6", "4", "6", "6", "0"]


def test_the_number_of_jobs_changes_no_byte_but_times(tmp_path, bundle, folder):
    found = []
    for jobs in (1, 3):
        out = tmp_path / f"out{jobs}"
        with Store(out) as store:
            run(store, bundle, folder, jobs=jobs, executor=fake_pool)
            write_report(store, bundle.spec)
            found.append((essence(store), results_of(out)))
    assert found[0][0] == found[1][0]
    names = set(found[0][1])
    assert names == set(found[1][1])
    assert {"final_grades.csv", "grades/s000.json", "report/students/s000.html", "gradescope/s000.json"} <= names
    same = [n for n in names if not n.startswith("report/")]  # pages for people show the time that was needed
    assert [n for n in same if found[0][1][n] != found[1][1][n]] == []


def test_the_same_submission_is_not_graded_twice_unless_asked(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        again = run(store, bundle, folder)
        assert (again.totals.known, again.totals.graded) == (12, 0)
        assert len(store.history()) == 12
        asked = run(store, bundle, folder, again=True)
        assert asked.totals.graded == 12
        assert [e.kind for e in store.history("s000")] == ["graded", "again"]


def test_a_changed_file_is_graded_anew_and_the_old_event_stays(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        run(store, bundle, folder)
        (folder / "s005.py").write_text(RIGHT)
        outcome = run(store, bundle, folder)
        assert outcome.totals.graded == 1
        assert [e.points for e in store.history("s005")] == ["0", "10"]
        assert [e.points for e in store.current() if e.who == "s005"] == ["10"]


class Interrupting:
    """An executor of real workers; the user presses Ctrl-C once `reports` have come."""

    def __init__(self, order, jobs, reports):
        self.pool, self.left = fake_pool(order, jobs), reports

    def submit(self, shard):
        self.pool.submit(shard)

    def poll(self, seconds):
        if self.left <= 0:
            raise KeyboardInterrupt
        reports = self.pool.poll(seconds)
        self.left -= len(reports)
        return reports

    def cancel(self):
        self.pool.cancel()


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_does_the_rest(tmp_path, bundle, folder):
    with Store(tmp_path / "out") as store:
        stopped = run(store, bundle, folder, executor=lambda o, j: Interrupting(o, j, 4))
        assert stopped.stopped
        assert stopped.exit_status == 130
        kept = len(store.history())
        assert 0 < kept < 12
        rest = run(store, bundle, folder)
        assert (rest.totals.known, rest.totals.graded) == (kept, 12 - kept)
        resumed = essence(store)
    with Store(tmp_path / "undisturbed") as store:
        run(store, bundle, folder)
        assert resumed == essence(store)


def test_a_submission_that_ends_its_worker_is_not_graded_and_the_others_are(tmp_path, bundle, folder):
    (folder / "s001.py").write_text(DEADLY)
    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder, executor=fake_pool)
        lost = store.history("s001")
        grades = {g.submission: g for g in store.grades()}
    assert outcome.exit_status == 1
    assert list(outcome.not_graded) == ["s001"]
    assert "exit status 7" in outcome.not_graded["s001"]
    assert [e.kind for e in lost] == ["lost"]
    assert not grades["s001"].graded
    assert sum(g.graded for g in grades.values()) == 11


def test_what_was_not_graded_is_tried_again_by_the_next_run(tmp_path, bundle, folder):
    (folder / "s001.py").write_text(
        "import pathlib, os\nif not pathlib.Path('%s').exists(): os._exit(7)\n" % (tmp_path / "mended")
    )
    with Store(tmp_path / "out") as store:
        assert run(store, bundle, folder, executor=fake_pool).exit_status == 1
        (tmp_path / "mended").touch()
        outcome = run(store, bundle, folder, executor=fake_pool)
        assert (outcome.exit_status, outcome.totals.graded) == (0, 1)
        assert [e.graded for e in store.current()] == [True] * 12


def test_a_broken_check_makes_the_run_fail_and_gives_nobody_a_zero(tmp_path, course, folder):
    from autograder.grading.record import build_bundle
    from autograder.grading.source import load_source
    from tests.fakes import FakeSandbox
    from tests.small_course import CASES, write_course

    broken = CASES.replace("close", "satisfies").replace("check=satisfies()", "check=satisfies(lambda o, w: 1 / 0)")
    write_course(course, cases=broken)
    bundle = build_bundle(FakeSandbox(), load_source(course, "small"))
    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder)
        assert outcome.exit_status == 1
        written = write_report(store, bundle.spec)
    text = (tmp_path / "out" / "final_grades.csv").read_text()
    row = next(line for line in text.splitlines() if line.startswith("s000.py"))
    assert row.replace('"', "").startswith("s000.py,,,,,not graded: ")
    assert "not graded" in written.index.read_text()


def test_workers_that_do_not_start_are_reported_with_their_own_words(tmp_path, bundle, folder):
    import sys

    from autograder.cohort.local import LocalPool
    from autograder.errors import MachineError

    command = (sys.executable, "-c", "raise SystemExit('no torch here')")
    with Store(tmp_path / "out") as store, pytest.raises(MachineError, match="no torch here"):
        run(store, bundle, folder, executor=lambda o, j: LocalPool(o, j, command))


def test_a_file_that_changes_during_the_run_is_not_graded_under_the_old_name(tmp_path, bundle, folder):
    class Late(Interrupting):
        def submit(self, shard):
            for task in shard.tasks:
                if task.who == "s003":
                    (folder / "s003.py").write_text("changed = True\n")
            super().submit(shard)

    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder, executor=lambda o, j: Late(o, j, 1000))
    assert "has changed" in outcome.not_graded["s003"]


def test_a_sandbox_that_does_not_work_is_no_submissions_fault(tmp_path, bundle):
    """The worker ends before it is ready, so that the pool gives up and no submission is lost."""
    import io

    from autograder.cohort.worker import Order, serve
    from autograder.errors import MachineError
    from autograder.grading.bundle import to_files
    from autograder.grading.grade import Settings
    from tests.fakes import FakeSandbox

    class Useless(FakeSandbox):
        def load(self, torch):
            raise MachineError("the sandbox does not work here")

    for name, data in to_files(bundle).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    order = Order(str(tmp_path), str(tmp_path / "spool"), str(tmp_path / "blobs"), Settings(), "standard")
    out = io.StringIO()
    with pytest.raises(MachineError, match="does not work"):
        serve([order.to_line(), "a task that is never read"], out, lambda mode: Useless())
    assert out.getvalue() == ""


def test_a_fault_of_our_own_reader_costs_one_hand_in_its_grade_and_nobody_else_anything(
    tmp_path, bundle, folder, monkeypatch
):
    from autograder.intake import opening
    from tests.cohort.fake_worker import FAULT, faulty

    monkeypatch.setattr(opening, "read_hand_in", faulty(opening.read_hand_in))
    (folder / "s004.py").write_bytes(FAULT)
    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, folder, executor=fake_pool)
        grades = {g.submission: g for g in store.grades()}
    assert outcome.exit_status == 1
    assert "RecursionError: a fault of the reader" in outcome.not_graded["s004"]
    assert sorted(who for who, grade in grades.items() if grade.graded) == sorted({*grades} - {"s004"})
    assert len(grades) == 12
