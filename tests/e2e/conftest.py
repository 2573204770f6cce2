"""The base image, the four engines' grades of all submissions (each made once), and the table at the end of the run."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.otter_bridge.zip_files import requirements
from autograder.release.bundle_zip import build_autograder
from tests.e2e import engines
from tests.e2e.engines import Graded
from tests.e2e.submissions import ENTRIES
from tests.release.course import record_here, write_course

TABLE: list[str] = []


@pytest.fixture(scope="session")
def base_image() -> str:
    """An image with our pinned requirements: $AUTOGRADER_E2E_IMAGE, or what the script $AUTOGRADER_DOCKER_UP makes.

    The script gets the requirements as arguments, brings up an engine and prints the image's tag as its last word.
    """
    named, up = os.environ.get("AUTOGRADER_E2E_IMAGE"), os.environ.get("AUTOGRADER_DOCKER_UP")
    if named:
        return named
    if not up:
        pytest.skip("set AUTOGRADER_E2E_IMAGE to an image with the pinned requirements")
    started = time.monotonic()
    done = subprocess.run(
        ["bash", up, *requirements().split()], capture_output=True, text=True, timeout=1500, check=True
    )
    TABLE.append(f"base image: {time.monotonic() - started:.0f} s")
    return done.stdout.split()[-1]


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> AssignmentSource:
    return load_source(write_course(tmp_path_factory.mktemp("course")), "tiny")


@pytest.fixture(scope="session")
def course_bundle(course: AssignmentSource) -> Bundle:
    return record_here(course)


@pytest.fixture(scope="session")
def autograder(course: AssignmentSource, course_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zip") / "autograder.zip"
    path.write_bytes(build_autograder(course, course_bundle))
    return path


@pytest.fixture(scope="session")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return engines.write(ENTRIES, tmp_path_factory.mktemp("submissions"))


@pytest.fixture(scope="session")
def gradescope_image(autograder: Path, base_image: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    started = time.monotonic()
    image = engines.gradescope_image(autograder, base_image, tmp_path_factory.mktemp("image"))
    TABLE.append(f"Gradescope image on the base image: {time.monotonic() - started:.0f} s")
    return image


@pytest.fixture(scope="session")
def cells(
    course_bundle: Bundle,
    autograder: Path,
    paths: dict[str, Path],
    base_image: str,
    gradescope_image: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Graded]:
    """Engine -> what it said about every submission."""
    scratch = tmp_path_factory.mktemp("scratch")
    found = {
        "autograder grade": engines.ours(course_bundle, paths),
        "otter run": engines.otter_run(autograder, paths, scratch / "run"),
        "otter grade": engines.otter_grade(autograder, paths, base_image, scratch / "grade"),
        "Gradescope": engines.gradescope(gradescope_image, paths, scratch / "gradescope"),
    }
    TABLE.extend(_table(found))
    return found


def _table(found: dict[str, Graded]) -> Iterator[str]:
    yield "| submission | " + " | ".join(found) + " |"
    yield "|---|" + "---|" * len(found)
    for entry in ENTRIES:
        row = [graded.points[entry.name] for graded in found.values()]
        texts = ["not graded" if p is None else f"{p[0]:g} + {p[1]:g}" for p in row]
        yield f"| {entry.name}{' (hostile)' if entry.hostile else ''} | " + " | ".join(texts) + " |"
    each = [f"{g.seconds:.0f} s, {g.seconds / len(ENTRIES):.1f} s each" for g in found.values()]
    yield "| time | " + " | ".join(each) + " |"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TABLE:
        terminalreporter.section("end to end")
        for line in TABLE:
            terminalreporter.line(line)
