"""Watching: an edit is noticed once, when its file is whole; and what was not touched is not run again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.cli import verifying
from autograder.grading.cells import Cells
from autograder.grading.source import AssignmentSource, load_source
from autograder.verify.exam import Options, verify_assignment
from autograder.verify.watch import edits, stamps
from tests.fakes import FakeSandbox, FakeSession
from tests.small_course import CASES, write_course

Make = Callable[..., AssignmentSource]


class Author:
    """Saves something each time that the watcher sleeps; when there is nothing left, the watching ends."""

    def __init__(self, *saves: Callable[[], object]) -> None:
        self.saves: Iterator[Callable[[], object]] = iter(saves)

    def __call__(self, seconds: float) -> None:
        for save in self.saves:
            save()
            return
        raise KeyboardInterrupt


def nothing() -> None:
    return None


def seen(root: Path, *saves: Callable[[], object]) -> list[tuple[str, ...]]:
    found = []
    with pytest.raises(KeyboardInterrupt):
        found += iter_until(edits(["small"], lambda name: stamps(root, name), Author(*saves)), found)
    return found


def iter_until(rounds: Iterator[tuple[str, ...]], found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    for one in rounds:
        found.append(one)
    return []


def test_an_edit_is_told_once_and_rest_is_silence(tmp_path: Path) -> None:
    write_course(tmp_path)
    cases = tmp_path / "solutions/small/cases.py"
    edit = lambda: cases.write_text(CASES + "# more\n")  # noqa: E731
    assert seen(tmp_path, nothing, nothing, edit, nothing, nothing, nothing) == [("small",)]
    assert seen(tmp_path, nothing, nothing, nothing) == []


def test_a_new_and_a_lost_file_are_edits(tmp_path: Path) -> None:
    write_course(tmp_path)
    new = tmp_path / "solutions/small/alternates/other.py"
    new.parent.mkdir()
    assert seen(tmp_path, lambda: new.write_text("x = 1\n"), nothing, nothing, new.unlink, nothing) == [
        ("small",),
        ("small",),
    ]


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    write_course(tmp_path)
    cases = tmp_path / "solutions/small/cases.py"
    saves = [lambda n=n: cases.write_text(CASES + "#" * n) for n in range(1, 5)]
    assert seen(tmp_path, *saves, nothing, nothing, nothing) == [("small",)]


def test_files_that_python_writes_are_nobodys_edit(tmp_path: Path) -> None:
    write_course(tmp_path)
    cache = tmp_path / "solutions/small/__pycache__"
    cache.mkdir()
    assert seen(tmp_path, lambda: (cache / "cases.pyc").write_bytes(b"x"), nothing) == []


def test_after_an_edit_of_one_case_only_its_runs_are_made(course: Make) -> None:
    ran: list[str] = []

    class Sandbox(FakeSandbox):
        def session(self, submission, support=None, *, torch=True):  # type: ignore[no-untyped-def]
            class Session(FakeSession):
                def run_plan(self, plan):  # type: ignore[no-untyped-def]
                    ran.extend(c.case for visit in plan.visits() for c in visit.job.calls)
                    return super().run_plan(plan)

            return Session(submission)

    def hold(source: AssignmentSource) -> set[str]:
        ran.clear()
        report = verify_assignment(Sandbox(), source, Options(jobs=1, mutate=True), cells=Cells.beside(source.root))  # type: ignore[arg-type]
        assert {r.gate for r in report.rows if r.status == "fail"} <= {"certificate"}
        return set(ran)

    source = course()
    every = {c.name for c in source.cases.cases}
    assert hold(source) == every
    assert hold(load_source(source.root, "small")) == set()
    edited = course(cases=CASES.replace("student.mean(world.normal((3,)))", "student.mean(world.normal((4,)))"))
    assert hold(edited) == {"mean_of_three", "mean_of_a_matrix"}  # the latter with what the former tells
    hidden = course(cases=CASES.replace("student.double(world.normal((3, 5)))", "student.double(world.normal((2, 5)))"))
    assert hold(hidden) == {"a_matrix"}


def test_the_command_holds_the_exam_again_and_ends_with_the_last_ones_status(
    course: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = course()
    path = source.private_folder / "cases.py"
    broken = CASES.replace("def three_numbers", "def three numbers")
    author = Author(lambda: path.write_text(broken), nothing, lambda: path.write_text(CASES), nothing)
    monkeypatch.setattr(verifying.time, "sleep", author)
    fine = {"small": True}
    with pytest.raises(SystemExit) as end:
        verifying._watch(FakeSandbox(), fine, source.root, Options(jobs=1, only="mean"))  # type: ignore[arg-type]
    out = capsys.readouterr()
    assert "does not compile" in out.err
    assert "all gates of `mean` pass" in out.out
    assert end.value.code == 0
    assert os.listdir(source.root / ".autograder") == ["cells"]
