"""The toy course with its bundle and its trained weights, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from tests.milestone_course import write_course


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    pytest.importorskip("torch")
    with Sandbox.start("standard") as running:
        yield running


@pytest.fixture(scope="session")
def toy(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> AssignmentSource:
    return write_course(tmp_path_factory.mktemp("toy") / "course", sandbox)


@pytest.fixture(scope="session")
def bundle(sandbox: Sandbox, toy: AssignmentSource) -> Bundle:
    return build_bundle(sandbox, toy)
