"""Grades made by hand for the tests of reports."""

from __future__ import annotations

import pytest

from tests.report.samples import SPEC, make_grade


@pytest.fixture
def spec():
    return SPEC


@pytest.fixture
def cohort():
    return [make_grade(name, seed) for seed, name in enumerate(["ada", "bela", "chen", "dora", "emil", "fatima"])]
