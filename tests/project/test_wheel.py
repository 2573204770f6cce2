"""The wheel: the same bytes for the same sources, complete, nothing private in it, and it works by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path

import pytest

import autograder

pytestmark = pytest.mark.venv
ROOT = Path(__file__).parents[2]
DISTRIBUTION = "autograder-dl"
MOMENT = "1767225600"  # SOURCE_DATE_EPOCH: 2026-01-01


def run(command: list[str], folder: Path, **environment: str) -> str:
    """What a command prints; nothing of this process's Python is handed on."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def linked(source: str, target: str) -> None:
    """A hard link, or a copy where the folder lies on another disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def built(folder: Path) -> Path:
    """A wheel of what git tracks, or would track, copied to `folder`."""
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "source" / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    run([*command, "-w", str(folder / "dist"), "."], folder / "source", SOURCE_DATE_EPOCH=MOMENT)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_two_builds_of_the_same_sources_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = built(tmp_path / "elsewhere")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_time_in_it_is_the_one_that_was_asked_for(wheel: Path) -> None:
    assert {info.date_time for info in zipfile.ZipFile(wheel).infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_it_holds_every_file_of_the_package(names: list[str]) -> None:
    package = ROOT / "autograder"
    ours = {str(p.relative_to(ROOT)) for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert ours - set(names) == set()
    assert any(name.endswith(".j2") for name in names)
    assert any(name.startswith("autograder/release/template/") for name in names)


def of_the_course(members: Mapping[str, bytes]) -> list[str]:
    """Members that a course's own files went into: by their place, by an assignment's name that no file of the package
    has, or by their content, whatever they are called."""
    private = {f"{p.name}.py" for p in (ROOT / "solutions").iterdir() if p.is_dir()}
    kept = [p for folder in ("solutions", "assignments") for p in (ROOT / folder).rglob("*") if p.is_file()]
    texts = {data for p in kept if "__pycache__" not in p.parts and (data := p.read_bytes().strip())}
    assert private
    assert len(texts) > len(private)
    return [
        name
        for name, data in members.items()
        if {"tests", "solutions", "assignments", "bench"} & set(Path(name).parts[:2])
        or (Path(name).name in private and not (ROOT / name).is_file())
        or data.strip() in texts
    ]


def test_nothing_but_the_package_is_in_it(wheel: Path, names: list[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"autograder", "autograder_dl"}
    archive = zipfile.ZipFile(wheel)
    assert of_the_course({name: archive.read(name) for name in names}) == []


def test_a_file_of_the_course_is_seen_under_any_name() -> None:
    reference = (ROOT / "solutions" / "training" / "training.py").read_bytes()
    ours = (ROOT / "autograder" / "cli" / "training.py").read_bytes()
    assert of_the_course({"autograder/cli/training.py": ours}) == []
    both = {"autograder/cli/training.py": reference, "autograder/x.py": reference}
    assert of_the_course(both) == list(both)
    assert of_the_course({"autograder/values/backprop.py": b"x = 1"}) == ["autograder/values/backprop.py"]
    assert of_the_course({"autograder/solutions/x.py": b""}) == ["autograder/solutions/x.py"]


def test_licence_and_notice_are_in_it_and_the_metadata_says_so(wheel: Path, names: list[str]) -> None:
    (folder,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
    archive = zipfile.ZipFile(wheel)
    for name in ("LICENSE", "NOTICE"):
        assert archive.read(f"{folder}/licenses/{name}") == (ROOT / name).read_bytes()
    metadata = message_from_bytes(archive.read(f"{folder}/METADATA"))
    assert metadata["Name"] == DISTRIBUTION
    assert metadata["Version"] == autograder.__version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]


def test_installed_in_a_fresh_venv_it_makes_a_course_and_verifies_it(wheel: Path, tmp_path: Path) -> None:
    """The libraries are those of this Python, by hard links (the sandbox looks nowhere else); only we are new."""
    venv, course = tmp_path / "venv", tmp_path / "deep" / "course"
    run([sys.executable, "-m", "venv", str(venv)], tmp_path)
    python = str(venv / "bin" / "python")
    (site,) = venv.glob("lib/python*/site-packages")
    ours = shutil.ignore_patterns("autograder*", "__editable__*", "pip", "pip-*", "setuptools*")
    libraries = Path(sysconfig.get_path("purelib"))
    shutil.copytree(libraries, site, copy_function=linked, symlinks=True, dirs_exist_ok=True, ignore=ours)
    run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], tmp_path)
    command = str(venv / "bin" / "autograder")
    where = run([python, "-c", "import autograder; print(autograder.__file__)"], tmp_path)
    assert where.startswith(str(site))
    assert autograder.__version__ in run([command, "--version"], tmp_path)
    run([command, "init", "deep/course", "--assignment", "waves", "--zone", "Europe/Berlin"], tmp_path)
    run([command, "new", "tides"], course)
    run([command, "verify", "waves", "--write"], course)
    run([command, "release", "waves", "-o", "dist"], course)
    assert {p.name for p in (course / "dist" / "waves").iterdir()} == {"handout.zip", "autograder.zip"}
    (course / "roster.csv").write_text("who,name\nada,Ada\n")
    run([command, "gradebook", "import", "--roster", "roster.csv"], course)
    assert "1 person" in run([command, "gradebook"], course)
    run([command, "gradebook", "export", "--csv", "--pages", "-o", "book"], course)
    assert (course / "book" / "students" / "ada.html").is_file()
