"""The small course, its bundle, and its autograder.zip."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.release.bundle_zip import build_autograder
from tests.release.course import bundle as bundle
from tests.release.course import source as source


@pytest.fixture
def autograder_zip(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Path:
    path = tmp_path / "autograder.zip"
    path.write_bytes(build_autograder(source, bundle))
    return path
