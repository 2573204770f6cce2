"""Tests in an assignment's own folder are part of its exam: `make exam` runs them when the assignment changes."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and item.path.parent != HERE:
            item.add_marker(pytest.mark.exam)
