"""A later run adds to a grade whose cases wait, and takes nothing away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cohort.engine import grade_cohort, lost_grade, waiting_grade
from autograder.cohort.executor import Report
from autograder.cohort.spool import keep
from autograder.cohort.store import Store
from autograder.cohort.worker import grade_task
from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings
from autograder.intake.collecting import collect
from autograder.sandbox.wire.messages import Answer
from tests.cohort.support import RIGHT, Here
from tests.fakes import FakeSandbox, FakeSession

LATER = "a_matrix"


class Without(FakeSandbox):
    """A sandbox on a machine that lacks something that one case needs."""

    def session(self, *arguments, **options):
        return Lacking(super().session(*arguments, **options).submission)


class Lacking(FakeSession):
    """Its session."""

    def run_plan(self, plan):
        wait = Answer(LATER, "waiting", message="it needs a GPU")
        return [wait if answer.case == LATER else answer for answer in super().run_plan(plan)]


def pool(sandbox):
    class Pool(Here):
        def poll(self, seconds):
            tasks, self.queue = self.queue, []
            for task in tasks:
                grade_task(sandbox, self.bundle, self.order, task, self.judge)
            return [Report(task.key, "graded") for task in tasks]

    return Pool


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "out") as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.py").write_text(RIGHT)
    return tmp_path / "in"


def run(store: Store, bundle: Bundle, folder: Path, sandbox: FakeSandbox, **options):
    found = collect([folder], bundle.spec.submission).hand_ins
    return grade_cohort(store, bundle, found, executor=pool(sandbox), jobs=1, mode="off", who="t", **options)


def current(store: Store):
    (event,) = store.current()
    return event, store.grade(event)


def test_a_grade_with_a_case_that_waits_is_no_fault_and_not_done(store: Store, bundle: Bundle, folder: Path) -> None:
    outcome = run(store, bundle, folder, Without())
    event, grade = current(store)
    assert (outcome.exit_status, outcome.totals.waiting, outcome.not_graded) == (0, 1, {})
    assert (event.waiting, event.graded, event.points, str(grade.waiting)) == (1, True, "8", "2")
    assert store.done() == set()


def test_the_next_run_that_can_judge_it_completes_the_grade(store: Store, bundle: Bundle, folder: Path) -> None:
    run(store, bundle, folder, Without())
    run(store, bundle, folder, FakeSandbox())
    event, grade = current(store)
    assert (event.waiting, event.points, grade.complete) == (0, "10", True)
    assert store.done() == {event.key}
    assert run(store, bundle, folder, Without()).totals.known == 1


def test_a_run_that_cannot_takes_nothing_away(store: Store, bundle: Bundle, folder: Path) -> None:
    run(store, bundle, folder, FakeSandbox())
    first = store.current()[0]
    run(store, bundle, folder, Without(), again=True)
    event, grade = current(store)
    assert (event.kind, event.waiting, event.points) == ("again", 0, "10")
    assert (event.grade, event.evidence) == (first.grade, first.evidence)
    assert all(v.status.passed for v in grade.verdicts)


class Loses(Here):
    """Every worker ends at its submission."""

    def poll(self, seconds):
        tasks, self.queue = self.queue, []
        return [Report(task.key, "lost", "its job ended 3 times", True) for task in tasks]


class StaysOut(Here):
    """Nothing comes back in time."""

    def poll(self, seconds):
        tasks, self.queue = self.queue, []
        return [Report(task.key, "out", "is still out") for task in tasks]


def go(store: Store, bundle: Bundle, folder: Path, executor, *only: str, **options):
    found = collect([folder], bundle.spec.submission).hand_ins
    settings = Settings(only=only)
    return grade_cohort(store, bundle, found, executor=executor, mode="off", who="t", settings=settings, **options)


def test_a_run_that_loses_a_submission_takes_no_point_away(store: Store, bundle: Bundle, folder: Path) -> None:
    go(store, bundle, folder, Here, "double")
    outcome = go(store, bundle, folder, Loses, "mean")
    assert (outcome.exit_status, outcome.totals.not_graded) == (1, 1)
    assert outcome.not_graded == {"ada": "its job ended 3 times; what an earlier run judged of it stands"}
    event, grade = current(store)
    assert (event.points, event.waiting, grade.graded) == ("4", 2, True)
    assert store.done() == set(), "the next run tries it again"
    go(store, bundle, folder, Here, "mean")
    event, grade = current(store)
    assert (event.points, event.waiting, grade.complete) == ("10", 0, True)


def test_asking_again_for_one_that_is_then_lost_leaves_its_points(store: Store, bundle: Bundle, folder: Path) -> None:
    go(store, bundle, folder, Here)
    assert go(store, bundle, folder, Loses, again=True).exit_status == 1
    assert current(store)[0].points == "10"


def test_one_of_which_nothing_was_judged_is_lost_with_its_reason(store: Store, bundle: Bundle, folder: Path) -> None:
    """The control; a note that it is still out is no grade that could stand."""
    assert go(store, bundle, folder, StaysOut).exit_status == 1
    outcome = go(store, bundle, folder, Loses)
    event, grade = current(store)
    assert outcome.not_graded == {"ada": "its job ended 3 times"}
    assert (event.kind, grade.graded, {v.status.value for v in grade.verdicts}) == ("lost", False, {"broken"})


@pytest.mark.parametrize("hides", ["lost", "out"])
def test_what_knows_nothing_hides_nothing(store: Store, bundle: Bundle, folder: Path, hides: str) -> None:
    """In a store that has such an event on top of a grade, the next run adds to what was judged below it."""
    go(store, bundle, folder, Here, "double")
    (known,) = store.current()
    make = lost_grade if hides == "lost" else waiting_grade
    nothing = keep(store.blobs, known.key, known.handed, make(bundle, "ada", "off", "its job ended"), None)
    store.add(known.run, "lost" if hides == "lost" else "graded", [nothing])
    assert current(store)[0].points == "0"
    go(store, bundle, folder, Here, "mean")
    event, grade = current(store)
    assert (event.points, grade.complete) == ("10", True)
