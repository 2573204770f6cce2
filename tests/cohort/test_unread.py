"""Hand-ins that cannot be read: by their own fault they get nothing, by the machine's they are not graded."""

from __future__ import annotations

import csv
import errno
import html
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cohort.outputs import write_report
from autograder.cohort.store import Store
from autograder.errors import SubmissionError, UnreachableError
from autograder.intake import folder as intake_folder
from autograder.intake.collecting import collect
from autograder.intake.folder import Folder
from autograder.intake.hand_in import HandIn
from autograder.intake.opening import open_hand_in
from autograder.spec.models import SubmissionForm
from tests.cohort.support import RIGHT, run
from tests.report.samples import make_grade

FORM = SubmissionForm(file="small.py")
CODES = (errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EMFILE)


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    """What has this name cannot be opened or listed, whoever asks."""
    real = os.open

    def opened(path, flags, *rest, **named):  # type: ignore[no-untyped-def]
        if Path(os.fsdecode(path)).name == name:
            raise OSError(code, os.strerror(code))
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(intake_folder.os, "open", opened)


@pytest.mark.parametrize("code", CODES)
def test_an_error_of_the_system_is_no_fault_of_the_file(tmp_path, monkeypatch, code):
    path = tmp_path / "ada.py"
    path.write_text(RIGHT)
    assert open_hand_in(HandIn("ada", path), FORM).problem is None
    refuse(monkeypatch, "ada.py", code)
    problem = open_hand_in(HandIn("ada", path), FORM).problem
    assert isinstance(problem, UnreachableError)
    assert problem.sentence() == (
        f"ada.py: the file cannot be read: {os.strerror(code)}; make it readable, then grade again"
    )


@pytest.mark.parametrize("inside", ["small.py", "helper.py", "other.ipynb"])
def test_one_file_of_several_is_enough(tmp_path, monkeypatch, inside):
    own = tmp_path / "ada"
    own.mkdir()
    (own / "small.py").write_text(RIGHT)
    (own / inside).write_text(RIGHT if inside.endswith("py") else "{}")
    refuse(monkeypatch, inside, errno.EIO)
    assert isinstance(open_hand_in(HandIn("ada", own), FORM).problem, UnreachableError)


@pytest.mark.parametrize("ending", ["py", "zip", "tar"])
def test_a_disk_that_fails_in_the_middle_of_a_file_is_told_from_a_damaged_one(tmp_path, monkeypatch, ending):
    path = tmp_path / f"ada.{ending}"
    path.write_bytes({"zip": b"PK\x03\x04 damaged", "tar": b"\x1f\x8b damaged", "py": b"\0\0\0"}[ending])
    problem = open_hand_in(HandIn("ada", path), FORM).problem
    assert isinstance(problem, SubmissionError)
    assert not isinstance(problem, UnreachableError)

    class Failing:
        def __init__(self, file):
            self.file, self.reads = file, 0

        def read(self, size=-1):
            self.reads += 1
            if self.reads > 1 or ending == "py":
                raise OSError(errno.EIO, "Input/output error")
            return self.file.read(size)

        def __getattr__(self, name):
            return getattr(self.file, name)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

    real = intake_folder.open_file
    monkeypatch.setattr("autograder.intake.reading.open_file", lambda path: Failing(real(path)))
    assert isinstance(open_hand_in(HandIn("ada", path), FORM).problem, UnreachableError)


@pytest.mark.parametrize("what", ["link", "pipe", "gone"])
def test_links_pipes_and_nothing_stay_the_hand_ins_own_fault(tmp_path, what):
    path = tmp_path / "ada.py"
    if what == "link":
        path.symlink_to("/etc/passwd")
    elif what == "pipe":
        os.mkfifo(path)
    problem = open_hand_in(HandIn("ada", path), FORM).problem
    assert isinstance(problem, SubmissionError)
    assert not isinstance(problem, UnreachableError)


def status_rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "final_grades.csv").open() as file:
        return {row["file"].partition(".")[0]: row for row in csv.DictReader(file)}


READER = """
import sys
from dataclasses import replace
from pathlib import Path
from autograder.intake.collecting import collect
from autograder.intake.opening import open_hand_in
from autograder.spec.models import SubmissionForm
form = SubmissionForm(file="small.py")
for one in collect([Path(sys.argv[1])], form).hand_ins:
    print(one.who, type(open_hand_in(one, form).problem).__name__)
"""
NO_ROOT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")


def test_no_permission_is_the_machines_fault_for_a_plain_user(tmp_path):
    before = NO_ROOT if os.getuid() == 0 else ()
    if before and subprocess.run([*before, "true"], check=False, capture_output=True).returncode:
        pytest.skip("root reads everything here, and setpriv cannot take that from it")
    cohort = _cohort(tmp_path)
    modes = {"closed.py": 0, "dora": 0, "emil": 0o444}
    try:
        for name, mode in modes.items():
            (cohort / name).chmod(mode)
        done = subprocess.run(
            [*before, sys.executable, "-c", READER, str(cohort)], capture_output=True, text=True, check=True
        )
    finally:
        for name in modes:
            (cohort / name).chmod(0o755)
    assert dict(line.split() for line in done.stdout.splitlines()) == {
        "ada": "NoneType", "bela": "SubmissionError", "closed": "UnreachableError", "dora": "UnreachableError",
        "emil": "UnreachableError",
    }  # fmt: skip


def _cohort(tmp_path: Path) -> Path:
    cohort = tmp_path / "cohort"
    for name in ("dora", "emil"):
        (cohort / name).mkdir(parents=True)
        (cohort / name / "small.py").write_text(RIGHT)
    (cohort / "ada.py").write_text(RIGHT)
    (cohort / "closed.py").write_text(RIGHT)
    (cohort / "bela.ipynb").write_text("{")
    cohort.chmod(0o755)
    return cohort


def test_a_folder_that_cannot_be_looked_into_refuses_its_own_hand_in_only(tmp_path, monkeypatch):
    cohort = _cohort(tmp_path)
    refuse(monkeypatch, "dora", errno.EACCES)
    found = collect([cohort], FORM)
    assert not found.skipped
    problems = {h.who: open_hand_in(h, FORM).problem for h in found.hand_ins}
    assert sorted(problems) == ["ada", "bela", "closed", "dora", "emil"]
    assert isinstance(problems["dora"], UnreachableError)
    assert problems["dora"].sentence().startswith("dora: the folder cannot be read: Permission denied")
    assert problems["ada"] is problems["emil"] is None
    with Folder(cohort) as folder, pytest.raises(UnreachableError):
        list(folder.entries(lambda _: True))


def test_what_the_machine_does_not_read_is_not_graded_and_what_is_damaged_gets_nothing(tmp_path, bundle, monkeypatch):
    cohort = _cohort(tmp_path)
    refuse(monkeypatch, "closed.py", errno.EACCES)
    with Store(tmp_path / "out") as store:
        outcome = run(store, bundle, cohort)
        written = write_report(store, bundle.spec)
        grades = {g.submission: g for g in store.grades()}
    assert outcome.exit_status == 1
    assert list(outcome.not_graded) == ["closed"]
    assert {name for name, g in grades.items() if g.graded} == {"ada", "bela", "dora", "emil"}
    rows = status_rows(tmp_path / "out")
    closed, bela = rows["closed"], rows["bela"]
    why = "could not be read: closed.py: the file cannot be read: Permission denied; make it readable, then grade again"
    assert (closed["total_points_earned"], closed["grading_status"]) == ("", f"not graded: {why}")
    assert bela["total_points_earned"] == "0.0"
    assert bela["grading_status"].startswith("could not be read: bela.ipynb: the notebook is damaged: Expecting prop")
    assert "; expected a Jupyter notebook" in bela["grading_status"]
    assert rows["ada"]["grading_status"] == "Completed"
    page = html.unescape(written.index.read_text()).partition("For a person first")[2]
    assert page.index("Not graded") < page.index(why.partition(": ")[2]) < page.index("0 points: could not be read")
    assert page.count(grades["bela"].notes[0]) == 1


def test_it_is_graded_once_it_can_be_read(tmp_path, bundle):
    cohort = _cohort(tmp_path)
    with Store(tmp_path / "out") as store:
        with pytest.MonkeyPatch.context() as patch:
            refuse(patch, "closed.py", errno.EACCES)
            run(store, bundle, cohort)
        assert run(store, bundle, cohort).exit_status == 0
        assert {g.submission: str(g.points) for g in store.grades()}["closed"] == "10"


def test_a_note_of_another_kind_is_no_reason():
    assert make_grade("ada", 1, digest="d").unread == ""
    assert replace(make_grade("ada", 1, digest="d"), notes=("`x` was left out",)).unread == ""
