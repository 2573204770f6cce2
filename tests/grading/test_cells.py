"""Cells: what was run once is not run again, and an edit of one case makes that case's cells unknown, no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading import cells as cells_module
from autograder.grading.cells import Cell, Cells, Program, Runs
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.sandbox.grader.plan import Plan
from autograder.sandbox.wire.messages import Answer, Submission
from tests.fakes import FakeSandbox, FakeSession
from tests.small_course import CASES, REFERENCE, SPEC, write_course

SEEDS = {"three_numbers": (1, 2), "mean_of_three": (3,)}


class Counting(FakeSandbox):
    """Writes down each case that is run, with its seed."""

    def __init__(self, status: str = "") -> None:
        self.ran: list[tuple[str, int]] = []
        self.sessions = 0
        self.status = status

    def session(self, submission: Submission, support: object = None, *, torch: bool = True) -> FakeSession:
        self.sessions += 1
        outer = self

        class Session(FakeSession):
            def run_plan(self, plan: Plan) -> list[Answer]:
                calls = [(c, visit.job) for visit in plan.visits() for c in visit.job.calls]
                outer.ran += [(c.case, c.seed) for c, _ in calls]
                if outer.status:
                    return [Answer(c.case, outer.status, seconds=job.limits.seconds) for c, job in calls]  # type: ignore[arg-type]
                return super().run_plan(plan)

        return Session(submission)


@pytest.fixture
def source(tmp_path: Path) -> AssignmentSource:
    return load_source(write_course(tmp_path), "small")


def run(
    sandbox: Counting, source: AssignmentSource, cells: Cells, seconds: float | None = None, **more: object
) -> dict:
    program = Program("reference", source.reference, **more)  # type: ignore[arg-type]
    with Runs(sandbox, source, program, cells) as runs:  # type: ignore[arg-type]
        return runs.answers(SEEDS, seconds)


def test_a_second_run_opens_no_session_and_gives_the_same_answers(source: AssignmentSource) -> None:
    sandbox, cells = Counting(), Cells.beside(source.root)
    first = run(sandbox, source, cells)
    assert sandbox.ran == [("three_numbers", 1), ("three_numbers", 2), ("mean_of_three", 3)]
    again = run(sandbox, source, Cells.beside(source.root))
    assert sandbox.sessions == 1
    assert [[a.payload for a in s] for s in again.values()] == [[a.payload for a in s] for s in first.values()]


def test_a_course_that_keeps_nothing_runs_everything_again(source: AssignmentSource) -> None:
    sandbox = Counting()
    for _ in range(2):
        run(sandbox, source, Cells(None))
    assert sandbox.sessions == 2


def test_an_edit_of_one_case_runs_that_case_again(source: AssignmentSource, tmp_path: Path) -> None:
    sandbox = Counting()
    run(sandbox, source, Cells.beside(tmp_path))
    sandbox.ran.clear()
    cases = CASES.replace("student.mean(world.normal((3,)))", "student.mean(world.normal((4,)))")
    run(sandbox, load_source(write_course(tmp_path, cases=cases), "small"), Cells.beside(tmp_path))
    assert sandbox.ran == [("mean_of_three", 3)]


@pytest.mark.parametrize(
    "texts",
    [
        {"reference": REFERENCE + "\n# one more line\n"},
        {"spec": SPEC.replace("seconds = 2\n", "seconds = 2\nmemory_mb = 512\n", 1)},
        {"spec": SPEC.replace("points = 4", 'points = 4\nforbidden = ["numpy.sum"]').replace(
            "points = 6", 'points = 6\nforbidden = ["numpy.sum"]')},
    ],
)  # fmt: skip
def test_whatever_an_answer_hangs_on_makes_it_unknown(
    source: AssignmentSource, tmp_path: Path, texts: dict[str, str]
) -> None:
    sandbox = Counting()
    run(sandbox, source, Cells.beside(tmp_path))
    sandbox.ran.clear()
    run(sandbox, load_source(write_course(tmp_path, **texts), "small"), Cells.beside(tmp_path))
    assert len(sandbox.ran) == 3


def test_another_library_makes_every_cell_unknown(source: AssignmentSource, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, cells = Counting(), Cells.beside(source.root)
    run(sandbox, source, cells)
    cells_module.recording_digest.cache_clear()
    before = cells_module.recording_digest()
    monkeypatch.setattr(cells_module.importlib.metadata, "version", lambda name: "99.0")
    cells_module.recording_digest.cache_clear()
    assert cells_module.recording_digest() != before
    run(sandbox, source, cells)
    monkeypatch.undo()
    cells_module.recording_digest.cache_clear()
    assert sandbox.sessions == 2


def test_a_second_run_of_the_same_text_is_not_taken_from_the_first(source: AssignmentSource) -> None:
    sandbox, cells = Counting(), Cells.beside(source.root)
    run(sandbox, source, cells)
    run(sandbox, source, cells, again=1)
    assert len(sandbox.ran) == 6


def entries(root: Path) -> Iterator[Path]:
    return (p for p in (root / ".autograder/cells").rglob("*") if p.is_file())


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x28\xb5\x2f\xfd\x00"])
def test_a_damaged_entry_is_recorded_again(source: AssignmentSource, damage: bytes) -> None:
    sandbox, cells = Counting(), Cells.beside(source.root)
    first = run(sandbox, source, cells)
    for path in entries(source.root):
        path.write_bytes(damage)
    assert run(sandbox, source, cells)["three_numbers"][0].payload == first["three_numbers"][0].payload
    assert sandbox.sessions == 2
    run(sandbox, source, cells)
    assert sandbox.sessions == 2


def test_the_oldest_entries_go_first_when_there_are_too_many(source: AssignmentSource) -> None:
    cells = Cells(source.root / "cells", most=0)
    for number in range(4):
        key = f"{number}{number}rest"
        cells.keep(key, {1: Cell(Answer("a", "returned", payload=bytes(50)), 1.0)})
        os.utime(source.root / "cells" / key[:2] / key[2:], (number, number))
    size = sum(p.stat().st_size for p in (source.root / "cells").rglob("*") if p.is_file())
    cells.most = size // 2
    cells.trim()
    assert not cells.known("00rest")
    assert not cells.known("11rest")
    assert cells.known("22rest")
    assert cells.known("33rest")


def test_what_a_busy_machine_may_have_done_is_not_kept(source: AssignmentSource) -> None:
    cells = Cells.beside(source.root)
    for status in ("timeout", "crashed", "memory", "broken"):
        sandbox = Counting(status)
        run(sandbox, source, cells)
        run(sandbox, source, cells)
        assert sandbox.sessions == 2, status


def test_a_mistake_that_never_ends_is_kept_for_limits_up_to_its_own(source: AssignmentSource) -> None:
    sandbox, cells = Counting("timeout"), Cells.beside(source.root)
    run(sandbox, source, cells, 0.5, wrong=True)
    run(sandbox, source, cells, 0.25, wrong=True)
    assert sandbox.sessions == 1
    run(sandbox, source, cells, 1.0, wrong=True)
    assert sandbox.sessions == 2


def test_a_bundle_takes_the_runs_of_an_exam(source: AssignmentSource) -> None:
    cells = Cells.beside(source.root)
    sandbox = Counting()
    bundle = build_bundle(sandbox, source, cells=cells)  # type: ignore[arg-type]
    assert sandbox.sessions == 3
    assert build_bundle(sandbox, source, cells=cells).digest == bundle.digest  # type: ignore[arg-type]
    assert sandbox.sessions == 3


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(source: AssignmentSource) -> None:
    (source.root / ".autograder").write_text("a file where a folder should be")
    sandbox = Counting()
    run(sandbox, source, Cells.beside(source.root))
    run(sandbox, source, Cells.beside(source.root))
    assert sandbox.sessions == 2


class AsSessionsAre(FakeSandbox):
    """Its sessions take no public case once they have run a hidden one, as real ones do."""

    def __init__(self) -> None:
        self.opened: list[FakeSession] = []

    def session(self, submission: Submission, support: object = None, *, torch: bool = True) -> FakeSession:
        class Session(FakeSession):
            hidden = False

            def takes(self, plan: Plan) -> bool:
                return not (self.hidden and any(phase.public for phase in plan.phases))

            def run_plan(self, plan: Plan) -> list[Answer]:
                assert self.takes(plan)
                self.hidden = self.hidden or any(phase.hidden for phase in plan.phases)
                return super().run_plan(plan)

        self.opened.append(Session(submission))
        return self.opened[-1]


def test_public_cases_that_are_asked_for_after_hidden_ones_get_a_session_of_their_own(
    source: AssignmentSource,
) -> None:
    hidden = {c.name: (1,) for c in source.cases.cases if not c.public}
    public = {c.name: (1,) for c in source.cases.cases if c.public}
    assert hidden
    assert public
    sandbox = AsSessionsAre()
    with Runs(sandbox, source, Program("reference", source.reference)) as runs:  # type: ignore[arg-type]
        for seeds in (hidden, public):
            assert {a.status for several in runs.answers(seeds).values() for a in several} == {"returned"}
    assert len(sandbox.opened) == 2
    sandbox = AsSessionsAre()
    with Runs(sandbox, source, Program("reference", source.reference)) as runs:  # type: ignore[arg-type]
        for seeds in (public, hidden):
            runs.answers(seeds)
    assert len(sandbox.opened) == 1


def test_an_answer_that_came_late_on_a_busy_machine_counts_for_the_limit_that_it_had() -> None:
    late = Cell(Answer("a", "returned", seconds=3.0), limit=2.0)
    assert late.answers_for(2.0)
    assert late.answers_for(5.0)
    assert not late.answers_for(1.0)
    assert Cell(Answer("a", "returned", seconds=0.5), limit=2.0).answers_for(1.0)


def test_a_mistake_that_takes_all_memory_is_kept(source: AssignmentSource) -> None:
    sandbox, cells = Counting("memory"), Cells.beside(source.root)
    run(sandbox, source, cells, wrong=True)
    run(sandbox, source, cells, wrong=True)
    assert sandbox.sessions == 1
