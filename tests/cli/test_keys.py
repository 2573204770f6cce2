"""secret init and salt: what is written, what is refused, what is said; and one way to choose worlds everywhere."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.cli.releasing import NO_SECRET, worlds_hang_on
from autograder.grading.cache import cached_bundle
from autograder.grading.grade import Settings, worlds_for
from autograder.grading.keys import read_salt
from autograder.grading.source import load_source
from autograder.otter_bridge.staging import load_bundle
from autograder.release.bundle_zip import build_autograder, read_autograder
from tests.cli.running import run
from tests.fakes import FakeSandbox
from tests.small_course import write_course


def test_secret_init_writes_once_and_says_what_follows(tmp_path: Path) -> None:
    write_course(tmp_path)
    said = run("secret", "init", "--root", tmp_path).output
    path = tmp_path / "course.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / ".gitignore").read_text() == "/course.secret\n"
    assert path.read_text().strip() not in said
    assert "release every assignment again" in said
    before = path.read_text()
    refused = run("secret", "init", "--root", tmp_path, status=2).output
    assert "already" in refused
    assert path.read_text() == before


def test_salt_new_replaces_and_says_what_follows(tmp_path: Path) -> None:
    write_course(tmp_path)
    private = tmp_path / "solutions/small"
    before = read_salt(private)
    assert "--new" in run("salt", "small", "--root", tmp_path, status=2).output
    assert read_salt(private) == before
    said = run("salt", "small", "--new", "--root", tmp_path).output
    assert "autograder verify small --write" in said
    assert read_salt(private) != before
    assert "there is no assignment `big`" in run("salt", "big", "--new", "--root", tmp_path, status=2).output


def test_an_assignment_without_a_salt_names_the_command_that_helps(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "solutions/small/salt").unlink()
    refused = run("verify", "small", "--root", tmp_path, status=2).output
    assert "autograder salt small --new" in refused
    run("salt", "small", "--root", tmp_path)
    load_source(tmp_path, "small")


def test_a_course_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    write_course(tmp_path)
    run("secret", "init", "--root", tmp_path)
    (tmp_path / "course.secret").chmod(0o644)
    assert "chmod 600" in run("verify", "small", "--root", tmp_path, status=2).output


def test_doctor_says_where_worlds_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    machine = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).output)["machine"]
    assert "draws them as NumPy" in machine["worlds"]
    assert machine["secret"].startswith("none: worlds hang on each assignment's salt")
    run("secret", "init")
    machine = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).output)["machine"]
    assert machine["secret"] == str(tmp_path / "course.secret")


@pytest.mark.parametrize("secret", [False, True])
def test_the_course_the_zip_and_otters_layout_choose_the_same_worlds(tmp_path: Path, secret: bool) -> None:
    root = write_course(tmp_path / "course")
    if secret:
        run("secret", "init", "--root", root)
    source = load_source(root, "small")
    bundle = cached_bundle(FakeSandbox(), source)  # type: ignore[arg-type]  # the tests' own sandbox
    data = build_autograder(source, bundle)
    assert build_autograder(source, cached_bundle(FakeSandbox(), source)) == data  # type: ignore[arg-type]
    (tmp_path / "autograder.zip").write_bytes(data)
    released = read_autograder(tmp_path / "autograder.zip")
    unpacked = tmp_path / "unpacked"
    import zipfile

    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(unpacked)
    otters = load_bundle(unpacked / "files/_autograder")
    students = [f"digest {n}" for n in range(40)]
    choices = [[worlds_for(b, student, Settings()) for student in students] for b in (bundle, released, otters)]
    assert choices[0] == choices[1] == choices[2]
    other = replace(bundle, key=b"another key")
    assert [worlds_for(other, student, Settings()) for student in students] != choices[0]
    cache = b"".join(p.read_bytes() for p in (root / ".autograder").rglob("*") if p.is_file())
    assert bundle.key.hex().encode() not in cache


def test_a_secret_that_lies_elsewhere_is_named(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    run("secret", "init", "--root", root)
    (root / "course.secret").rename(tmp_path / "kept")
    alone, keyed = load_source(root, "small"), load_source(root, "small", tmp_path / "kept")
    assert alone.keys.of("world") != keyed.keys.of("world")
    missing = run("release", "small", "-o", tmp_path / "d", "--root", root, "--secret-file", tmp_path / "x", status=2)
    assert "no such file" in missing.output


def test_a_release_says_what_worlds_hang_on(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    assert worlds_hang_on(load_source(root, "small"), None) == NO_SECRET
    run("secret", "init", "--root", root)
    said = worlds_hang_on(load_source(root, "small"), None)
    assert f"hang on {root / 'course.secret'}" in said
    assert "chooses other worlds" in said
    (root / "course.secret").rename(root / "kept")
    assert f"hang on {root / 'kept'}" in worlds_hang_on(load_source(root, "small", root / "kept"), root / "kept")
