"""Wrong use of the commands: a message with place and fix, exit status 2, never a traceback, nothing half-written."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli.main import main
from tests.small_course import CASES, REFERENCE, SPEC, write_course


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


def test_a_missing_submission(course: Path, tmp_path: Path) -> None:
    result = run("grade", "small", tmp_path / "none.py", "-o", tmp_path / "out", "--root", course)
    refused(result, "there is no such file or folder", "none.py", "fix:")
    assert not (tmp_path / "out").exists()
    refused(run("check", tmp_path / "small.py", "--root", course), "small.py")


def test_an_empty_folder_where_work_is_asked_for(course: Path, tmp_path: Path) -> None:
    (tmp_path / "small.py").mkdir()
    refused(run("check", tmp_path / "small.py", "--root", course), "small.py", "nothing was handed in")


def test_a_folder_with_nothing_to_grade(course: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("grade", "small", tmp_path / "empty", "-o", tmp_path / "out", "--root", course)
    refused(result, "there is nothing to grade", "*.py or *.ipynb or *.zip")


def test_an_unknown_assignment(course: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    result = run("grade", "large", tmp_path / "a.py", "-o", tmp_path / "out", "--root", course)
    refused(result, "there is no assignment `large`", "assignments: small")
    refused(run("verify", "large", "--root", course), "there is no assignment `large`")
    refused(run("check", tmp_path / "a.py", "--root", course), "no assignment asks for a file of this name")
    missing = run("check", tmp_path / "nofile.py", "--root", course)
    refused(missing, "nofile.py: there is no such file or folder")
    assert "no assignment asks" not in missing.output


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SPEC.replace('title = "Small"\n', ""), ["assignment.toml: title", "missing key"]),
        (
            SPEC.replace('title = "Small"', 'title = "Small"\nshade = 1'),
            ["assignment.toml, line 4: shade", "unknown key"],
        ),
        (
            SPEC.replace('title = "Small"', "title = 1"),
            ["assignment.toml, line 3: title", "wrong value", "found:", "int 1"],
        ),
        (SPEC + "[[questions", ["assignment.toml: is not TOML"]),
    ],
)
def test_a_malformed_spec(tmp_path: Path, spec: str, words: list[str]) -> None:
    course = write_course(tmp_path, spec=spec)
    refused(run("stub", "--root", course), *words)


def test_cases_that_raise(tmp_path: Path) -> None:
    course = write_course(tmp_path, cases=CASES + "\nraise KeyError('oops')\n")
    refused(run("verify", "small", "--root", course), "cases.py", "raises KeyError", "'oops'")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("small.ipynb", b'{"cells": [', ["small.ipynb", "notebook"]),
        ("small.ipynb", b"[]", ["small.ipynb", "notebook"]),
        ("small.py", b"\xff\xfeq", ["small.py", "UTF-8"]),
        ("small.pdf", b"%PDF-1.7", ["small.pdf", "a PDF", "hand in the notebook or the .py"]),
        ("small.rar", b"Rar!", ["small.rar", "RAR", "make a .zip"]),
        ("small.zip", b"", ["small.zip", "cannot be read"]),
        ("small.zip", b"PK\x05\x06" + b"\0" * 18, ["small.zip", "empty"]),
        ("small.txt", b"hello", ["small.txt", ".py"]),
    ],
)
def test_submissions_that_cannot_be_read(
    course: Path, tmp_path: Path, name: str, data: bytes, words: list[str]
) -> None:
    (tmp_path / name).write_bytes(data)
    refused(run("check", tmp_path / name, "-a", "small", "--root", course), *words)


def test_an_autograder_zip_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(REFERENCE)
    (tmp_path / "text.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name in ("text.zip", "other.zip", "missing.zip"):
        result = run("grade", tmp_path / name, tmp_path / "a.py", "-o", tmp_path / "out")
        refused(result, name)
        assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_written(course: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(REFERENCE)
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/autograder")):
        result = run("grade", "small", tmp_path / "a.py", "-o", out, "--root", course)
        refused(result, "the output folder cannot be written", str(out), "choose another with -o")


def test_resuming_nothing_and_grading_without_a_sandbox(course: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(REFERENCE)
    arguments = ("grade", "small", tmp_path / "a.py", "-o", tmp_path / "out", "--root", course)
    refused(run(*arguments, "--resume"), "there is nothing to resume")
    refused(run(*arguments, "--sandbox", "off"), "are not run without confinement")
    refused(run(*arguments, "--sandbox", "maximal"), "maximal")
    refused(run("report", tmp_path), "there are no grades")


def test_a_release_without_a_certificate(course: Path, tmp_path: Path) -> None:
    result = run("release", "small", "-o", tmp_path / "dist", "--root", course)
    refused(result, "has no certificate", "autograder verify small --write")
    assert not (tmp_path / "dist").exists()


def test_scaffolds_need_a_new_name_that_is_one(course: Path) -> None:
    refused(run("new", "small", "--root", course), "there is an assignment `small` already")
    refused(run("new", "Not-A-Name", "--root", course), "lower-case letters")


def test_outside_a_course(tmp_path: Path) -> None:
    refused(run("verify", "--root", tmp_path), "this is not a course folder", "--root")


def test_a_demo_leaves_a_strange_folder_alone(course: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("important")
    result = run("demo", "-o", tmp_path / "mine", "--assignment", "small", "--root", course)
    refused(result, "this folder holds something else")
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "important"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--full"], ["--full is about mutants", "--mutate"]),
        (["--only", "double", "--write"], ["a certificate is of a whole assignment", "--only"]),
        (["--watch", "--write"], ["a certificate is of a whole assignment", "--watch"]),
        (["--watch", "--json"], ["watching never ends", "leave out --json"]),
        (["--only", "dbl"], ["no such question", "double, mean"]),
    ],
)
def test_options_of_verify_that_say_nothing_together(course: Path, options: list[str], words: list[str]) -> None:
    refused(run("verify", "small", *options, "--root", course), *words)


def test_grades_are_not_written_among_the_submissions(course: Path, tmp_path: Path) -> None:
    subs = tmp_path / "in"
    subs.mkdir()
    (subs / "a.py").write_text(REFERENCE)
    for out in (subs, tmp_path / "in" / ".." / "in"):
        refused(run("grade", "small", subs, "-o", out, "--root", course), "is the folder of submissions", "fix:")
    assert [p.name for p in subs.iterdir()] == ["a.py"]


@pytest.mark.parametrize("name", ["check", "tests", "selfcheck", "cases", "numpy", "torch", "json", "pytest", "lambda"])
def test_names_that_would_break_a_handout_are_refused(course: Path, name: str) -> None:
    refused(run("new", name, "--root", course), f"`{name}` cannot be an assignment's name", "choose another")
    assert not (course / "assignments" / name).exists()


@pytest.mark.parametrize("fails_at", ["assignment.toml", "cases.py", "squared_error.py", "salt"])
def test_a_scaffold_that_cannot_be_written_leaves_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    written, opened = Path.write_text, os.open

    def write_text(path: Path, *arguments: object, **options: object) -> int:
        if path.name == fails_at and "fresh" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return written(path, *arguments, **options)  # type: ignore[arg-type]

    def open_(path: object, *arguments: object, **options: object) -> int:
        if fails_at == "salt" and str(path).endswith("fresh/salt"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", write_text)
        patch.setattr(os, "open", open_)
        result = run("new", "fresh", "--root", course)
    if fails_at == "cases.py":  # the control: no file of the scaffold has this name
        assert result.exit_code == 0, result.output
        return
    refused(result, "cannot be written: Permission denied", "fresh")
    assert not (course / "assignments/fresh").exists()
    assert not (course / "solutions/fresh").exists()
    assert run("new", "fresh", "--root", course).exit_code == 0


def test_a_name_that_is_nearly_one_is_told(course: Path) -> None:
    refused(run("verify", "smal", "--root", course), "did you mean `small`?")
    refused(run("salt", "Small", "--new", "--root", course), "did you mean `small`?")
    assert "did you mean" not in run("verify", "zebra", "--root", course).output


def test_a_command_that_is_nearly_one_is_told() -> None:
    refused(run("garde"), "there is no command `garde`. Did you mean `grade`?")
    assert "Did you mean" not in run("zebra").output
    assert run("--version").exit_code == 0
