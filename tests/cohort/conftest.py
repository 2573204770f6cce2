"""A small course, its bundle and twelve submissions."""

from __future__ import annotations

import pytest

from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from tests.cohort.support import write_submissions
from tests.fakes import FakeSandbox
from tests.small_course import write_course


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path / "course")


@pytest.fixture
def source(course):
    return load_source(course, "small")


@pytest.fixture
def bundle(source):
    return build_bundle(FakeSandbox(), source)


@pytest.fixture
def folder(tmp_path):
    return write_submissions(tmp_path / "in")
