"""The small course of the releases, and its handout on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from tests.home.support import unpack
from tests.release.course import bundle as bundle
from tests.release.course import source as source


@pytest.fixture
def handout(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Path:
    return unpack(source, bundle, tmp_path / "h")
