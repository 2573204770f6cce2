"""The commands one after the other on a scaffolded assignment, from `new` to `report`."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import run

WRONG = """import numpy as np


def mean_squared_error(prediction, target):
    return float(np.sum((prediction - target) ** 2))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one scaffolded, verified and released assignment."""
    root = tmp_path_factory.mktemp("course")
    (root / "assignments").mkdir()
    (root / "solutions").mkdir()
    written = run("new", "tiny", "--root", root).output
    assert "wrote solutions/tiny/cases/squared_error.py" in written
    assert "tiny: up to date" in run("stub", "--check", "--root", root).output
    verified = run("verify", "tiny", "--write", "--root", root).output
    assert "all gates pass" in verified
    assert (root / "solutions/tiny/certificate.json").exists()
    released = run("release", "tiny", "-o", root / "dist", "--root", root).output
    assert "Gradescope   upload autograder.zip" in released
    submissions = root / "submissions"
    submissions.mkdir()
    (submissions / "right.py").write_text((root / "solutions/tiny/tiny.py").read_text())
    (submissions / "stub.py").write_text((root / "assignments/tiny/tiny.py").read_text())
    (submissions / "wrong.py").write_text(WRONG)
    return root


def test_a_scaffold_passes_verify_and_says_so_for_programs(course: Path) -> None:
    reports = json.loads(run("verify", "tiny", "--root", course, "--json").output)
    assert [r["assignment"] for r in reports] == ["tiny"]
    assert reports[0]["ok"]
    assert {g["status"] for g in reports[0]["gates"]} <= {"pass", "warn"}


def test_a_scaffold_with_a_written_question_passes_and_its_answers_are_read(tmp_path: Path) -> None:
    for folder in ("assignments", "solutions"):
        (tmp_path / folder).mkdir()
    assert "wrote solutions/worded/rubric.toml" in run("new", "worded", "--written", "--root", tmp_path).output
    verified = " ".join(run("verify", "worded", "--write", "--root", tmp_path).output.split())
    assert "all gates pass" in verified
    assert "✓ written questions 1 with a rubric" in verified
    text = (tmp_path / "solutions/worded/worded.py").read_text(encoding="utf-8")
    (tmp_path / "in").mkdir()
    answered = text.replace("*Your answer:*", "One far target: its square counts alone. Report the median.")
    (tmp_path / "in/ada.py").write_text(answered, encoding="utf-8")
    run("grade", "worded", tmp_path / "in", "-o", tmp_path / "out", "--root", tmp_path)
    run("rubric", tmp_path / "out", "--template", tmp_path / "reading", "--root", tmp_path)
    (sheet,) = (tmp_path / "reading").glob("*.csv")
    assert "words_input" in sheet.read_text(encoding="utf-8")
    read = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "reading").rglob("*.html"))
    assert "One far target" in read


@pytest.mark.exam
@pytest.mark.slow
def test_a_scaffold_of_trained_work_passes_with_mutants_and_holds_its_mistakes(tmp_path: Path) -> None:
    for folder in ("assignments", "solutions"):
        (tmp_path / folder).mkdir()
    run("new", "learns", "--milestone", "--root", tmp_path)
    said = " ".join(run("verify", "learns", "--only", "predict", "--root", tmp_path, status=1).output.split())
    assert "pack.py of the handout writes it fix: autograder train learns" in said
    assert "✗ trained weights 0 files" in said
    run("train", "learns", "--root", tmp_path)
    said = " ".join(run("verify", "learns", "--mutate", "--write", "--root", tmp_path).output.split())
    assert "all gates pass" in said
    assert "hidden cases kill 100.0%" in said
    assert "reached by training only: 12 (`build`, `train`)" in said
    assert "3 of 3; 1 seen by trained work alone, which names none" in said
    (tmp_path / "hand_ins").mkdir()
    with zipfile.ZipFile(tmp_path / "hand_ins/ada.zip", "w") as mine:
        mine.write(tmp_path / "solutions/learns/learns.py", "learns.py")
        mine.write(tmp_path / "solutions/learns/weights/reference.safetensors", "weights.safetensors")
    said = run("grade", "learns", tmp_path / "hand_ins", "-o", tmp_path / "out", "--root", tmp_path).output
    assert "1 of 1 have cases that a later run will judge: --replay runs them" in said
    path = tmp_path / "solutions/learns/misconceptions/predict.toml"
    text = path.read_text()
    path.write_text(
        text.replace('fails = ["next_symbols", "trains_anew"]', 'fails = ["next_symbols"]').replace(
            'fails = ["loss_of_five", "loss_of_many"]', 'fails = ["loss_of_five", "loss_of_many", "trains_anew"]'
        )
    )
    said = " ".join(run("verify", "learns", "--only", "predict", "--root", tmp_path, status=1).output.split())
    assert "misconception `does_not_train`: fails `trains_anew` too" in said
    assert "misconception `sums_the_loss`: passes `trains_anew`, which it should fail" in said


def test_a_release_is_the_same_twice_and_holds_no_solution(course: Path, tmp_path: Path) -> None:
    run("release", "tiny", "-o", tmp_path, "--root", course)
    for name in ("handout.zip", "autograder.zip"):
        assert (tmp_path / "tiny" / name).read_bytes() == (course / "dist/tiny" / name).read_bytes()
        with zipfile.ZipFile(tmp_path / "tiny" / name) as archive:
            texts = [archive.read(n) for n in archive.namelist()]
        assert not any(b"return float(np.mean((prediction - target) ** 2))" in t for t in texts)


def test_a_changed_assignment_is_not_released_with_the_old_certificate(course: Path, tmp_path: Path) -> None:
    cases = course / "solutions/tiny/cases/squared_error.py"
    text = cases.read_text()
    cases.write_text(text.replace("(1000,)", "(999,)"))
    try:
        result = run("release", "tiny", "-o", tmp_path, "--root", course, status=2)
        assert "has changed since its certificate was written" in result.output
        assert not list(tmp_path.iterdir())
    finally:
        cases.write_text(text)


def test_a_stale_stub_is_found_and_written_anew(course: Path) -> None:
    stub = course / "assignments/tiny/tiny.py"
    text = stub.read_text()
    stub.write_text(text + "\n# edited by hand\n")
    assert "tiny: stale" in run("stub", "--check", "--root", course, status=1).output
    run("stub", "--root", course)
    assert stub.read_text() == text


def test_check_is_a_students_view(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "tiny.py"
    mine.write_text(WRONG)
    output = run("check", mine, "--root", course, status=1).output
    assert "called:   mean_squared_error(" in output
    assert "divide by the number of examples" in " ".join(output.split())
    assert "many_numbers" not in output
    mine.write_text((course / "solutions/tiny/tiny.py").read_text())
    assert "✓ passed" in run("check", mine, "--root", course).output


def test_grading_by_name_and_by_zip_gives_the_same_grades(course: Path, tmp_path: Path) -> None:
    run("grade", "tiny", course / "submissions", "-o", tmp_path / "name", "--root", course)
    run("grade", course / "dist/tiny/autograder.zip", course / "submissions", "-o", tmp_path / "zip", "-j", 1)
    by_name, by_zip = ((tmp_path / k / "final_grades.csv").read_text() for k in ("name", "zip"))
    assert by_name == by_zip
    rows = {line.split(",")[0]: line.split(",") for line in by_name.splitlines()}
    assert [float(rows[n][1]) for n in ("right.py", "stub.py", "wrong.py")] == [10, 0, 0]
    again = run("grade", "tiny", course / "submissions", "-o", tmp_path / "name", "--resume", "--root", course)
    assert "right" in again.output


def test_rejudging_applies_a_mended_check_without_running_anybody(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("grade", "tiny", course / "submissions", "-o", out, "--root", course)
    cases = course / "solutions/tiny/cases/squared_error.py"
    text = cases.read_text()
    cases.write_text(text.replace("check=close()", "check=close(tolerance=1e9)"))
    try:
        for path in (course / "submissions").iterdir():
            assert path.exists()
        table = json.loads(run("rejudge", out, "--root", course, "--json").output)
        moved = {c["submission"]: (c["before"], c["after"]) for c in table["changes"]}
        assert moved == {"wrong": ("0", "10")}
    finally:
        cases.write_text(text)
    lowered = json.loads(run("rejudge", out, "--root", course, "--json", status=1).output)
    assert [c["kept"] for c in lowered["changes"]] == [["squared_error"]]
    allowed = json.loads(run("rejudge", out, "--root", course, "--json", "--allow-lower").output)
    assert [(c["before"], c["after"]) for c in allowed["changes"]] == [("10", "0")]


def test_report_is_written_anew(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("grade", "tiny", course / "submissions", "-o", out, "--root", course)
    index = out / "report/index.html"
    index.unlink()
    assert json.loads(run("report", out, "--json").output)["grades"] == 3
    assert index.exists()
    assert {p.stem for p in (out / "gradescope").iterdir()} == {"right", "stub", "wrong"}


def test_only_the_command_that_is_called_is_imported():
    script = (
        "import sys\nfrom autograder.cli.main import main\n"
        "main(['doctor', '--help'], standalone_mode=False)\n"
        "print([m for m in ('sqlalchemy', 'jupytext', 'autograder.verify') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
